"""Which pages are to be made: every one of a set, checked before the first is begun."""

from __future__ import annotations

import fnmatch
import itertools
from collections.abc import Sequence

from ogp_analysis.errors import ParameterError, nearest, shortened
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.links import page_path
from ogp_analysis.reports.parameters import NOTEBOOKS, Parameters, check_parameters

RANGE = ".."
#: More quarters than these are a slip of the pen.
MOST_QUARTERS = 120


def plan_runs(
    case: str,
    quarter: str,
    languages: Sequence[str],
    notebooks: Sequence[str] = (),
    districts: Sequence[str] = (),
    table: str = "",
    member: str = "",
    roll: str = "",
    since: str = "",
    published: str = "",
) -> list[Parameters]:
    """Every run that a report set needs, checked before the first one starts.

    Parameters
    ----------
    case : str
    quarter : str
        One, or a range: ``2020Q4..2023Q4``.
    languages : sequence of str
    notebooks : sequence of str
        All of the default set when empty.
    districts : sequence of str
        Codes or names for the district profiles; all kecamatan when empty.
    table, member : str
        A downloaded commitments table and a member in it, for the explorer.
    roll : str
        A land-tax roll, for the page on relief bill by bill.
    since : str
        The earlier quarter that the pages are compared with; the one before each when empty.
    published : str
        The ``standing.json`` of an earlier report, for the page on changes.

    Raises
    ------
    ParameterError
        For the first value that is not valid.
    """
    runs = []
    wanted = itertools.product(quarters(quarter), notebooks or list(NOTEBOOKS), languages)
    for when, notebook, language in wanted:
        given = {"case": case, "quarter": str(when), "language": language}
        extra = {"table": table, "member": member, "roll": roll, "since": since, "published": published}
        given |= {name: extra[name] for name in extra if name in NOTEBOOKS.get(notebook, ())}
        if "district" not in NOTEBOOKS.get(notebook, ()):
            runs.append(check_parameters(notebook, given))
            continue
        for district in districts or _every_district(case):
            runs.append(check_parameters(notebook, {**given, "district": district}))
    if not runs:
        raise ParameterError(
            f"The case {case!r} knows no kecamatan yet, so there is no profile of one.",
            hint="Fill in districts.csv of the case, or name other notebooks.",
        )
    if table and any(run.table for run in runs):
        _check_table(table, member)
    if published and any(run.published for run in runs):
        _check_standing(published, runs)
    if roll and any(run.roll for run in runs):
        _check_roll(roll, runs[0])
    return runs


def _check_table(table: str, member: str) -> None:
    """Read a downloaded table once, before any notebook starts; say at once what is wrong with it."""
    from ogp_analysis.sources.ogp import read_commitments

    known = sorted(read_commitments(table).commitments["member"].unique())
    if member and member not in known:
        raise ParameterError(f"The table knows no member {shortened(member)!r}.", hint=nearest(member, known))


def _check_roll(roll: str, run: Parameters) -> None:
    """Look at the header of a land-tax roll before any notebook starts; say at once what is wrong with it."""
    from ogp_analysis.sources.tax_roll import city_code, open_roll

    open_roll(roll, city_code(run.case.jurisdiction))


def _check_standing(published: str, runs: Sequence[Parameters]) -> None:
    """Read the standing of an earlier report before any notebook starts."""
    from ogp_analysis.changes import check_order, standing_of

    before = standing_of(published)
    for run in runs:
        check_order(before, run.case.id, run.quarter)


def _every_district(case: str) -> list[str]:
    """The kecamatan of a case by code; none where the case does not know them: then there is no profile."""
    from ogp_analysis.case import load_case

    return [str(code) for code in load_case(case).districts["code_bps"]]


def quarters(text: str) -> list[Quarter]:
    """A quarter, or all quarters of a range.

    Raises
    ------
    ParameterError
        If one of them is no quarter, or the range runs backwards.

    Examples
    --------
    >>> [str(each) for each in quarters("2023Q3..2024Q1")]
    ['2023Q3', '2023Q4', '2024Q1']
    >>> quarters("2023Q4")
    [Quarter(year=2023, number=4)]
    """
    first, dots, last = text.partition(RANGE)
    start = Quarter.parse(first)
    end = Quarter.parse(last) if dots else start
    if end < start:
        raise ParameterError(f"The range {text} runs backwards.", hint=f"Write {end}{RANGE}{start}.")
    found = [start]
    while found[-1] < end:
        found.append(found[-1].next())
        if len(found) > MOST_QUARTERS:
            raise ParameterError(
                f"The range {text} is longer than {MOST_QUARTERS} quarters.", hint="Make it in parts."
            )
    return found


def run_name(run: Parameters) -> str:
    """Short name of a run, for people."""
    district = f" {run.district}" if run.district else ""
    return f"{run.language} {run.notebook}{district}"


def run_id(run: Parameters) -> str:
    """What a page is called in the state of its folder: the path of its own folder."""
    return page_path(run.notebook, run.language, run.district).parent.as_posix()


def chosen(runs: Sequence[Parameters], patterns: Sequence[str]) -> list[Parameters]:
    """The runs that a pattern fits: by language, notebook, code or name of a kecamatan, quarter, or path.

    Parameters
    ----------
    runs : sequence of Parameters
    patterns : sequence of str
        As a shell writes them, upper and lower case alike; all runs when there are none.

    Raises
    ------
    ParameterError
        For a pattern that fits none.

    Examples
    --------
    >>> runs = plan_runs("semarang", "2023Q4", ["id", "en"])
    >>> [run_name(run) for run in chosen(runs, ["33.74.01"])]
    ['id 40_district_profile 3374130', 'en 40_district_profile 3374130']
    >>> [run_name(run) for run in chosen(runs, ["en/*_recovery*"])]
    ['en 20_recovery', 'en 25_recovery_microdata']
    """
    if not patterns:
        return list(runs)
    words = [_words(run) for run in runs]
    for pattern in patterns:
        if not any(_fits(each, pattern) for each in words):
            known = dict.fromkeys(word for each in words for word in each)
            raise ParameterError(f"No page fits --only {shortened(pattern)!r}.", hint=nearest(pattern, known))
    return [
        run for run, each in zip(runs, words, strict=True) if any(_fits(each, pattern) for pattern in patterns)
    ]


def _words(run: Parameters) -> list[str]:
    found = [run.language, run.notebook, str(run.quarter), run_id(run), f"{run.quarter}/{run_id(run)}"]
    if run.district:
        row = run.case.districts.set_index("code_bps").loc[run.district]
        found += [run.district, *(str(row[name]) for name in ("code_kemendagri", "name"))]
    return found


def _fits(words: Sequence[str], pattern: str) -> bool:
    return any(fnmatch.fnmatchcase(word.casefold(), pattern.casefold()) for word in words)
