"""Make the pictures of the tutorials from real pages: ``.venv/bin/python docs/screenshots.py``."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ogp_analysis.cli import main as ogp_analysis

HERE = Path(__file__).parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
QUARTER = "2023Q4"
LARGEST = 150_000


class Shot(NamedTuple):
    """A picture: name, page, width, and the height from the top of the page or the title of a figure."""

    name: str
    page: str
    width: int
    height: int = 0
    figure: str = ""


SHOTS = (
    Shot("index.png", "index.html", 900, 900),
    Shot("index.en.png", "index.en.html", 900, 900),
    Shot("profile.png", "id/40_district_profile/3374090/40_district_profile_3374090.html", 900, height=760),
    Shot("map.png", "en/20_recovery/20_recovery.html", 820, figure="Active Covid-19 cases, residents"),
    Shot("ranks.png", "en/35_scorecard_tutorial/35_scorecard_tutorial.html", 820, figure="Ranks over"),
)
#: Top and height of the first figure whose title begins so, in CSS pixels.
PLACE = """(() => {
  const title = e => e.querySelector("svg title")?.textContent ?? "";
  const found = [...document.querySelectorAll("figure.ogp-map")].find(e => title(e).startsWith(%s));
  const box = found?.getBoundingClientRect();
  return box ? [box.top + scrollY, box.height] : null;
})()"""


def main() -> int:
    """Make the pages in a temporary folder and a picture of each of :data:`SHOTS`; gives the exit code."""
    sys.path.insert(0, str(ROOT))  # the browser is driven by a module of the tests, not of the package
    from tests.reports.chrome import chrome, found

    browser = found()
    if browser is None:
        print("No picture was made: there is no Chromium on this computer. Install one and try again.")
        return 0
    with tempfile.TemporaryDirectory(prefix="ogp-pictures-") as name:
        folder = Path(name)
        options = ["--quarter", QUARTER, "--district", "Genuk"]
        if ogp_analysis(["report", *options, "--out", str(folder / "reports")]):
            return 1
        PICTURES.mkdir(exist_ok=True)
        with chrome(browser, folder / "profile") as driver:
            for shot in SHOTS:
                tab = driver.tab()
                tab.open(folder / "reports" / "semarang" / QUARTER / shot.page, shot.width)
                place = tab.tells(PLACE % json.dumps(shot.figure)) if shot.figure else (0, shot.height)
                if place is None:
                    raise SystemExit(
                        f"{shot.page} has no figure {shot.figure!r}: change SHOTS in docs/screenshots.py."
                    )
                png = small(tab.picture(*place, shot.width))
                if len(png) > LARGEST:
                    raise SystemExit(f"{shot.name} would have {len(png):,} bytes, more than {LARGEST:,}.")
                (PICTURES / shot.name).write_bytes(png)
                print(f"{shot.name}: {len(png):,} bytes")
    return 0


def small(png: bytes) -> bytes:
    """The same picture with a palette of 64 colours, which pages of text and maps do not exceed to the eye."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
