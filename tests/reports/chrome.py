"""Chromium over its debugging pipe, by the standard library alone: to open pages as a reader does, at any width."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
]
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND"
#: What a reader of the console would call trouble.
LOUD = ("error", "warning", "assert")
#: The browser reads its orders from descriptor 3 and answers on 4: the pipes are put there, and it takes our place.
MOVED = (
    "import os, sys; ends = [os.dup(int(each)) for each in sys.argv[1:3]]; "
    "high = [os.dup2(end, 20 + at) for at, end in enumerate(ends)]; "
    "[os.dup2(end, 3 + at) for at, end in enumerate(high)]; "
    "[os.close(end) for end in high]; os.execv(sys.argv[3], sys.argv[3:])"
)
#: Pages are read from the end of the pipe until the browser answers, and no longer than this.
MOST_EVENTS = 100_000


def found() -> str | None:
    """The browser of this computer, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@dataclass
class Tab:
    """A page in the browser, and all that it asked for and complained of since it was opened.

    Attributes
    ----------
    requests : list of str
        Addresses asked for.
    complaints : list of str
        Messages of the console of level error or warning, and exceptions that nothing caught.
    """

    chrome: Chrome
    session: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    loaded: bool = False

    def send(self, method: str, **parameters: Any) -> Any:
        return self.chrome.send(method, self.session, **parameters)

    def open(self, page: Path, width: int, height: int = 900) -> None:
        """Open a file at a width of the window in CSS pixels, and wait until it is there."""
        self.requests.clear()
        self.complaints.clear()
        self.widen(width, height)
        self.loaded = False
        self.send("Page.navigate", url=page.resolve().as_uri())
        while not self.loaded:
            self.chrome.read()

    def widen(self, width: int, height: int = 900) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    def tells(self, script: str) -> Any:
        """What an expression of JavaScript gives; a promise is waited for."""
        told = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def picture(self, y: float, height: float, width: float) -> bytes:
        """A piece of the page as PNG."""
        clip = {"x": 0, "y": y, "width": width, "height": height, "scale": 1}
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(shot["data"])

    def heard(self, method: str, about: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif method == "Runtime.consoleAPICalled" and about["type"] in LOUD:
            self.complaints.append(" ".join(str(each.get("value", each)) for each in about["args"]))
        elif method == "Log.entryAdded" and about["entry"]["level"] in LOUD:
            self.complaints.append(about["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(about["exceptionDetails"]))


class Chrome:
    """A browser that was started with :func:`chrome`."""

    def __init__(self, into: int, out: int) -> None:
        self._into, self._out = into, out
        self._rest = b""
        self._last = 0
        self._tabs: dict[str, Tab] = {}
        self._answers: dict[int, dict[str, Any]] = {}

    def send(self, method: str, session: str = "", **parameters: Any) -> Any:
        self._last += 1
        own = self._last
        message: dict[str, Any] = {"id": own, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self._into, text) :]
        for _ in range(MOST_EVENTS):
            if own in self._answers:
                break
            self.read()
        answer = self._answers.pop(own)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def read(self) -> None:
        """Wait for one message of the browser and hand it on."""
        while b"\0" not in self._rest:
            more = os.read(self._out, 1 << 20)
            assert more, "the browser has gone"
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        message = json.loads(text)
        if "id" in message:
            self._answers[message["id"]] = message
        elif message.get("sessionId") in self._tabs:
            self._tabs[message["sessionId"]].heard(message["method"], message["params"])

    def tab(self) -> Tab:
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._tabs[session] = tab = Tab(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.send(f"{domain}.enable")
        return tab


@contextmanager
def chrome(path: str, profile: Path) -> Iterator[Chrome]:
    """Start a browser without a network, and end it.

    Parameters
    ----------
    path : str
        See :func:`found`.
    profile : Path
        A new folder for what it keeps.
    """
    read, into = os.pipe()
    out, write = os.pipe()
    start = [sys.executable, "-c", MOVED, str(read), str(write), path, *QUIET, OFFLINE]
    options = ["--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        [*start, *options], pass_fds=(read, write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(read)
    os.close(write)
    try:
        yield Chrome(into, out)
    finally:
        os.close(into)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        os.close(out)
