"""Fetching over HTTP with the standard library, every failure told apart and said in words."""

from __future__ import annotations

import http.client
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ogp_analysis.errors import OgpAnalysisError

BLOCK = 1 << 16
USER_AGENT = "ogp-analysis"
LARGEST_REPLY = 50 << 20
"""Bytes that a JSON description may have; anything larger is not one."""
Progress = Callable[[int, int | None], None]


def fetch_json(url: str, *, timeout: float, instead: str) -> Any:
    """Fetch a JSON document.

    Parameters
    ----------
    url : str
        ``http`` or ``https``.
    timeout : float
        Seconds without a byte after which to give up.
    instead : str
        What the user can do if it fails, for the message.

    Raises
    ------
    OgpAnalysisError
        No network, an HTTP error, a time-out, a body that is cut short, or one that is not JSON.
    """
    with _explained(url, timeout, instead), _open(url, timeout, instead) as reply:
        body = reply.read(LARGEST_REPLY)
        _check_length(url, len(body), _length(reply), instead)
    try:
        return json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        start = body[:60].decode("utf-8", "replace").strip()
        raise OgpAnalysisError(
            f"{url} did not answer with JSON; the answer begins {start!r}.",
            hint=f"The site may have changed or a log-in page may be in the way. {instead}",
        ) from error


def fetch_file(url: str, target: Path, *, timeout: float, instead: str, progress: Progress | None = None) -> int:
    """Fetch a file block by block; returns its size in bytes. Parameters and errors as :func:`fetch_json`.

    Parameters
    ----------
    url : str
    target : Path
        Written as it comes; the caller puts it where an unfinished file does no harm.
    timeout : float
    instead : str
    progress : callable, optional
        Called with the bytes received and the bytes expected (None if not told) after each block.

    Raises
    ------
    OgpAnalysisError
        As :func:`fetch_json`; also if the disk cannot be written to.
    """
    received = 0
    with _explained(url, timeout, instead), _open(url, timeout, instead) as reply:
        expected = _length(reply)
        with _writing(target), target.open("wb") as file:
            while True:
                with _explained(url, timeout, instead):
                    block = reply.read(BLOCK)
                if not block:
                    break
                file.write(block)
                received += len(block)
                if progress is not None:
                    progress(received, expected)
    _check_length(url, received, expected, instead)
    return received


def _open(url: str, timeout: float, instead: str) -> Any:
    if urlsplit(url).scheme not in ("http", "https"):
        raise OgpAnalysisError(f"{url!r} is not an address of the web.", hint=instead)
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})
    return urllib.request.urlopen(request, timeout=timeout)


def _length(reply: Any) -> int | None:
    text = reply.headers.get("Content-Length", "")
    return int(text) if text.isdigit() else None


def _check_length(url: str, received: int, expected: int | None, instead: str) -> None:
    if expected is not None and received < expected:
        raise OgpAnalysisError(
            f"The download of {url} broke off after {received:,} of {expected:,} bytes.",
            hint=f"Try again. {instead}",
        )
    if received == 0:
        raise OgpAnalysisError(f"{url} answered with nothing.", hint=f"Try again later. {instead}")


@contextmanager
def _explained(url: str, timeout: float, instead: str) -> Iterator[None]:
    host = urlsplit(url).netloc
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        advice = "The site has a fault; try again later." if error.code >= 500 else "The address may have changed."
        raise OgpAnalysisError(
            f"{url} answered {error.code} ({error.reason}).", hint=f"{advice} {instead}"
        ) from error
    except TimeoutError as error:
        raise _too_slow(host, timeout, instead) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError | socket.timeout):
            raise _too_slow(host, timeout, instead) from error
        raise OgpAnalysisError(
            f"{host} cannot be reached ({error.reason}).",
            hint=f"Check the connection to the internet, and try again. {instead}",
        ) from error
    except (http.client.HTTPException, OSError) as error:
        what = str(error) or type(error).__name__
        raise OgpAnalysisError(
            f"The download of {url} broke off ({what}).", hint=f"Try again. {instead}"
        ) from error


def _too_slow(host: str, timeout: float, instead: str) -> OgpAnalysisError:
    return OgpAnalysisError(
        f"{host} did not answer within {timeout:g} seconds.",
        hint=f"Try again later, or allow more time. {instead}",
    )


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_error(target.parent, error) from error


def disk_error(folder: Path, error: OSError) -> OgpAnalysisError:
    """The message for a folder that cannot be written to."""
    return OgpAnalysisError(
        f"Cannot write to {folder} ({error.strerror or error}).",
        hint="Free space or set the environment variable OGP_ANALYSIS_CACHE to a folder that you may write to.",
    )
