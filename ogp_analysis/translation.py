"""A catalogue to be filled in: ``python -m ogp_analysis.translation jv --case semarang --out jv.po``."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from ogp_analysis.case import Case, load_case
from ogp_analysis.casefile import PACKAGE
from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.locale import get_language
from ogp_analysis.locale.catalogues import babel_locale
from ogp_analysis.tables import table_specs
from ogp_analysis.texts import paired_texts, used_texts


def texts(case: Case | None = None) -> dict[str, tuple[str, str]]:
    """Everything that a page can say: English text to its Indonesian and the place it comes from.

    Parameters
    ----------
    case : Case, optional
        Whose tables' texts are wanted too; a catalogue works without them, see
        :meth:`ogp_analysis.locale.Language.text`.

    Examples
    --------
    >>> texts()["Limited"]
    ('Terbatas', 'scale')
    """
    indonesian = get_language("id")
    notebooks = next(f for f in (PACKAGE.parent / "notebooks", PACKAGE / "_notebooks") if f.is_dir())
    found = {text: (indonesian.known(text), place) for text, place in used_texts(PACKAGE, notebooks).items()}
    # some are put together where they are said, so that only the Indonesian catalogue knows all of them
    for message in indonesian.catalogue or ():
        if message.id:
            found.setdefault(str(message.id), (str(message.string), "page"))
    for english, other in paired_texts(PACKAGE).items():
        found.setdefault(english, (other, "scale"))
    for english, other, place in _case_texts(case) if case is not None else ():
        found.setdefault(english, (other, place))
    return found


def _case_texts(case: Case) -> list[tuple[str, str, str]]:
    info = case.jurisdiction
    pairs = [(name[:-3], name) for name in info if name.endswith("_en") and f"{name[:-3]}_id" in info]
    found = [(str(info[name]), str(info[f"{stem}_id"]), "datapackage.yaml") for stem, name in pairs]
    for name in case.tables:
        frame = case.table(name)
        for field in table_specs()[name].fields:
            if field.pair_of and field.name.endswith("_en"):
                filled = frame[[field.name, field.pair_of]].dropna()
                found += [(str(a), str(b), name) for a, b in filled.itertuples(index=False, name=None)]
    return found


def template(code: str, case: Case | None = None) -> str:
    """The text of a catalogue with every text still to be translated, the Indonesian beside it as a remark.

    Parameters
    ----------
    code : str
        Language, such as ``jv`` or ``pt_BR``.
    case : Case, optional
        Whose texts are wanted too.

    Raises
    ------
    ParameterError
        If Babel knows no such language.
    """
    catalogue = Catalog(locale=babel_locale(code, Path(f"{code}.po")), project="ogp-analysis", fuzzy=False)
    for english, (indonesian, place) in texts(case).items():
        remarks = [f"{place}: {' '.join(indonesian.split())}"] if indonesian else [place]
        catalogue.add(english, auto_comments=remarks)
    stream = io.BytesIO()
    write_po(stream, catalogue, width=0, omit_header=True)
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return head + stream.getvalue().decode("utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the catalogue; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ogp_analysis.translation", description=__doc__)
    parser.add_argument("code", help="language, such as jv or pt_BR")
    parser.add_argument("--case", help="name or folder of a case whose texts are wanted too")
    parser.add_argument("--out", type=Path, metavar="FILE", help="(default: CODE.po)")
    given = parser.parse_args(arguments)
    path = given.out or Path(f"{given.code}.po")
    try:
        if path.exists():
            raise OgpAnalysisError(f"{path} exists already; nothing was written.", hint="Give another with --out.")
        text = template(given.code, load_case(given.case) if given.case else None)
    except OgpAnalysisError as error:
        print(error, file=sys.stderr)
        return 2
    path.write_text(text, encoding="utf-8")
    print(f"{path}: fill in every msgstr, then set OGP_ANALYSIS_LOCALE to its folder.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
