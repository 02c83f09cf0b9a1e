"""What the pages of methods take from tables: rules on commitments, indicators of the case, and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.commitments.handbook import STATUS
from ogp_analysis.commitments.rules import needs, rule
from ogp_analysis.membership.duty_rules import duty_rules
from ogp_analysis.membership.eligibility_rules import eligibility_rules
from ogp_analysis.sources.ogp.tidy import RATINGS

#: An address that stands bare in a text.
ADDRESS = re.compile(r"(?<!\()(https?://[^\s;,)]+)")
ANSWERS = {True: "[True]", False: "[False]", None: "[<NA>]"}
#: What stands for a source where there is none to name.
WORDS = {
    "own": "This project's own rule or count; no source is claimed for it.",
    "common": "A comparison in common use; no source is cited for it here.",
}
BETTER = {
    "higher_is_better": "more is better",
    "higher_is_worse": "less is better",
    "neutral": "neither is better",
}


def rule_lines(key: str) -> Iterator[str]:
    """A rule on commitments, as its table has it."""
    own = rule(key)
    years = f"from {own.valid_from}" if own.valid_to is None else f"{own.valid_from} to {own.valid_to}"
    years = str(own.valid_from) if own.valid_from == own.valid_to else years
    yield from (f"### `{key}`: {own.name_en}", "")
    yield f"- Rule: {own.says}."
    yield f"- It reads: {', '.join(f'`{column}`' for column in needs(key))}."
    yield f"- For plans submitted {years}."
    yield f"- Left out: {own.excludes}."
    yield ""


def rule_example(keys: Sequence[str]) -> str:
    """The worked examples of some rules as a doctest: each rating as its scale knows it, then decided."""
    columns = dict.fromkeys(column for key in keys for column in needs(key))
    lines = [
        ">>> import pandas as pd",
        ">>> from ogp_analysis.commitments.rules import decide",
        ">>> from ogp_analysis.scales import scale",
        ">>> scales = {",
        *(f'...     "{column}": "{RATINGS[column][2]}",' for column in columns),
        "... }",
        ">>> def answer(rule, **labels):",
        '...     cells = {name: [labels.get(name, "not_asked")] for name in scales}',
        "...     rated = {name: pd.Categorical(cells[name], dtype=scale(scales[name]).dtype) for name in scales}",
        "...     return decide(pd.DataFrame(rated), rule).tolist()",
    ]
    for key in keys:
        for one in rule(key).examples:
            given = ", ".join(f'{name}="{label}"' for name, label in one.items() if name != "answer")
            lines += [f'>>> answer("{key}", {given})', ANSWERS[one["answer"]]]
    return "\n".join(lines)


def indicator_lines(case: Case, topic: str) -> Iterator[str]:
    """The indicators of a topic in the built-in case: unit, what each is divided by, periods, sources."""
    frame = case.table("indicators")
    names = frame.set_index("indicator")["name_en"]
    series = case.table("district_series")
    for _, row in frame[frame["topic"] == topic].iterrows():
        own = series[series["indicator"] == row["indicator"]]
        said = [str(row["unit_en"])]
        if pd.notna(row["denominator"]):
            said.append(f"divided by *{names[row['denominator']]}*, per {float(row['per']):,.0f}")
        said.append(BETTER[row["direction"]])
        periods = sorted(own["period"].unique())
        said.append(" to ".join(dict.fromkeys((periods[0], periods[-1]))) if periods else "no period")
        said += [f"`{each}`" for each in sorted(own["source_id"].dropna().unique())]
        yield f"- **{row['name_en']}** (`{row['indicator']}`): {'; '.join(said)}"
    yield ""


def _of_topic(case: Case, topic: str) -> list[str]:
    frame, series = case.table("indicators"), case.table("district_series")
    own = frame.loc[frame["topic"] == topic, "indicator"]
    return sorted(series.loc[series["indicator"].isin(own), "source_id"].dropna().unique())


def source_words(entry: Mapping[str, Any], case: Case) -> list[str]:
    """The sources of a page: those of its rules, as the tables have them, and those that its entry names."""
    out = []
    for key in entry.get("rules", ()):
        out.append(f"`{key}`: {rule(key).source} ({STATUS[rule(key).status]})")
    for name, rules in (("eligibility", eligibility_rules()), ("duties", duty_rules())):
        for key in entry.get(name, ()):
            out += [f"`{one['id']}`: {one['source']} ({STATUS[one['status']]})" for one in rules[key]]
    known = case.table("sources").set_index("source_id")
    listed = list(entry.get("sources", ()))
    if "topic" in entry:
        listed += _of_topic(case, entry["topic"])
    for each in listed:
        if each in known.index:
            row = known.loc[each]
            title = "" if pd.isna(row["title"]) else f", *{row['title']}*"
            words = f"{row['publisher']}{title}"
            out.append(f"`{each}`: {words}" if pd.isna(row["url"]) else f"`{each}`: [{words}]({row['url']})")
        else:
            out.append(WORDS.get(each, each))
    return [ADDRESS.sub(r"<\1>", each) for each in out]
