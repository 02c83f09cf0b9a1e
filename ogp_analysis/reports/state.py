"""What is known of the pages in a folder: from which inputs each was made, and what came out; a readable file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ogp_analysis.reports.inputs import digest, digest_of
from ogp_analysis.reports.links import without_links
from ogp_analysis.reports.whole import write_whole

NAME = "state.json"
FORMAT = 1
ABOUT = (
    "What each page was made from and with, and what came out, as SHA-256; the hash of an HTML page leaves out "
    "its links to other pages. Written by ogp-analysis report; deleting it has every page made again."
)


@dataclass(frozen=True)
class Made:
    """One page as it was made, or as it failed.

    Attributes
    ----------
    status : {"made", "failed"}
    parameters : dict of str
    made_with : dict of str
        See :func:`ogp_analysis.reports.inputs.made_with`.
    inputs, outputs : dict of str
        Hashes by name; outputs by path below the folder.
    seconds : float
    made_at : str
    problem : str
        Of a failed one, in words.
    """

    status: str
    parameters: dict[str, str]
    made_with: dict[str, str]
    inputs: dict[str, str]
    outputs: dict[str, str]
    seconds: float
    made_at: str
    problem: str = ""

    @property
    def key(self) -> str:
        """One hash of all that the page was made from."""
        return digest_of({name: digest_of(getattr(self, name)) for name in ("parameters", "made_with", "inputs")})

    @classmethod
    def read(cls, entry: dict[str, Any]) -> Made:
        """From the file.

        Raises
        ------
        ValueError
            If it is not what this library writes.
        """
        found = cls(**{each.name: entry[each.name] for each in fields(cls)})
        texts = (found.parameters, found.made_with, found.inputs, found.outputs)
        if found.status not in ("made", "failed") or not isinstance(found.seconds, int | float):
            raise ValueError("no status or no time")
        if not all(isinstance(part, str) for each in texts for pair in each.items() for part in pair):
            raise ValueError("something that should be text is not")
        if entry["key"] != found.key:
            raise ValueError("a key that does not belong to what stands beside it")
        return found


@dataclass
class State:
    """What is known of a folder.

    Attributes
    ----------
    pages : dict of Made
        By the path of the page's folder.
    unfinished : dict of dict
        Pages that a run was to make and that none has made since: parameters with ``notebook`` and
        ``boundaries``.
    """

    pages: dict[str, Made] = field(default_factory=dict)
    unfinished: dict[str, dict[str, str]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write the file, whole."""
        pages = {name: {"key": made.key, **asdict(made)} for name, made in sorted(self.pages.items())}
        content = {"about": ABOUT, "format": FORMAT, "unfinished": self.unfinished, "pages": pages}
        write_whole(folder / NAME, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def load_state(folder: Path) -> tuple[State, str]:
    """What is known of a folder, and a complaint where its file cannot be used; then nothing is known.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     load_state(Path(name))
    ...     _ = (Path(name) / "state.json").write_text("{")
    ...     print(load_state(Path(name))[1].replace(name, ""))
    (State(pages={}, unfinished={}), '')
    .../state.json is damaged (...); nothing is taken as known, and every page is made again.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']!r}, not {FORMAT}")
        pages = {str(name): Made.read(entry) for name, entry in content["pages"].items()}
        unfinished = {
            str(name): {str(key): str(value) for key, value in run.items()}
            for name, run in content["unfinished"].items()
            if {"notebook", "boundaries"} <= set(run)
        }
    except FileNotFoundError:
        return State(), ""
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        words = f"{type(error).__name__}: {error}"
        return State(), f"{path} is damaged ({words}); nothing is taken as known, and every page is made again."
    return State(pages, unfinished), ""


def output_hash(path: Path) -> str:
    """SHA-256 of a file; of a page without its links, which change when other pages come and go."""
    data = path.read_bytes()
    if path.suffix != ".html":
        return digest(data)
    return digest(without_links(data.decode("utf-8", errors="surrogateescape")).encode("utf-8", "surrogateescape"))
