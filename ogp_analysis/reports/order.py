"""Which page is made next, and by whom."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from ogp_analysis.reports.ahead import APART
from ogp_analysis.reports.parameters import Parameters


class Line:
    """Pages that wait to be made, quarter by quarter: whoever makes one of a quarter has prepared it.

    Who has finished a quarter begins one that nobody works on, and where there is none, helps where most is left.
    Within a quarter the longest pages come first, so that none is begun last while the other processors wait;
    then the profiles, which are alike. What can be made while the rest is prepared is made by one alone: the
    others wait with the longest, and leave the processors to the preparation, which all wait for.

    Parameters
    ----------
    runs : mapping of int to Parameters
    expected : mapping of int to float or None
        Seconds that each page took last; None where that is not known.
    at_once : int
        How many pages are made at a time.

    Examples
    --------
    >>> from ogp_analysis.reports.plan import plan_runs
    >>> books = ["30_membership", "40_district_profile"]
    >>> runs = plan_runs("semarang", "2023Q3", ["id"], books, ["Tugu"])
    >>> runs += plan_runs("semarang", "2023Q4", ["id"], books, ["Tugu"])
    >>> line = Line(dict(enumerate(runs)), {})
    >>> [(who, line.take(who)) for who in ("one", "other", "other", "one")]
    [('one', 0), ('other', 2), ('other', 3), ('one', 1)]
    """

    def __init__(
        self, runs: Mapping[int, Parameters], expected: Mapping[int, float | None], at_once: int = 1
    ) -> None:
        def place(at: int) -> tuple[bool, float, int]:
            profile = bool(runs[at].district)
            return profile, 0.0 if profile else -(expected.get(at) or float("inf")), at

        self._waiting: dict[str, list[int]] = {}
        for at in sorted(runs, key=place):
            self._waiting.setdefault(str(runs[at].quarter), []).append(at)
        for pages in self._waiting.values():
            apart = [at for at in pages if runs[at].notebook in APART]
            others = [at for at in pages if runs[at].notebook not in APART]
            pages[:] = [*others[: at_once - 1], *apart, *others[at_once - 1 :]]
        self._order = sorted(self._waiting, key=lambda quarter: min(self._waiting[quarter]))
        self._works_on: dict[str, str] = {}
        self._lock = threading.Lock()

    def take(self, who: str = "") -> int:
        """The next page for someone; to be called once for each page."""
        with self._lock:
            quarter = self._works_on.get(who)
            if quarter not in self._waiting:
                left = [each for each in self._order if each in self._waiting]
                untouched = [each for each in left if each not in self._works_on.values()]
                quarter = (untouched or [max(left, key=lambda each: len(self._waiting[each]))])[0]
                self._works_on[who] = quarter
            pages = self._waiting[quarter]
            at = pages.pop(0)
            if not pages:
                del self._waiting[quarter]
            return at
