"""Ways to damage a file or a value, drawn from a seeded generator."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

import yaml

Draw = random.Random

#: Cells that break careless readers: emptiness, bounds of numbers and days, codes, controls, other alphabets, markup.
NASTY = (
    "", " ", "\t", "0", "-0", "-1", "00", "+5", "1e5", "1e308", "1e999", "-1e400", "nan", "NaN", "inf", "-Infinity",
    "NA", "N/A", "NULL", "None", "null", "true", "no", "-", "–", "…", "*", "?", "=1+1", "@SUM(A1)", "#REF!", "9" * 25,
    "9" * 400, "0x10", "1_000", "1.213", "1,213", "1.213,50", "1 213", "12%", "Rp5 miliar", "(12)", "1/2", "½", "²", "١٢٣",
    "１２３", "1\u0660", "৳5", "\u00a0", "\u200b", "\ufeff", "\u202e", "\u2028", "\x85", "\x1b[2J", "\x00", "\x7f", "\ud800", "\U0010ffff",
    "\u0430", "\u0422\u0443g\u0443", "\u0422ugu", "e\u0301", "é", "ß", "ı", "İ", "ﬁ", "😀", "👩\u200d🌾", "漢字", "عربي", '"', "'", '""', ",", ";", "|",
    "\n", "\r", "\r\n", "a\nb", "\\", "\\N", "2023", "2023-02-30", "2023-02-29", "0000-01-01", "0000", "0001-01-01", "9999-12-31",
    "9999", "10000-01-01", "2020-13", "2020-04/2019", "2019/2020", "2020-04-27/", "/", "//", "2023Q4", "2023Q5", "0000Q1", "31/12/2023",
    "45291", "12:30", "2023-01-01T00:00:00", "3374010", "3374010.0", "33.74.01", "337401", "03374010", "33740100", "3374999",
    "../../etc/passwd", "/dev/zero", "C:\\x", "http://[", "file:///etc/passwd", "https://example.org/?a=1&b=2", "<b>x</b>", "<script>alert(1)</script>",
    "{x}", "{0}", "{", "}", "%s", "%", "$x$", "__class__", "a" * 5_000, "[]", "{}", "[1]", "a;b", "a,b", "a|b", "|", "1;1", "semarang",
    "measured", "derived", "no_data", "illustrative", "not_applicable", "yes", "partly", "unclear", "3374010123456789", "a@b.co", "081234567890",
)  # fmt: skip
#: Values of JSON, YAML and Python that stand where something else is expected.
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**30, -(10**400), 1.5, 1e308, -0.0, float("inf"), float("nan"), [], {}, [None], [[]], [[[0, 0]]],
    {"a": 1}, {"": None}, [1, "a"], "",
)  # fmt: skip
ENCODINGS = (
    "utf-16",
    "utf-16-le",
    "utf-32",
    "latin-1",
    "cp1252",
    "cp437",
    "utf-7",
    "shift_jis",
    "utf-8-sig",
    "cp500",
)

Rows = list[list[str]]


def encoded(text: str) -> bytes:
    """Text as UTF-8, half surrogate pairs too."""
    return text.encode("utf-8", "surrogatepass")


def damage_bytes(draw: Draw, data: bytes) -> bytes:
    """Flip, overwrite, insert, delete, repeat, exchange or cut bytes at some places."""
    out = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 5, 30))):
        at = draw.randrange(len(out) + 1)
        length = draw.choice((1, 1, 2, 4, 16, 200))
        kind = draw.randrange(8)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << draw.randrange(8)
        elif kind == 1:
            out[at : at + length] = draw.randbytes(len(out[at : at + length]))
        elif kind == 2:
            out[at:at] = encoded(draw.choice(NASTY))
        elif kind == 3:
            del out[at : at + length]
        elif kind == 4:
            out[at:at] = out[at : at + length] * draw.choice((1, 2, 50))
        elif kind == 5:
            other = draw.randrange(len(out) + 1)
            out[at : at + length], out[other : other + length] = out[other : other + length], out[at : at + length]
        elif kind == 6:
            out[at : at + length] = bytes([draw.choice((0, 0x0A, 0x0D, 0x22, 0x2C, 0x3B, 0x80, 0xFF))])
        elif draw.random() < 0.2:
            del out[at:]
    return bytes(out)


def damage_lines(draw: Draw, text: str) -> str:
    """Shuffle, drop, repeat, join or cut lines, or change what parts them."""
    lines = text.split("\n")
    kind = draw.randrange(8)
    at = draw.randrange(len(lines))
    if kind == 0:
        draw.shuffle(lines)
    elif kind == 1:
        body = lines[1:]
        draw.shuffle(body)
        lines = [lines[0], *body]
    elif kind == 2:
        del lines[at : at + draw.choice((1, 1, 3, 1000))]
    elif kind == 3:
        lines[at:at] = [lines[at]] * draw.choice((1, 2, 300))
    elif kind == 4:
        lines[at : at + 2] = ["".join(lines[at : at + 2])]
    elif kind == 5:
        lines[at] = lines[at][: draw.randrange(len(lines[at]) + 1)]
    elif kind == 6:
        lines.insert(at, draw.choice(NASTY))
    else:
        return draw.choice(("\r\n", "\r", "\n\n", "\x85", "\u2028")).join(lines)
    return "\n".join(lines)


def damage_rows(draw: Draw, rows: Rows, others: Rows | None = None) -> Rows:
    """Change cells, rows and columns of a table with its header; ``others`` lends cells of another table."""
    rows = [list(row) for row in rows] or [[""]]
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        at = draw.randrange(len(rows)) if draw.random() < 0.1 or len(rows) == 1 else draw.randrange(1, len(rows))
        row = rows[at]
        if not row:
            row.append("")
        here = draw.randrange(len(row))
        kind = draw.randrange(14)
        if kind <= 3:
            row[here] = draw.choice(NASTY)
        elif kind == 4:
            row[here] = row[here] + draw.choice(NASTY) if draw.random() < 0.5 else draw.choice(NASTY) + row[here]
        elif kind == 5:  # another cell of the same column
            other = draw.choice(rows)
            row[here] = other[here] if here < len(other) else ""
        elif kind == 6:  # two cells of one row change places
            there = draw.randrange(len(row))
            row[here], row[there] = row[there], row[here]
        elif kind == 7:
            other = draw.choice(draw.choice((rows, others or rows)))
            row[here] = draw.choice(other) if other else ""
        elif kind == 8:
            del rows[at]
            rows = rows or [[""]]
        elif kind == 9:
            rows.insert(at, list(row))
        elif kind == 10:
            body = rows[1:]
            draw.shuffle(body)
            rows = [rows[0], *body]
        elif kind == 11:  # a column empty, or all of one value
            value = draw.choice(("", "", draw.choice(NASTY)))
            rows = [rows[0], *[[*each[:here], value, *each[here + 1 :]] for each in rows[1:]]]
        elif kind == 12:  # a column out, twice, or elsewhere
            order = list(range(len(rows[0])))
            way = draw.randrange(3)
            if way == 0 and here < len(order):
                del order[here]
            elif way == 1 and here < len(order):
                order.append(order[here])
            else:
                draw.shuffle(order)
            rows = [[each[n] for n in order if n < len(each)] for each in rows]
        else:  # signs of a cell exchanged
            signs = list(row[here])
            draw.shuffle(signs)
            row[here] = "".join(signs)
    return rows


def rows_of(text: str) -> Rows:
    """The rows of a CSV text."""
    return list(csv.reader(io.StringIO(text, newline="")))


def as_csv(rows: Rows, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    if quoting == csv.QUOTE_NONE:  # a writer refuses a row of one empty cell
        rows = [row if row != [""] else ["", ""] for row in rows]
    csv.writer(out, lineterminator="\n", delimiter=delimiter, quoting=quoting, escapechar="\\").writerows(rows)
    return out.getvalue()


def damage_csv(draw: Draw, data: bytes, others: Rows | None = None) -> bytes:
    """Damage a CSV file in its cells, its lines, its form or its bytes."""
    kind = draw.randrange(10)
    if kind == 0:
        return damage_bytes(draw, data)
    text = data.decode("utf-8-sig")
    if kind == 1:
        return encoded(damage_lines(draw, text))
    rows = rows_of(text)
    if kind > 2 or draw.random() < 0.5:
        rows = damage_rows(draw, rows, others)
    if kind != 2:
        return encoded(as_csv(rows))
    marks = draw.choice((",", ";", "\t", "|")), draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE))
    return encoded(as_csv(rows, *marks)).decode("utf-8", "replace").encode(draw.choice(ENCODINGS), "replace")


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Every place in a tree of lists and mappings: what holds it and where."""
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            found.append((one, key))
            waiting.append(one[key])
    return found


