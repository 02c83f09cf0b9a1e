"""Attacks on what describes and names: datapackage.yaml, plans in YAML, parameters of pages."""

from __future__ import annotations

from collections.abc import Callable

from ogp_analysis.case import load_case
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError
from ogp_analysis.reports.parameters import check_parameters
from ogp_analysis.reports.planfile import read_plan

from .corpus import PACKAGE, PARAMETERS, PLAN, Call, attack
from .yard import Yard


def package(
    key: str,
    breaks: str,
    change: Callable[[str], str | bytes],
    *words: str,
    error: type[OgpAnalysisError] = DataError,
    **bounds: object,
) -> None:
    """The text of ``datapackage.yaml`` changed."""

    @attack(key, PACKAGE, breaks, error, *words, **bounds)
    def build(yard: Yard) -> Call:
        folder = yard.case()
        path = folder / "datapackage.yaml"
        yard.put(path, change(path.read_text(encoding="utf-8")))
        return lambda: load_case(folder)


LAUGHS = "a: &a [lol, lol, lol]\n" + "".join(
    f"{now}: &{now} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, now in zip("abcdefgh", "bcdefghi", strict=True)
)
package(
    "yaml-laughs",
    "aliases of aliases: nine lines that stand for more than a hundred million values",
    lambda t: LAUGHS + t,
    "datapackage.yaml, row 1",
    "no alias",
)
package(
    "yaml-alias",
    "one value that stands elsewhere",
    lambda t: t.replace("title: Kota", "x: &x 1\ny: *x\ntitle: Kota", 1),
    "no alias",
)
package(
    "yaml-object",
    "a tag that calls a function of Python",
    lambda t: t + "x: !!python/object/apply:os.system ['touch /tmp/owned']\n",
    "no tag",
    "python/object",
)
package(
    "yaml-tag",
    "a tag of somebody's own",
    lambda t: t.replace("title: Kota", "title: !secret Kota", 1),
    "no tag",
    "!secret",
)
package(
    "yaml-deep",
    "50,000 lists within one another",
    lambda t: "x: " + "[" * 50_000 + "]" * 50_000 + "\n" + t,
    "depth of 20",
)
package("yaml-twice", "an entry that comes twice", lambda t: t + "name: banggai\n", "name", "each entry once")
package("yaml-tab", "a tab for an indent", lambda t: t.replace("  country:", "\tcountry:", 1), "valid YAML", "row")
package(
    "yaml-open",
    "a quotation mark that is never closed",
    lambda t: t.replace("title: Kota", "title: 'Kota", 1),
    "valid YAML",
)
package(
    "yaml-binary",
    "a picture in the place of the description",
    lambda t: b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)),
    "UTF-8",
)
package("yaml-nul", "a NUL byte in the description", lambda t: t.replace("Kota", "Ko\0ta", 1), "valid YAML")
package("yaml-empty", "an empty description", lambda t: "", "this entry, which is missing")
package("yaml-list", "a list in the place of entries", lambda t: "- a\n- b\n", "this entry, which is missing")
package(
    "yaml-bad-day",
    "a 13th month without quotation marks",
    lambda t: t.replace("created: '2026-11-22T00:00:00Z'", "created: 2026-13-22"),
    "values that can be",
)
package("yaml-6-mb", "a description of 6 MB", lambda t: t + "#" + "x" * 6_000_000, "at most 5 MB")
package(
    "code-unquoted",
    "a code without quotation marks, which YAML reads as a number",
    lambda t: t.replace("'33.74'", "33.74", 1),
    "jurisdiction.code_kemendagri",
    "33.74",
    "quotation marks",
)
package(
    "jurisdiction-text",
    "a text in the place of the jurisdiction",
    lambda t: t.replace("jurisdiction:\n", "jurisdiction: Semarang\nold:\n", 1),
    "jurisdiction",
    "Semarang",
)
package(
    "title-list",
    "a list for a title",
    lambda t: t.replace("title: Kota Semarang", "title: [Kota Semarang]\nx: Kota", 1),
    "title",
    "text, in quotation marks",
)
package(
    "title-rtl",
    "a title written backwards",
    lambda t: t.replace("title: Kota", "title: \u202eKota\nx: Kota", 1),
    "title",
    "U+202E",
)
package(
    "name-cyrillic",
    "a Cyrillic letter in the name of the place",
    lambda t: t.replace("name: Kota Semarang", "name: Kota Semar\u0430ng", 1),
    "jurisdiction.name",
    "U+0430",
)
package(
    "path-out",
    "a table outside the folder of the case",
    lambda t: t.replace("path: sources.csv", "path: ../../../etc/passwd", 1),
    "resources",
    "../../../etc/passwd",
)
package(
    "path-absolute",
    "a table by its absolute path",
    lambda t: t.replace("path: sources.csv", "path: /etc/passwd", 1),
    "resources",
    "/etc/passwd",
)
package(
    "path-address",
    "a table on the network",
    lambda t: t.replace("path: sources.csv", "path: https://example.org/sources.csv", 1),
    "resources",
    "https://example.org",
)
package(
    "name-out",
    "a table whose name leads out of the folder",
    lambda t: t.replace("name: sources\n  path: sources.csv", "name: ../x\n  path: ../x.csv", 1),
    "../x",
    error=OgpAnalysisError,
)
package(
    "table-unknown",
    "a table that no case has",
    lambda t: t + "- name: secrets\n  path: secrets.csv\n",
    "secrets",
    error=OgpAnalysisError,
)
package(
    "table-missing",
    "a table that every case needs left out",
    lambda t: t.replace("name: sources\n", "name: sourcesx\n", 1).replace(
        "path: sources.csv", "path: sourcesx.csv", 1
    ),
    "sources",
    "missing",
    error=OgpAnalysisError,
)
package(
    "table-twice",
    "a table listed twice",
    lambda t: t + "- name: sources\n  path: sources.csv\n",
    "each table once",
)
package(
    "plan-unknown",
    "a plan that is not in the tables",
    lambda t: t.replace("plan_id: semarang-2021", "plan_id: semarang-2031"),
    "jurisdiction.plan_id",
    "semarang-2031",
)
package(
    "other-city",
    "the code of another city",
    lambda t: t.replace("code_bps: '3374'", "code_bps: '3322'"),
    "districts.csv",
    "3322",
)


