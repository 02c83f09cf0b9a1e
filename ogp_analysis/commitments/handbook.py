"""The scales and rules as a page to read: what each says, where from, for which plans, an example."""

from __future__ import annotations

from typing import Any

from ogp_analysis.commitments.process import process_steps, requirement_sets
from ogp_analysis.commitments.rules import rules
from ogp_analysis.scales import STATES, Scale, scales

STATUS = {
    "stated": "read in the source",
    "measured": "found in OGP's published tables",
    "unconfirmed": "**unconfirmed**",
}
#: Rules that are more than a list of parts: where they are computed, and what they say in one sentence.
COMPUTED = {
    "binding_constraint": ("derived", "the first gate at which a commitment fails on its way to a star"),
    "funnel": ("derived", "how many commitments reach, pass and fail each gate"),
    "assessment_score": ("derived", "ambitious, complete, both or neither; strong results count as both"),
    "completion_change": ("derived", "how completion moved between the progress report and the end of the term"),
    "promising": (
        "derived",
        "the filter by which an action plan review picks promising commitments (**unconfirmed**)",
    ),
    "ladder": ("ladder", "the furthest that at least one commitment of a member came in a policy area"),
    "steps_score": ("process", "how many of the six steps of making a plan were taken"),
    "check_requirements": ("process", "minimum requirements met, failed and open; acting contrary to process"),
}


def handbook() -> str:
    """The page ``docs/rules.md``, made from the tables of scales and rules.

    Examples
    --------
    >>> handbook().splitlines()[0]
    '# How commitments are judged: scales and rules'
    """
    lines = [
        "# How commitments are judged: scales and rules",
        "",
        "Made by `docs/make.py` from `scales.yaml`, `commitments/rules.yaml` and `commitments/process.yaml`.",
        "Every example of a rule is run by a test. What is marked *unconfirmed* was not found in a source",
        "and is easy to change in those tables. The edition of 2024 that rules were held to is a cut of 558 rows.",
        "What each rule takes for granted and does not prove stands on its page: [all pages](methods/index.md).",
        "",
        "Labels decide, never numbers: the codes beside them shift between the editions of OGP's tables.",
        "A missing rating is one of these, kept apart, and never a low rating: "
        + "; ".join(f"`{state}` {text}" for state, text in STATES.items())
        + ".",
        "",
        "## Rules on a commitment",
        "",
        "`decide(ratings, name)` in `ogp_analysis.commitments.rules` answers yes, no or undecided for each.",
    ]
    for key, rule in rules().items():
        lines += [
            "",
            f"### `{key}`: {rule.name_en}",
            "",
            f"- says: {rule.says}",
            f"- plans submitted: {_years(rule.valid_from, rule.valid_to)}",
            f"- source: {rule.source} ({STATUS[rule.status]})",
            f"- leaves out: {rule.excludes}",
            "",
            *_examples(rule.examples),
        ]
    lines += ["", "## What follows from several ratings", "", "| function | says |", "|---|---|"]
    for name, (module, says) in COMPUTED.items():
        lines.append(f"| `ogp_analysis.commitments.{module}.{name}` | {says} |")
    lines += ["", "Each of these has its rule, source, exclusions and a running example in its docstring.", ""]
    lines += ["## Minimum requirements of the process", ""]
    for key, one in requirement_sets().items():
        lines += [
            f"### {key}",
            "",
            f"In force {one.valid_from} to {one.valid_to or 'today'}; source: {one.source}",
            "",
        ]
        lines += [f"- {item.key}: {item.en} ({STATUS[item.status]})" for item in one.items]
        lines.append("")
    steps = "; ".join(english for english, _ in process_steps().values())
    lines += [f"The six steps of the process database of 2012 to 2016: {steps}.", "", "## Scales"]
    for own in scales().values():
        lines += ["", *_scale(own)]
    return "\n".join(lines) + "\n"


def _years(first: int, last: int | None) -> str:
    return f"from {first}" if last is None else str(first) if first == last else f"{first} to {last}"


def _examples(examples: tuple[dict[str, Any], ...]) -> list[str]:
    words = {True: "yes", False: "no", None: "undecided"}
    lines = ["| ratings | answer |", "|---|---|"]
    for example in examples:
        ratings = ", ".join(f"{name} {value}" for name, value in example.items() if name != "answer")
        lines.append(f"| {ratings} | {words[example['answer']]} |")
    return lines


def _scale(own: Scale) -> list[str]:
    lines = [
        f"### `{own.key}`: {own.name_en} ({own.name_id})",
        "",
        f"{own.asks} Plans {_years(own.valid_from, own.valid_to)}; {STATUS[own.status]}: {own.source}.",
        "",
        "| label | Indonesian | order | codes | meaning |",
        "|---|---|---|---|---|",
    ]
    for label in own.labels:
        codes = "; ".join(
            f"{', '.join(code)}" if coding == "all" else f"{coding}: {', '.join(code)}"
            for coding, code in label.codes.items()
        )
        rank = "outside" if label.rank is None else str(label.rank)
        status = "" if label.status == own.status else f" ({STATUS[label.status]})"
        lines.append(f"| {label.en} | {label.id} | {rank} | {codes} | {label.means}{status} |")
    return lines
