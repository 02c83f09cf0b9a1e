"""Every kind of page as a reader opens it: in a real browser without a network, on a phone, a tablet and a desk.

Needs Chromium (no driver, no package: :mod:`tests.reports.chrome` speaks to it); skipped, saying so, without it.
Two cities, both languages.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .chrome import chrome

WIDTHS = (390, 820, 1440)
SETS = ("report_set", "other_city", "two_quarters")
LAID_OUT = """
(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const scrolls = each => ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(each).overflowX);
  const boxed = each => { for (let up = each.parentElement; up && up !== document.body; up = up.parentElement)
    if (scrolls(up)) return true; return false; };
  const told = each => each.tagName + '.' + (each.getAttribute('class') || '') + ' ' +
    each.textContent.trim().slice(0, 60);
  const outer = all('details').map(each => each.open);
  all('details').forEach(each => { each.open = true; });
  const wide = document.documentElement.clientWidth;
  const out = {
    scroll: document.documentElement.scrollWidth - wide,
    out: all('body *').filter(each => !each.closest('svg') && !boxed(each) && each.getClientRects().length &&
      (each.getBoundingClientRect().right > wide + 1 || each.getBoundingClientRect().left < -1)).map(told),
    small: all('figure svg, figure img').filter(each => { const box = each.getBoundingClientRect();
      return box.width < 100 || box.height < 40 || !each.checkVisibility(); }).map(told),
    figures: all('figure').length,
    pictured: all('figure').filter(each => each.querySelector('svg, img')).length,
    clipped: all('h1, h2, h3, p, li, summary, .tip').filter(each => each.scrollWidth > each.clientWidth + 1 &&
      getComputedStyle(each).display !== 'inline' && each.clientWidth > 0).map(told),
  };
  all('details').forEach((each, at) => { each.open = outer[at]; });
  return out;
})()
"""
CONTENTS = """
(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const words = each => each.textContent.trim();
  const missing = each => !document.getElementById(decodeURIComponent(each.getAttribute('href').slice(1)));
  return {
    listed: all('main nav ol a').map(words), headings: all('main h2').map(words),
    dead: all('a[href^="#"]').filter(missing).map(each => each.getAttribute('href')),
    files: all('a[href]').filter(each => each.protocol === 'file:').map(each => decodeURIComponent(each.pathname)),
    titles: all('h1').length, words: document.body.innerText.trim().length,
    closed: document.documentElement.outerHTML.includes('</main>'),
    empty: all('nav').filter(each => !each.querySelector('a')).length,
  };
})()
"""
OPENS = """
(async () => {
  const stuck = [];
  for (const each of document.querySelectorAll('details')) {
    const line = each.querySelector('summary'), before = each.open;
    line.click(); await new Promise(done => requestAnimationFrame(done));
    const inside = [...each.children].filter(part => part !== line);
    if (each.open === before) stuck.push(line.textContent);
    each.open = true;
    if (!inside.some(part => part.getBoundingClientRect().height > 0)) stuck.push(line.textContent);
  }
  return stuck;
})()
"""
KEYED = """
(async () => {
  const silent = [], wait = () => new Promise(done => setTimeout(done, 20));
  const maps = [...document.querySelectorAll('figure.ogp-map svg')].filter(each => each.querySelector('[tabindex]'));
  for (const map of maps) {
    const said = new Set();
    map.querySelector('[tabindex="0"]').focus(); await wait();
    said.add(document.activeElement.getAttribute('aria-label'));
    for (let at = 0; at < 2; at++) {
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      await wait();
      said.add(document.activeElement.getAttribute('aria-label'));
    }
    const tip = document.querySelector('.tip');
    if (said.size < 3 || [...said].some(each => !each) || tip.hidden || !tip.textContent.trim())
      silent.push([...said].join(' | '));
  }
  return { maps: maps.length, silent };
})()
"""


@pytest.fixture(scope="module")
def tab(browser, tmp_path_factory):
    if os.name != "posix":
        pytest.skip("pipes to the browser need POSIX: pages were not opened at several widths")
    with chrome(browser, tmp_path_factory.mktemp("profile")) as started:
        yield started.tab()


@pytest.fixture(params=SETS)
def pages(request) -> dict[str, Path]:
    return request.getfixturevalue(request.param)


def found(pages: dict[str, Path], tell) -> dict[str, object]:
    """What is wrong by page; nothing for a page that is as it should be."""
    told = {name: tell(page) for name, page in pages.items()}
    return {name: wrong for name, wrong in told.items() if wrong}


def test_a_page_is_whole_and_its_links_lead_somewhere(tab, pages):
    def tell(page: Path) -> list[str]:
        tab.open(page, 1000)
        about = tab.tells(CONTENTS)
        wrong = [f"{name} is nowhere on the page" for name in about["dead"]]
        wrong += sorted({f"{name} is not there" for name in about["files"] if not Path(name).is_file()})
        if about["titles"] != 1 or about["words"] < 500 or not about["closed"] or about["empty"]:
            wrong.append("not whole")
        if not page.stem.startswith("index") and about["listed"] != about["headings"]:
            wrong.append(f"contents {about['listed']}, headings {about['headings']}")
        return wrong

    assert found(pages, tell) == {}


def test_a_page_asks_for_itself_alone_and_complains_of_nothing(tab, pages):
    def tell(page: Path) -> list[str]:
        tab.open(page, 1000)
        tab.tells("new Promise(done => setTimeout(() => done(null), 50))")
        own = page.resolve().as_uri()
        return tab.complaints + [each for each in tab.requests if each != own and not each.startswith("data:")]

    assert found(pages, tell) == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window_and_every_figure_is_seen(tab, pages, width):
    def tell(page: Path) -> dict[str, object]:
        tab.open(page, width)
        about = tab.tells(LAID_OUT)
        assert about["figures"] == about["pictured"]
        return {name: about[name] for name in ("scroll", "out", "small", "clipped") if about[name]}

    assert found(pages, tell) == {}


def test_what_is_folded_opens(tab, pages):
    def tell(page: Path) -> list[str]:
        tab.open(page, 820)
        return tab.tells(OPENS)

    assert found(pages, tell) == {}


def test_every_map_answers_the_arrow_keys(tab, pages):
    maps = {}

    def tell(page: Path) -> list[str]:
        tab.open(page, 390)
        about = tab.tells(KEYED)
        maps[page.stem] = about["maps"]
        return about["silent"]

    assert found(pages, tell) == {}
    assert any(maps.values()) or not any("semarang" in str(page) for page in pages.values())


def test_the_checks_see_what_is_wrong(tab, tmp_path):
    """A page with every fault that is looked for: none of the checks above passes by looking away."""
    page = tmp_path / "bad.html"
    page.write_text(
        '<!doctype html><html lang="en"><body><main><nav><ol><li><a href="#gone">x</a></li></ol></nav><h1>A</h1>'
        '<div style="width:2000px">wide</div><figure><svg width="10" height="10"></svg></figure>'
        '<p style="width:50px;white-space:nowrap">a very long line that does not fit</p>'
        "<details><summary>empty</summary></details>"
        '<figure class="ogp-map"><svg width="200" height="200"><g tabindex="0"></g></svg></figure>'
        '<div class="tip" hidden></div><img src="http://example.org/a.png"><script>console.error("no")</script>'
        "</main></body></html>",
        encoding="utf-8",
    )
    tab.open(page, 390)
    about, contents = tab.tells(LAID_OUT), tab.tells(CONTENTS)
    assert about["scroll"] > 0
    assert about["out"]
    assert about["small"]
    assert about["clipped"]
    assert contents["dead"] == ["#gone"]
    assert contents["listed"] != contents["headings"]
    assert tab.tells(OPENS) == ["empty"]
    assert tab.tells(KEYED)["silent"]
    assert "no" in tab.complaints
    assert "http://example.org/a.png" in tab.requests
