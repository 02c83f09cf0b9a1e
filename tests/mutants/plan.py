"""Which modules are tested with mutants, in four groups, and which tests concern each."""

from __future__ import annotations

RULES = ("tests/ogp/test_rules.py", "tests/ogp/test_published.py", "tests/ogp/test_scales.py")
PLAN = ("tests/subjects/test_running_plan.py", "tests/subjects/test_subjects.py")
ACCOUNTS = ("tests/recovery/test_accounts.py",)
RELIEF = ("tests/relief/test_engine.py", "tests/relief/test_defects.py")
NUMBERS = ("tests/cleaning/test_numbers.py",)

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "rules": {
        "commitments.rules": RULES,
        "commitments.derived": RULES,
        "commitments.running": PLAN,
        "commitments.plan": PLAN,
        "membership.eligibility": ("tests/membership/test_eligibility.py",),
        "membership.duties": ("tests/membership/test_duties.py", "tests/subjects/test_subjects.py"),
        "verdict": ("tests/claims/test_verdict.py", "tests/claims/test_ledger.py"),
        "claims.conflicts": ("tests/claims/test_ledger.py", "tests/subjects/test_subjects.py"),
        "claims.ledger": ("tests/claims/test_ledger.py", "tests/subjects/test_subjects.py"),
    },
    "accounts": {
        "recovery.accounts": ACCOUNTS,
        "recovery.relief.engine": RELIEF,
        "recovery.relief.terms": (*RELIEF, "tests/recovery/test_checks.py"),
        "recovery.relief.kernel": RELIEF,
        "recovery.relief.fines": RELIEF,
        "recovery.relief.money": RELIEF,
        "stats.concentration": ("tests/stats/test_concentration.py",),
    },
    "composite": {
        "stats.composite.normalise": ("tests/composite/test_normalise.py", "tests/composite/test_published.py"),
        "stats.composite.aggregate": ("tests/composite/test_aggregate.py", "tests/composite/test_published.py"),
        "stats.composite.weigh": ("tests/composite/test_weigh.py", "tests/composite/test_published.py"),
        "stats.composite.treat": ("tests/composite/test_steps.py", "tests/composite/test_coinr.py"),
        "stats.composite.impute": ("tests/composite/test_steps.py",),
        "stats.composite.recipe": ("tests/composite/test_run.py", "tests/composite/test_arguments.py"),
    },
    "cleaning": {
        "cleaning.numbers": NUMBERS,
        "cleaning.numerals": NUMBERS,
        "cleaning.dates": ("tests/cleaning/test_dates.py",),
        "cleaning.codes": ("tests/cleaning/test_codes.py",),
        "cleaning.names": ("tests/cleaning/test_names.py",),
    },
}
MODULES = {name: tests for group in GROUPS.values() for name, tests in group.items()}
