"""Make matplotlib's SVG small, self-describing and safe to put into a page beside others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from xml.etree import ElementTree

from ogp_analysis.maps.sheet import FONT, HALO_WIDTH

# Verdana has nearly the widths of DejaVu Sans, with which all texts are measured; Arial is narrower.
FONT_STACK = f"'{FONT}', Verdana, Arial, sans-serif"
NUMBER = re.compile(r"-?\d+\.\d+")
COMMAND = re.compile(r"([MLQCzZ])([^MLQCzZ]*)")
HALO = re.compile(r"halo(#[0-9a-f]{6})(.*)")


def compact_svg(
    text: str, *, title: str, alt: str, tips: Mapping[str, str], language: str, cut: float = 0.0
) -> str:
    """Rewrite an SVG of matplotlib for use inside a page.

    Coordinates are rounded to a tenth of a point (0.035 mm) and written as differences; names that nothing
    refers to are dropped and the others made unique by a prefix computed from the content; the description
    goes into ``aria-label`` and ``<desc>``; districts get ``<title>`` tooltips.

    Parameters
    ----------
    text : str
        What ``savefig(format="svg")`` wrote.
    title, alt : str
        Short title and full description.
    tips : mapping
        From the gid of a drawing to its tooltip.
    language : str
        Language code.
    cut : float
        Points to cut off at the lower edge.
    """
    root = ElementTree.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for key in [key for key in element.attrib if "}" in key]:
            element.attrib[key.rpartition("}")[2]] = element.attrib.pop(key)
    for metadata in root.findall("metadata"):
        root.remove(metadata)
    _drop_foot(root, cut)
    for element in root.iter():
        _tidy(element, tips)
    _flatten(root)
    _rename(root, hashlib.sha256((text + title + alt).encode()).hexdigest()[:8])
    x, y, width, height = (float(part) for part in root.attrib["viewBox"].split())
    root.attrib.clear()
    root.attrib.update(
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"{x:g} {y:g} {width:g} {height - cut:.5g}",
            "width": f"{width:g}pt",
            "height": f"{height - cut:.5g}pt",
            "style": "max-width:100%;height:auto",
            "role": "img",
            "lang": language,
            "aria-label": alt,
        }
    )
    described = [ElementTree.Element("title"), ElementTree.Element("desc")]
    described[0].text, described[1].text = title, alt
    for position, element in enumerate(described):
        root.insert(position, element)
    return re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode")).strip() + "\n"


def _drop_foot(root: ElementTree.Element, cut: float) -> None:
    if cut <= 0:
        return
    for parent in root.iter():
        for child in list(parent):
            if child.attrib.get("id", "").startswith("foot"):
                parent.remove(child)


def _tidy(element: ElementTree.Element, tips: Mapping[str, str]) -> None:
    """Shorten one element; turn halo and tooltip marks into what a browser understands."""
    if "d" in element.attrib:
        element.attrib["d"] = _short_path(element.attrib["d"])
    style = element.attrib.get("style", "")
    if style:
        style = re.sub(r"'DejaVu Sans'(, [^;]*)?", FONT_STACK, style)
        element.attrib["style"] = re.sub(r":\s+", ":", style.replace("; ", ";"))
    for key in ("transform", "x", "y", "width", "height", "r", "cx", "cy"):
        if key in element.attrib:
            element.attrib[key] = NUMBER.sub(lambda found: _short(found[0]), element.attrib[key])
    if "transform" in element.attrib:
        short = re.sub(r"\s*rotate\(-?0 [^)]*\)", "", element.attrib["transform"]).strip()
        if short:
            element.attrib["transform"] = short
        else:
            del element.attrib["transform"]
    name = element.attrib.get("id", "")
    halo = HALO.fullmatch(name)
    if halo:
        name = element.attrib["id"] = halo[2]
        for written in element.iter("text"):
            written.attrib["style"] += (
                f";paint-order:stroke;stroke:{halo[1]};stroke-width:{HALO_WIDTH:g}px;stroke-linejoin:round"
            )
    if name in tips:
        tip = ElementTree.Element("title")
        tip.text = tips[name]
        element.insert(0, tip)


def _short(number: str) -> str:
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _short_path(path: str) -> str:
    """Write straight outlines with relative tenths; leave curves absolute."""
    steps = [(name, [float(part) for part in numbers.split()]) for name, numbers in COMMAND.findall(path)]
    if any(name in "QC" for name, _ in steps):
        return "".join(name + " ".join(_short(f"{part:.3f}") for part in parts) for name, parts in steps)
    out: list[str] = []
    here = start = (0, 0)
    last = ""
    for name, parts in steps:
        if name in "zZ":
            out.append("z")
            here, last = start, "z"
            continue
        x, y = round(parts[0] * 10), round(parts[1] * 10)
        if name == "M":
            out.append(f"M{_tenths(x)}{_joined(_tenths(y))}")
            start, last = (x, y), "M"
        elif (x, y) != here:
            word = f"{_tenths(x - here[0])}{_joined(_tenths(y - here[1]))}"
            out.append(_joined(word) if last == "l" else "l" + word)
            last = "l"
        here = (x, y)
    return "".join(out)


def _tenths(value: int) -> str:
    sign, whole, rest = "-" if value < 0 else "", *divmod(abs(value), 10)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"


def _joined(number: str) -> str:
    return number if number.startswith("-") else f" {number}"


def _flatten(root: ElementTree.Element) -> None:
    """Take away groups that hold one element and say nothing."""
    for parent in root.iter():
        for i, child in enumerate(list(parent)):
            if child.tag == "g" and len(child) == 1 and set(child.attrib) <= {"id"}:
                only = child[0]
                if only.tag in ("path", "text") and "id" not in only.attrib:
                    if "id" in child.attrib:
                        only.attrib["id"] = child.attrib["id"]
                    parent[i] = only


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Keep only names that are referred to, each with the prefix."""
    used: set[str] = set()
    for element in root.iter():
        for key, value in element.attrib.items():
            used |= set(re.findall(r"url\(#([^)]+)\)", value))
            if key == "href":
                used.add(value.removeprefix("#"))
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id":
                if value in used:
                    element.attrib["id"] = f"{prefix}-{value}"
                else:
                    del element.attrib["id"]
            elif key == "href":
                element.attrib["href"] = f"#{prefix}-{value.removeprefix('#')}"
            else:
                element.attrib[key] = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", value)
