"""From an executed notebook to one self-contained HTML page."""

from __future__ import annotations

import html
import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from ogp_analysis import __version__
from ogp_analysis.build import METHOD_VERSION
from ogp_analysis.locale import Language
from ogp_analysis.reports import pointing as pointer
from ogp_analysis.reports.blocks import HIDDEN_TAGS, MIME
from ogp_analysis.reports.html import as_of_text
from ogp_analysis.reports.links import START, STOP
from ogp_analysis.reports.parameters import Parameters

if TYPE_CHECKING:
    from nbformat import NotebookNode

STYLE = """
:root{color-scheme:light}
body{margin:0;background:#fff;color:#1a1a1a;
 font:16px/1.5 system-ui,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif}
main,footer{max-width:70rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.7rem;line-height:1.25;margin:1.2rem 0 .2rem}
h3{font-size:1.08rem;margin:1.6rem 0 .3rem}
h2{font-size:1.25rem;margin:1.8rem 0 .5rem;padding-top:.4rem;border-top:2px solid #0b5394}
p.asof{margin:.1rem 0 1rem;color:#444}
p.key{border-left:5px solid #0b5394;background:#eef4fa;padding:.6rem .8rem;margin:1rem 0;font-size:1.05rem}
p.none{background:#f5f5f5;padding:.6rem .8rem}
p.note,footer{font-size:.85rem;color:#444}
nav{background:#f7f7f7;padding:.5rem 1rem;margin:1rem 0;font-size:.95rem}
nav.set{background:none;border-bottom:1px solid #ddd;padding:.4rem 0;margin:0;font-size:.9rem;line-height:1.7}
nav.set p{margin:.1rem 0}
nav.set .lead{font-weight:600}
dl.words{columns:2 22rem;column-gap:2rem}
dl.words div{break-inside:avoid;margin:0 0 .6rem}
dl.words dt{font-weight:600}
dl.words dd{margin:0}
nav ol{margin:.2rem 0;padding-left:1.4rem;columns:2 18rem;column-gap:2.4rem}
a{color:#0b5394}
.ogp-table{margin:1rem 0}
.wide{overflow-x:auto;container-type:inline-size;
 background:linear-gradient(to right,#fff 30%,#fff0) 0 0/3rem 100% no-repeat local,
 linear-gradient(to left,#fff 30%,#fff0) 100% 0/3rem 100% no-repeat local,
 linear-gradient(to right,#0003,#0000) 0 0/.8rem 100% no-repeat,
 linear-gradient(to left,#0003,#0000) 100% 0/.8rem 100% no-repeat #fff}
.wide:focus-visible{outline:2px solid #0b5394}
.in{width:fit-content;min-width:100%}
.hint{display:none}
@supports (width:1cqw){
 /* the content's width less the box's: nothing where all fits but for a pixel, else more than the hint needs */
 .hint{--over:calc((100% - 100cqw - 1px)*999);display:block;position:sticky;left:0;white-space:nowrap;
  overflow:hidden;
  box-sizing:border-box;height:1.5em;line-height:1.5em;font-size:.85rem;color:#0b5394;
  width:clamp(0px,var(--over),100cqw);margin:0 0 clamp(-1.5em,calc(var(--over) - 1.5em),0px)}
 caption span{display:inline-block;position:sticky;left:0;max-width:100cqw}
}
table{border-collapse:collapse;font-size:.86rem;line-height:1.35;min-width:60%}
caption{text-align:left;font-weight:600;padding:.3rem 0;font-size:.95rem}
th,td{padding:.3rem .4rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid #777;background:#fafafa}
tbody th{font-weight:500}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
td.n{white-space:nowrap}
a.pdf{font-size:.8rem;margin-left:.15rem}
a.cite,td.id,th.id{white-space:nowrap}
a.cite{text-decoration-thickness:1px;text-underline-offset:2px}
figure{margin:1rem 0}
figure svg,figure img{display:block;width:100%;max-width:48rem!important;height:auto}
details.behind{margin:-.4rem 0 1rem;font-size:.9rem}
details.fold{margin:.25rem 0;border:1px solid #ccc;background:#fff}
details.fold>summary{cursor:pointer;padding:.2rem .6rem;background:#f7f7f7;font-size:.95rem}
details.fold>.ogp-table{margin:.3rem .6rem}
ol.sources{font-size:.82rem;line-height:1.35;overflow-wrap:anywhere;columns:2 24rem;column-gap:2rem}
ol.sources li{break-inside:avoid}
@media screen and (min-width:40.01rem){
 td.short,tbody th.short{white-space:nowrap}
 td.some,tbody th.some{min-width:5.5rem}
 td.long,tbody th.long{min-width:9rem}
 td.wide,tbody th.wide{min-width:15.5rem}
}
@media screen and (max-width:48rem){
 figure svg,figure img{width:640px;max-width:none!important}
 th.some,td.some{min-width:6.5rem}
 th.long,td.long{min-width:14rem}
 th.wide,td.wide{min-width:20rem}
}
@media screen and (max-width:40rem){
 table.cards{display:block;min-width:0}
 .cards caption,.cards tbody,.cards tr,.cards td,.cards tbody th{display:block;min-width:0;white-space:normal}
 .cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
 .cards tr{border:1px solid #bbb;margin:.6rem 0;padding-bottom:.2rem}
 .cards tbody th{background:#eef4fa;font-weight:600}
 .cards tbody th,.cards td{border:0;padding:.15rem .5rem}
 .cards td:not(.long,.wide){display:inline-block;text-align:left}
 .cards td::before{content:attr(data-label) ": ";color:#555}
}
@media print{
 nav,details.behind,.hint{display:none}
 /* a folded table is printed open; a browser that cannot keeps the line that names it */
 @supports selector(::details-content){
  details.fold{border:0}
  details.fold>summary{display:none}
  details.fold::details-content{content-visibility:visible;block-size:auto;display:block}
 }
 ol.sources{columns:1}
 ol.sources a::after{content:" <" attr(href) ">"}
 body{font-size:10pt}
 main,footer{max-width:none;padding:0}
 h2{break-after:avoid}
 tr{break-inside:avoid}
 .wide{overflow:visible;container-type:normal;background:none}
 .in{width:auto}
 table{width:100%;font-size:7pt}
 th,td{padding:1.5pt 3pt}
 figure{break-inside:avoid}
 figure svg,figure img{max-width:150mm;max-height:225mm}
}
@page{size:A4;margin:16mm}
"""