@attack(
    "package-link",
    PACKAGE,
    "a link to the machine's list of users",
    DataError,
    "datapackage.yaml",
    "link to /etc/passwd",
)
def _(yard: Yard) -> Call:
    folder = yard.case()
    (folder / "datapackage.yaml").unlink()
    (folder / "datapackage.yaml").symlink_to("/etc/passwd")
    return lambda: load_case(folder)


def folder_name(key: str, breaks: str, name: str, *words: str) -> None:
    """The folder of a case under another name."""

    @attack(key, PACKAGE, breaks, ParameterError, *words)
    def build(yard: Yard) -> Call:
        folder = yard.case(name)
        return lambda: load_case(folder)


folder_name(
    "folder-script",
    "a folder whose name is HTML",
    "<img src=x onerror=alert(1)>",
    "<img src=x",
    "the name becomes part of its pages",
)
folder_name(
    "folder-option", "a folder whose name is an option of a command", "--force", "--force", "Rename the folder"
)
folder_name("folder-shell", "a folder whose name is a command of the shell", "x; touch owned", "touch owned")
folder_name("folder-rtl", "a folder whose name runs backwards", "\u202egnarames", r"\u202egnarames")
folder_name(
    "folder-newline", "a folder whose name has two lines", "semarang\nWhat to do: pay", r"semarang\nWhat to do"
)


def plan(key: str, breaks: str, text: str | bytes, *words: str, **bounds: object) -> None:
    """A plan in YAML."""

    @attack(key, PLAN, breaks, DataError, "plan.yaml", *words, **bounds)
    def build(yard: Yard) -> Call:
        path = yard.write("plan.yaml", text)
        return lambda: read_plan(path)


