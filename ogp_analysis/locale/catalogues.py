"""Where the catalogues of languages are, and reading one."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po

from ogp_analysis.errors import ParameterError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER = Path(__file__).parent
SOURCE_LANGUAGE = "en"
#: The languages in which every case and every published scale has its texts.
WRITTEN = ("id", "en")
#: Names a folder with further catalogues; one of the same code there goes before the library's own.
VARIABLE = "OGP_ANALYSIS_LOCALE"
#: Entry in the head of a catalogue: which of the two its readers are shown where it has no translation.
TABLES = "X-Tables-Language"


def further_folder() -> Path | None:
    """The folder of further catalogues, where ``OGP_ANALYSIS_LOCALE`` names one.

    Raises
    ------
    ParameterError
        If it names what is no folder.
    """
    given = os.environ.get(VARIABLE)
    if not given:
        return None
    if not Path(given).is_dir():
        raise ParameterError(
            f"{VARIABLE} names {given}, which is no folder.", hint="Name the folder that holds the .po files."
        )
    return Path(given)


def catalogues() -> dict[str, Path]:
    """The catalogue of each language but English, by code."""
    folders = [folder for folder in (FOLDER, further_folder()) if folder is not None]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.po"))}


def babel_locale(code: str, path: Path | None) -> Locale:
    """What Babel knows of a language: its dates, numbers and plurals.

    Raises
    ------
    ParameterError
        If Babel knows no such language.
    """
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError) as error:
        raise ParameterError(
            f"{code!r} is no language that Babel knows, so dates and numbers have no form in it.",
            hint=f"Name the catalogue {path} by an ISO 639 code, such as jv.po or pt_BR.po.",
        ) from error


def read_catalogue(code: str, path: Path) -> tuple[Catalog, str]:
    """A catalogue, and the language in which its readers are shown the texts of tables.

    Raises
    ------
    ParameterError
        If it cannot be read, or its head names another language for tables than English or Indonesian.
    """
    try:
        data = path.read_bytes()
        catalogue = read_po(io.BytesIO(data), locale=code, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ParameterError(
            f"{path} is no catalogue that can be read ({error}).", hint="Open and save it with a gettext editor."
        ) from error
    # Babel keeps only the entries of the head that it knows
    said = re.search(rf'^"{TABLES}:\s*(\S+?)\\n"', data.decode("utf-8"), flags=re.MULTILINE)
    wanted = said[1] if said else SOURCE_LANGUAGE
    if wanted not in WRITTEN:
        raise ParameterError(f"{path} says {TABLES}: {wanted}.", hint="Write id or en there, or leave it out.")
    return catalogue, code if code in WRITTEN else wanted
