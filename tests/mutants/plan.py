"""Which modules are tested with mutants, in four groups, and which tests concern each."""

from __future__ import annotations

RULES = ("tests/ogp/test_rules.py",)
PLAN = (
    "tests/subjects/test_own_plan.py",
    "tests/subjects/test_running_plan.py",
    "tests/subjects/test_subjects.py",
    "tests/subjects/test_reach.py",
)
CLAIMS = ("tests/claims/test_verdict.py", "tests/claims/test_ledger.py", "tests/subjects/test_subjects.py")
RELIEF = ("tests/relief/test_engine.py", "tests/relief/test_defects.py")
NUMBERS = ("tests/cleaning/test_numbers.py",)
COMPOSITE = "tests/composite"

#: Modules under ogp_analysis with the tests that concern them; the examples in their own docstrings run too.
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "rules": {
        "commitments.rules": RULES,
        "commitments.derived": RULES,
        "commitments.running": PLAN,
        "commitments.plan": PLAN,
        "membership.eligibility": ("tests/membership/test_eligibility.py",),
        "membership.duties": ("tests/membership/test_duties.py",),
        "verdict": CLAIMS,
        "claims.conflicts": CLAIMS,
        "claims.ledger": CLAIMS,
    },
    "accounts": {
        "recovery.accounts": ("tests/recovery/test_accounts.py",),
        "recovery.relief.engine": RELIEF,
        "recovery.relief.terms": RELIEF,
        "recovery.relief.kernel": RELIEF,
        "recovery.relief.fines": RELIEF,
        "recovery.relief.money": RELIEF,
        "stats.concentration": ("tests/stats/test_concentration.py",),
    },
    "composite": {
        "stats.composite.normalise": (f"{COMPOSITE}/test_normalise.py", f"{COMPOSITE}/test_published.py"),
        "stats.composite.aggregate": (f"{COMPOSITE}/test_aggregate.py", f"{COMPOSITE}/test_published.py"),
        "stats.composite.weigh": (f"{COMPOSITE}/test_weigh.py",),
        "stats.composite.treat": (f"{COMPOSITE}/test_steps.py",),
        "stats.composite.impute": (f"{COMPOSITE}/test_steps.py",),
        "stats.composite.recipe": (f"{COMPOSITE}/test_run.py", f"{COMPOSITE}/test_arguments.py"),
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
