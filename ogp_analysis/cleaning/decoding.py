"""From the bytes of a file to text: UTF-8 first, then what spreadsheets on Windows write."""

from __future__ import annotations

from pathlib import Path

from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError, Problem


def decode(file: Path, encoding: str | None = None, hint: str = "Pass the file's encoding.") -> tuple[str, str]:
    """Read a text file in the encoding that fits its bytes.

    Parameters
    ----------
    file : Path
        The file.
    encoding : str, optional
        Without it: UTF-16 where a byte-order mark says so, UTF-8 with or without a mark, else Windows-1252.
    hint : str
        What to do if the bytes fit none.

    Returns
    -------
    text : str
    encoding : str
        The encoding that was used.

    Raises
    ------
    OgpAnalysisError
        If there is no such file.
    DataError
        If the bytes fit no encoding that was tried.
    ParameterError
        If there is no encoding of that name.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "x.csv"
    ...     _ = file.write_bytes("Bogotá".encode("cp1252"))
    ...     decode(file)
    ('Bogotá', 'cp1252')
    """
    if not file.is_file():
        raise OgpAnalysisError(
            f"There is no file {file.name!r}.", hint="Check the path; it is read from this folder."
        )
    raw = file.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) and encoding is None:
        encoding = "utf-16"
    tried = [encoding] if encoding else ["utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", "cp1252"]
    for name in tried:
        try:
            text = raw.decode(name)
            if "\0" not in text:
                return text, name
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise ParameterError(f"There is no encoding {name!r}.", hint="Try 'utf-8' or 'cp1252'.") from error
    raise DataError([Problem(file.name, None, None, None, f"text in {' or '.join(tried)}")], hint=hint)