def damage_tree(draw: Draw, tree: Any) -> Any:
    """Replace, drop, exchange or wrap nodes of lists and mappings, in place."""
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        places = _places(tree)
        if not places:
            return draw.choice(ODD)
        holder, key = draw.choice(places)
        kind = draw.randrange(8)
        if kind <= 1:
            holder[key] = draw.choice(NASTY)
        elif kind <= 3:
            holder[key] = json.loads(json.dumps(draw.choice(ODD)))
        elif kind == 4:
            del holder[key]
        elif kind == 5:
            other, there = draw.choice(places)
            holder[key] = json.loads(json.dumps(other[there], default=str))
        elif kind == 6:
            holder[key] = [holder[key]] if draw.random() < 0.5 else {draw.choice(NASTY): holder[key]}
        elif isinstance(holder, dict):
            holder[draw.choice(NASTY)] = holder.pop(key)
        else:
            holder.insert(key, json.loads(json.dumps(holder[key], default=str)))
    return tree


def damage_json(draw: Draw, text: str) -> bytes:
    """Damage JSON as a tree, now and then as text."""
    if draw.random() < 0.25:
        return damage_bytes(draw, encoded(text))
    tree = damage_tree(draw, json.loads(text))
    return encoded(json.dumps(tree, ensure_ascii=draw.random() < 0.5))


