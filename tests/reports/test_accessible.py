"""Every kind of page in a real browser with the network cut: axe-core finds nothing, maps answer to the keyboard.

Needs Chromium, and for the audit axe-core (``npm install axe-core`` in the repository, or ``AXE_CORE`` naming
``axe.min.js``); without them these tests are skipped, and say so.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from ogp_analysis.reports.parameters import NOTEBOOKS

from .chrome import OFFLINE, QUIET

ROOT = Path(__file__).resolve().parents[2]
PATIENT = "--virtual-time-budget=60000"
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
def axe() -> str:
    for path in (os.environ.get("AXE_CORE", ""), str(ROOT / "node_modules" / "axe-core" / "axe.min.js")):
        if path and Path(path).is_file():
            return Path(path).read_text(encoding="utf-8")
    pytest.skip("axe-core is not here: pages were not audited (npm install axe-core, or set AXE_CORE)")


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
    options = [
        *QUIET,
        PATIENT,
        OFFLINE,
        f"--user-data-dir={folder / 'user'}",
        f"--window-size={width},2000",
        "--dump-dom",
    ]
    done = subprocess.run([browser, *options, copy.as_uri()], capture_output=True, text=True, timeout=300)
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert told, done.stderr[-2000:]
    return json.loads(html.unescape(told[1]))


@pytest.mark.parametrize(("code", "width"), [("id", 1000), ("en", 1000), ("id", 500)])
def test_axe_finds_no_violation(axe, report_set, browser, code, width, tmp_path):
    chosen = {name: page for name, page in report_set.items() if name.startswith(code)}
    assert len(chosen) == len(NOTEBOOKS) + 1
    found = {}
    for at, (name, page) in enumerate(chosen.items()):
        (tmp_path / str(at)).mkdir()
        found[name] = opened(browser, page, f"{axe}\n{AUDIT}", tmp_path / str(at), width)
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_maps_answer_to_the_keyboard_and_ask_nothing_of_the_network(browser, report_set, semarang, tmp_path):
    told = opened(browser, report_set["id 20_recovery"], KEYS, tmp_path)
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