def page_html(notebook: NotebookNode, parameters: Parameters, language: Language, made: str) -> str:
    """The page of an executed notebook: no code, nothing fetched from anywhere, a contents list.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.
    parameters : Parameters
    language : Language
        Language of the page.
    made : str
        When it was made, in the reader's format.
    """
    body = _body(notebook)
    heading = re.search(r"<h1>(.*?)</h1>", body, flags=re.DOTALL)
    title = html.unescape(heading[1]) if heading else parameters.notebook
    place = parameters.case.jurisdiction["name"]
    body, contents = _with_contents(body, language)
    main = f"<main>{START}{STOP}{_after_title(body, contents)}</main>"
    return wrapped(
        title=f"{title} – {place}, {language.quarter(parameters.quarter)}",
        pointing=True,
        body=f"{main}<footer><p>{html.escape(stamp_text(parameters, language, made))}</p></footer>",
        language=language,
        description=f"{title}. {place}. {as_of_text(parameters.quarter, language)}.",
    )


def stamp_text(parameters: Parameters, language: Language, made: str) -> str:
    """How and when a page was made, in the reader's language.

    Parameters
    ----------
    parameters : Parameters
    language : Language
    made : str
        When, in the reader's format.
    """
    return language.t(
        "Made with ogp-analysis {version}, method {method}, from notebook {notebook} on {made}. "
        "Figures are as published; nothing is estimated to fill a gap.",
        version=__version__,
        method=METHOD_VERSION,
        notebook=parameters.notebook,
        made=made,
    )