def damage_yaml(draw: Draw, text: str) -> bytes:
    """Damage YAML as a tree, as lines or as bytes."""
    kind = draw.randrange(4)
    if kind == 0:
        return damage_bytes(draw, encoded(text))
    if kind == 1:
        return encoded(damage_lines(draw, text))
    tree = damage_tree(draw, yaml.load(text, Loader=yaml.BaseLoader))
    try:
        return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass")
    except yaml.YAMLError:
        return damage_bytes(draw, encoded(text))


def damage_zip(draw: Draw, data: bytes, change: Callable[[Draw, bytes], bytes] = damage_bytes) -> bytes:
    """Damage one part of an archive, drop it, or give it another name; now and then the archive itself."""
    if draw.random() < 0.2:
        return damage_bytes(draw, data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(sorted(parts))
    kind = draw.randrange(10)
    if kind == 0:
        del parts[name]
    elif kind == 1:
        parts[draw.choice(("../x", "/x", "xl/vbaProject.bin", name.upper(), name + "x"))] = parts.pop(name)
    elif kind == 2:
        parts[name] = parts[draw.choice(sorted(parts))]
    else:
        parts[name] = change(draw, parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return out.getvalue()


def damage_xml(draw: Draw, data: bytes) -> bytes:
    """Damage the texts and attributes of an XML part, keeping it XML most of the time."""
    import re
    from xml.sax.saxutils import escape

    text = data.decode("utf-8", "replace")
    found = list(re.finditer(r'>([^<>]+)<|="([^"]*)"', text))
    if not found or draw.random() < 0.1:
        return damage_bytes(draw, data)
    for match in sorted(draw.sample(found, min(len(found), draw.choice((1, 1, 2, 6)))), key=lambda m: -m.start()):
        group = 1 if match[1] is not None else 2
        other = draw.choice(found)
        new = draw.choice((escape(draw.choice(NASTY), {'"': "&quot;"}), other[1] or other[2] or ""))
        text = text[: match.start(group)] + new + text[match.end(group) :]
    return encoded(text)


def nasty_text(draw: Draw, seeds: tuple[str, ...] = ()) -> str:
    """A text: one of those that break readers, one of ``seeds`` a little changed, or random signs."""
    kind = draw.randrange(4)
    if kind == 0:
        return draw.choice(NASTY)
    if kind == 1:
        signs = "0123456789.,-/ ()%RpQqIVabcei\u00a0\u2013½²١\u0430é\u200b\n"
        return "".join(draw.choice(signs) for _ in range(draw.randrange(14)))
    text = list(draw.choice(seeds or NASTY))
    for _ in range(draw.randrange(4)):
        at = draw.randrange(len(text) + 1)
        if draw.random() < 0.5:
            text.insert(at, draw.choice(NASTY))
        else:
            del text[at : at + 1]
    return "".join(text)


def odd_value(draw: Draw, seeds: tuple[str, ...] = ()) -> Any:
    """A text, now and then a value of another kind."""
    return draw.choice(ODD) if draw.random() < 0.15 else nasty_text(draw, seeds)