GOOD = "case: semarang\nquarter: 2023Q4\n"
plan("plan-laughs", "aliases of aliases", LAUGHS + GOOD, "row 1", "no alias")
plan(
    "plan-object",
    "a tag that calls a function of Python",
    GOOD + "member: !!python/object/apply:os.system [ls]\n",
    "row 3",
    "no tag",
)
plan("plan-deep", "100,000 lists within one another", "sets: " + "[" * 100_000, "depth of 20")
plan("plan-merge", "a merge key", GOOD + "<<: {language: id}\n", "row 3", "a known entry")
plan(
    "plan-number",
    "a code that YAML reads as a number",
    GOOD + "district: [33.74]\n",
    "row 3",
    "33.74",
    "quotation marks",
)
plan(
    "plan-octal",
    "a code that YAML reads as an octal number",
    GOOD + "district: [0337401]\n",
    "row 3",
    "quotation marks",
)
plan("plan-yes", "a country code that YAML reads as no", GOOD + "language: no\n", "row 3", "yes or no")
plan("plan-twice", "an entry that comes twice", GOOD + "case: banggai\n", "row 3", "each entry once")
plan(
    "plan-unknown", "an entry that would run a command", GOOD + "run: rm -rf /\n", "row 3", "run", "a known entry"
)
plan("plan-complex-key", "a list for the name of an entry", GOOD + "? [a, b]\n: c\n", "row 3", "a known entry")
plan("plan-bytes", "bytes that are no text", b"case: \xff\xfe\n", "UTF-8")
plan("plan-3-mb", "a plan of 3 MB", GOOD + "#" * 3_000_000, "at most 2 MB")
plan("plan-two", "two documents in one file", GOOD + "---\n" + GOOD, "valid YAML")
plan(
    "plan-60000",
    "a plan of 60,000 unknown entries",
    GOOD + "".join(f"e{n}: 1\n" for n in range(60_000)),
    "more",
    seconds=20,
)


@attack("plan-device", PLAN, "a device that never ends", OgpAnalysisError, "/dev/zero", "device")
def _(yard: Yard) -> Call:
    from pathlib import Path

    return lambda: read_plan(Path("/dev/zero"))


def parameters(key: str, breaks: str, *words: str, notebook: str = "10_commitments", **given: object) -> None:
    """Parameters of a page."""
    whole = {"case": "semarang", "quarter": "2023Q4", "language": "en"} | given

    @attack(key, PARAMETERS, breaks, ParameterError, *words)
    def build(yard: Yard) -> Call:
        return lambda: check_parameters(notebook, whole)


parameters("case-out", "../ for a case", "holds no case", case="../../etc")
parameters("case-home", "the home folder for a case", "There is no case", case="~root")
parameters("case-nul", "a NUL byte in the name of a case", r"x\x00y", case="x\0y")
parameters("case-long", "a name of 100,000 characters for a case", "(100000 characters)", case="x" * 100_000)
parameters("case-path-long", "a path of 100,000 characters for a case", "holds no case", case="/x" * 50_000)
parameters(
    "case-cyrillic",
    "a Cyrillic letter in the name of a case",
    "There is no case",
    "Did you mean 'semarang'",
    case="sem\u0430rang",
)
parameters("case-terminal", "a code of the terminal in the name of a case", r"\x1b[2J", case="\x1b[2J")
parameters("quarter-5", "a fifth quarter", "2023Q5", quarter="2023Q5")
parameters("quarter-0", "the year 0", "0000", quarter="0000Q1")
parameters("quarter-arabic", "digits of another script", "is not a quarter", quarter="٢٠٢٣Q4")
parameters("quarter-number", "a quarter that papermill read as a number", "must be text", "2023.4", quarter=2023.4)
parameters("language-out", "../ for a language", "There is no language", language="../id")
parameters("parameter-unknown", "a parameter that no page has", "has no parameter 'os'", os="1")
parameters("notebook-out", "../ for a page", "There is no notebook", notebook="../../evil")
parameters(
    "district-script",
    "HTML for a kecamatan",
    "There is no kecamatan",
    "<script>",
    notebook="40_district_profile",
    district="<script>alert(1)</script>",
)
parameters(
    "district-other",
    "a kecamatan of another city",
    "There is no kecamatan",
    "3322010",
    notebook="40_district_profile",
    district="3322010",
)
parameters("since-later", "an earlier quarter that is later", "cannot be compared with 2024Q1", since="2024Q1")
parameters("roll-folder", "a folder for a roll", "There is no file", notebook="25_recovery_microdata", roll="/etc")
parameters(
    "table-nul",
    "a NUL byte in the name of a table",
    "There is no file",
    notebook="15_commitments_explorer",
    table="x\0.csv",
)