def wrapped(*, title: str, body: str, language: Language, description: str, pointing: bool = False) -> str:
    """A whole HTML document around a body; with ``pointing``, its maps answer to pointer and keyboard."""
    more, keys, script = "", "", ""
    if pointing and "<svg" in body:
        more, keys = pointer.STYLE, f' data-keys="{pointer.keys_text(language)}"'
        script = f"<script>{pointer.SCRIPT}</script>\n"
    return (
        f'<!DOCTYPE html>\n<html lang="{language.tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<meta name="description" content="{html.escape(description)}">\n'
        f"<style>{STYLE}{more}</style>\n</head>\n<body{keys}>\n{body}\n{script}</body>\n</html>\n"
    )


class _Exporters(threading.local):
    """nbconvert's exporter, one for each thread: it compiles its templates when it is made, and keeps state.

    Only for pages to which somebody added cells that show other things than blocks.
    """

    def __init__(self) -> None:
        from nbconvert import HTMLExporter
        from nbconvert.preprocessors import TagRemovePreprocessor
        from traitlets.config import Config

        config = Config()
        config.TagRemovePreprocessor.remove_cell_tags = HIDDEN_TAGS
        self.html = HTMLExporter(  # type: ignore[no-untyped-call]
            config=config, template_name="basic", exclude_input=True, exclude_output_prompt=True
        )
        remover = TagRemovePreprocessor(config=config)  # type: ignore[no-untyped-call]
        self.html.register_preprocessor(remover, enabled=True)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1)
def _exporters() -> _Exporters:
    return _Exporters()


def _body(notebook: NotebookNode) -> str:
    own = _own_blocks(notebook)
    if own is not None:
        return "\n".join(own)
    # warnings of libraries are for the person who runs the notebook; the executed notebook keeps them
    quiet = notebook.copy()  # type: ignore[no-untyped-call]
    quiet.cells = [_without_warnings(cell) for cell in notebook.cells]
    text, _ = _exporters().html.from_notebook_node(quiet)
    return str(text)


def _own_blocks(notebook: NotebookNode) -> list[str] | None:
    """The blocks of a page, in order; None where a cell shows anything else: that is for nbconvert."""
    found = []
    for cell in notebook.cells:
        if HIDDEN_TAGS & set(cell.metadata.get("tags", ())):
            continue
        if cell.cell_type != "code":
            return None
        for output in _without_warnings(cell).outputs:
            if MIME not in output.get("data", {}):
                return None
            found.append(str(output["data"]["text/html"]))
    return found


def _without_warnings(cell: NotebookNode) -> NotebookNode:
    if cell.cell_type != "code":
        return cell
    cell = cell.copy()  # type: ignore[no-untyped-call]
    cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
    return cell


def _with_contents(body: str, language: Language) -> tuple[str, str]:
    entries: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        entries.append(match[1])
        return f'<h2 id="s{len(entries)}">{match[1]}</h2>'

    body = re.sub(r"<h2>(.*?)</h2>", numbered, body, flags=re.DOTALL)
    if not entries:  # a page that says only why there is nothing to show
        return body, ""
    items = "".join(f'<li><a href="#s{at}">{text}</a></li>' for at, text in enumerate(entries, start=1))
    label = html.escape(language.t("Contents"))
    return body, f'<nav aria-label="{label}"><b>{label}</b><ol>{items}</ol></nav>'


def _after_title(body: str, contents: str) -> str:
    end = re.search(r"<p class=.asof.>.*?</p>", body, flags=re.DOTALL)
    at = end.end() if end else 0
    return body[:at] + contents + body[at:]
