"""Text of fixed width, as SIMPBB prints it: rows between rules, page headings and sub-totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LEAST_DIGITS = 6  # in the slots of the object number; a heading, rule or sub-total has fewer


def read_fixed(
    data: bytes, first_line: int, slots: Mapping[str, tuple[int, int]], keys: Sequence[str]
) -> tuple[list[int], dict[str, list[str]], int]:
    r"""Cut lines at fixed places; names and streets are never cut out.

    A line is a row if the slots of its object number hold at least six digits: a damaged number is still a row,
    to be excluded with its reason; rules, headings and sub-totals are not.

    Returns
    -------
    (list of int, dict of list of str, int)
        Line numbers of the rows, their cells, and how many lines were no rows.

    Examples
    --------
    >>> text = b"NOP                 POKOK\n=====================\n337401000100200030 75.000\n"
    >>> read_fixed(text, 1, {"NOP": (0, 18), "POKOK": (18, 25)}, ["NOP"])
    ([3], {'NOP': ['337401000100200030'], 'POKOK': ['75.000']}, 2)
    """
    rows: list[int] = []
    cells: dict[str, list[str]] = {name: [] for name in slots}
    layout = 0
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    for number, raw in enumerate(lines, start=first_line):
        text = _decoded(raw)
        digits = sum(c.isdigit() for key in keys for c in text[slice(*slots[key])])
        if digits < LEAST_DIGITS:
            layout += 1
            continue
        rows.append(number)
        for name, (start, end) in slots.items():
            cells[name].append(text[start:end].strip())
    return rows, cells, layout


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
