"""Every kind of page in a real browser with the network cut: axe-core finds nothing, maps answer to the keyboard.

Needs Chromium, and for the audit axe-core (``npm install axe-core`` in the repository, or ``AXE_CORE`` naming
``axe.min.js``); without them these tests are skipped, and say so.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ogp_analysis.reports import runner
from ogp_analysis.reports.parameters import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["id", "en"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=60000",
]
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND"
# texts on the shadow that shows where a box goes on, and in closed details, are judged too
PREPARED = "<style>.wide{background:#fff!important}</style>"
AUDIT = """
document.querySelectorAll('details').forEach(each=>{each.open=true});
axe.run(document,{resultTypes:['violations']}).then(found=>tell(found.violations.map(each=>
 [each.id,each.nodes.length,each.nodes[0].html.slice(0,200)])));
"""
KEYS = """
(async()=>{
const wait=()=>new Promise(done=>setTimeout(done,100)),said=[],tip=document.querySelector('.tip');
const here=()=>document.activeElement.getAttribute('aria-label');
for(const svg of [...document.querySelectorAll('figure.ogp-map svg')].filter(each=>each.querySelector('[tabindex]'))){
 const stops=svg.querySelectorAll('[tabindex="0"]').length,parts=svg.querySelectorAll('[tabindex]').length;
 const heard=[];
 svg.querySelector('[tabindex="0"]').focus();await wait();heard.push(here());
 for(let at=1;at<parts;at++){
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown',{key:'ArrowRight',bubbles:true}));await wait();
  heard.push(here())}
 said.push({stops,parts,heard,tip:tip.hidden?null:tip.textContent});
}
tell({said,requests:performance.getEntriesByType('resource').length,errors:window.failed});
})();
"""


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium here: pages were not opened in a browser")
    return found


@pytest.fixture(scope="module")
def axe() -> str:
    for path in (os.environ.get("AXE_CORE", ""), str(ROOT / "node_modules" / "axe-core" / "axe.min.js")):
        if path and Path(path).is_file():
            return Path(path).read_text(encoding="utf-8")
    pytest.skip("axe-core is not here: pages were not audited (npm install axe-core, or set AXE_CORE)")


@pytest.fixture(scope="module")
def pages(browser, axe, tmp_path_factory):
    folder = made(tmp_path_factory.mktemp("reports"), LANGUAGES)
    found = {f"{code} {run.stem}": run for code in LANGUAGES for run in sorted((folder / code).rglob("*.html"))}
    return found | {"id index": folder / "index.html", "en index": folder / "index.en.html"}


def made(out: Path, languages: list[str], notebooks: tuple[str, ...] = ()) -> Path:
    outcomes = runner.run_reports(
        runner.plan_runs("semarang", "2023Q4", languages, notebooks, districts=["Tugu"]), out
    )
    assert [outcome.problem for outcome in outcomes if outcome.page is None] == []
    return out / "semarang" / "2023Q4"


def opened(browser: str, page: Path, script: str, folder: Path, width: int = 1000):
    """What a script tells of a page after it was opened without a network."""
    tell = (
        "window.failed=[];addEventListener('error',each=>failed.push(each.message));"
        "const tell=found=>{const told=document.createElement('pre');told.id='told';"
        "told.textContent=JSON.stringify(found);document.body.append(told)};"
    )
    text = page.read_text(encoding="utf-8").replace("</head>", f"{PREPARED}<script>{tell}</script></head>")
    copy = folder / "page.html"
    copy.write_text(text.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    options = [*QUIET, OFFLINE, f"--user-data-dir={folder / 'user'}", f"--window-size={width},2000", "--dump-dom"]
    done = subprocess.run([browser, *options, copy.as_uri()], capture_output=True, text=True, timeout=300)
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert told, done.stderr[-2000:]
    return json.loads(html.unescape(told[1]))


@pytest.mark.parametrize(("code", "width"), [("id", 1000), ("en", 1000), ("id", 500)])
def test_axe_finds_no_violation(pages, browser, axe, code, width, tmp_path):
    chosen = {name: page for name, page in pages.items() if name.startswith(code)}
    assert len(chosen) == len(NOTEBOOKS) + 1
    found = {}
    for at, (name, page) in enumerate(chosen.items()):
        (tmp_path / str(at)).mkdir()
        found[name] = opened(browser, page, f"{axe}\n{AUDIT}", tmp_path / str(at), width)
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_maps_answer_to_the_keyboard_and_ask_nothing_of_the_network(browser, semarang, tmp_path):
    (page,) = made(tmp_path / "reports", ["id"], ("20_recovery",)).rglob("20_recovery.html")
    told = opened(browser, page, KEYS, tmp_path)
    assert told["requests"] == 0
    assert told["errors"] == []
    assert told["said"]
    names = set(semarang.districts["name"])
    for svg in told["said"]:
        assert svg["stops"] == 1  # the Tab key passes a map in one step
        assert svg["parts"] % len(names) == 0
        assert {text.split(":")[0] for text in svg["heard"]} == names
        assert all(len(text.split(":", 1)[1].strip()) > 0 for text in svg["heard"])
        assert svg["tip"] == svg["heard"][-1]
