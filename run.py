"""From a bare Python to a report, the tests, or JupyterLab: ``python3 run.py --help``.

Needs Python 3.11 or newer and nothing else. The first call makes an environment in the folder ``.venv``
(JupyterLab gets ``.venv-lab``) from the lock files; later calls find it and start at once. When the lock
files, ``pyproject.toml``, the Python or the folder's place change, the environment is brought up to date.
"""

import argparse
import ast
import contextlib
import hashlib
import io
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MINIMUM = (3, 11)  # before anything that an older Python trips over
if sys.version_info < MINIMUM:
    sys.exit(
        "run.py needs Python {}.{} or newer; this is {}.{}. Install a newer Python and call it by name, "
        "for example: python3.11 run.py report".format(*MINIMUM, *sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
STAMP = "ogp-analysis-stamp.json"
LOCK = "ogp-analysis-setup.lock"
FORMAT = "1"  # raise it when the way an environment is made changes

# `report` needs RUNTIME only; `test` and `check` add the tools on top, in the same folder; JupyterLab has a
# folder of its own because its dependencies slow the start of every report. Each file is complete, and
# the three agree on every version they share, so any of them can be given to plain pip as well.
RUNTIME, TOOLS, LAB = "requirements.lock", "requirements-test.lock", "requirements-lab.lock"
EXTRAS = {
    RUNTIME: ["build", "spatial"],
    TOOLS: ["build", "test", "spatial", "dask", "composite", "effects"],
    LAB: ["build", "lab", "spatial", "composite", "effects"],
}

# `bounds`: how versions are chosen, and what is run with them: short tests, and a page of every notebook.
RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}
BOUND_TOOLS = ["pytest", "pytest-xdist", "hypothesis", "frictionless"]
BOUND_TESTS = """
    case cleaning/test_codes.py cleaning/test_dates.py cleaning/test_names.py cleaning/test_published.py
    composite/test_coinr.py composite/test_published.py composite/test_whole.py maps/test_classes.py
    maps/test_join.py membership/test_eligibility.py ogp/test_published.py ogp/test_reader.py ogp/test_rules.py
    recovery/test_coding.py sources/test_user_file.py stats/test_concentration.py stats/test_proportions.py
"""
BOUND_PAGES = ["--case", "semarang", "--quarter", "2023Q4", "--language", "id", "--district", "Genuk"]

# The packages' own tests are two fifths of all code and are never imported here: not worth compiling.
SKIP_COMPILING = r"[\\/]tests?[\\/]"

USAGE = """\
usage: python3 run.py COMMAND [arguments]

  report [...]   write the report set; arguments go to `ogp-analysis report`,
                 for example: report --help, report --quarter 2023Q4
  test [...]     run the tests; arguments go to pytest: test -k quarter
  docs           build the documentation as a web site in site/
  check [--fix]  lint, types and notebooks; --fix mends what can be mended
  lab [...]      open JupyterLab on the notebooks; arguments go to JupyterLab
  lock           compute the lock files anew from pyproject.toml
  bounds [...]   short tests and some pages, with the oldest and with the newest
                 packages that pyproject.toml allows; bounds oldest: only these

Everything a command needs is set up by itself: about half a minute the first
time (a download of some 300 MB), nothing later. Delete the folders .venv and
.venv-lab to start over. Mirrors and proxies come from your settings of pip
or uv."""


class SetupFailed(Exception):  # noqa: N818 - the name says what happened
    """Set-up cannot go on; the message says why and what to do."""


class Clock:
    """Prints what was done and how long it took."""

    def __init__(self) -> None:
        self.start = self.last = time.monotonic()

    def done(self, what: str) -> None:
        """Say that a step is done."""
        now = time.monotonic()
        print(f"  {now - self.last:5.1f} s  {what}", flush=True)
        self.last = now


def venv_python(folder: Path) -> Path:
    """The environment's interpreter, where this system keeps it."""
    return folder / ("Scripts/python.exe" if WINDOWS else "bin/python")


def venv_script(folder: Path, name: str) -> str:
    """A command that a package has put into the environment."""
    return str(folder / (f"Scripts/{name}.exe" if WINDOWS else f"bin/{name}"))


def clean_environ() -> dict[str, str]:
    """The user's variables, less those that would let another Python's packages in."""
    drop = {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV"}
    drop.add("PYTHONDONTWRITEBYTECODE")  # with it, every notebook's kernel would compile this package again
    env = {name: value for name, value in os.environ.items() if name.upper() not in drop}
    # Python 3.11 on Windows reads the link to this folder in the local code page: UTF-8 lets the path be any.
    return {**env, "PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(command: list[str], env: dict[str, str]) -> None:
    """Run one step of the set-up quietly; say what it printed when it fails."""
    # Open files are handed on, so that the lock of only_one() holds as long as a step that outlives this process.
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", close_fds=False,
    )  # fmt: skip
    if done.returncode:
        last = done.stdout.strip().splitlines()[-12:]
        raise SetupFailed("\n".join(last) or f"{Path(command[0]).name} ended with {done.returncode}")


def wanted(lock: str) -> dict[str, str]:
    """What an environment must have been made from: a mark for the base, one for each file."""

    def mark(*parts: object) -> str:
        return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()

    def of(*names: str) -> str:
        return mark(*((ROOT / name).read_bytes().replace(b"\r\n", b"\n") for name in names))

    base = mark(FORMAT, sys.version, sys.base_prefix, platform.machine(), ROOT)
    return {"base": base, lock: of(lock), "project": of("pyproject.toml", "hatch_build.py")}


def read_stamp(folder: Path) -> dict[str, str]:
    """The marks of a finished environment; none when it was never finished."""
    try:
        found = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) and venv_python(folder).exists() else {}


def write_stamp(folder: Path, marks: dict[str, str]) -> None:
    """Say that the environment is complete, in one step that cannot be half done."""
    new = folder / (STAMP + ".new")
    new.write_text(json.dumps(marks, indent=1), encoding="utf-8")
    new.replace(folder / STAMP)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Let one process at a time work on an environment; the system frees it when that process ends."""
    if folder.exists() and any(folder.iterdir()) and not (folder / LOCK).exists():
        raise SetupFailed(f"The folder {folder} was not made by run.py. Move it away or delete it, and try again.")
    folder.mkdir(exist_ok=True)
    with (folder / LOCK).open("a+b") as file:
        os.set_inheritable(file.fileno(), not WINDOWS)
        said = False
        while not _try_lock(file.fileno()):
            if not said:
                print(f"Another run.py is setting up {folder.name}; waiting for it to finish.", flush=True)
                said = True
            time.sleep(0.3)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def ensure(folder: Path, locks: list[str]) -> dict[str, str]:
    """Make or mend an environment so that it holds the lock files and this project; return its variables."""
    env = clean_environ()
    want: dict[str, str] = {}
    for lock in locks:
        want |= wanted(lock)
    if want.items() <= read_stamp(folder).items():
        return env
    with only_one(folder):
        have = read_stamp(folder)  # another process may just have finished the same work
        missing = [lock for lock in locks if have.get(lock) != want[lock]]
        rebuild = have.get("base") != want["base"] or any(lock in have for lock in missing)
        if not missing and not rebuild and have.get("project") == want["project"]:
            return env
        clock = Clock()
        if rebuild:
            have, missing = {}, locks
            print(f"Setting up {folder.name} (once; a download of some 300 MB, about half a minute):", flush=True)
        else:
            print(f"Bringing {folder.name} up to date:", flush=True)
        (folder / STAMP).unlink(missing_ok=True)  # from here on it is unfinished, until the new stamp is there
        if rebuild:
            make_venv(folder, env)
            clock.done("made an empty environment")
        if missing:
            install_locked(folder, missing[-1], env, clock)
        install_project(folder, env)
        clock.done("linked ogp_analysis to this folder")
        write_stamp(folder, have | want)
        print(f"  {time.monotonic() - clock.start:5.1f} s  in all", flush=True)
    return env


def make_venv(folder: Path, env: dict[str, str]) -> None:
    """An empty environment with pip, whatever was there before."""
    if Path(sys.prefix).resolve() == folder.resolve():
        raise SetupFailed(
            f"{folder.name} has to be made anew, but run.py is running on the Python inside it. Leave that "
            "environment (deactivate) and call run.py with the Python it was made with."
        )
    for path in folder.iterdir():
        if path.name != LOCK:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    try:
        run([sys.executable, "-m", "venv", str(folder)], env)
    except SetupFailed as error:
        raise SetupFailed(
            f"{error}\n\nThis Python cannot make an environment. On Debian and Ubuntu: apt install python3-venv. "
            "Elsewhere, install Python from its own installer, with pip."
        ) from error


def install_locked(folder: Path, lock: str, env: dict[str, str], clock: Clock) -> None:
    """Install exactly what a lock file names, every file checked against its hash, and compile it."""
    python = str(venv_python(folder))
    try:
        if not Path(venv_script(folder, "uv")).exists():
            install_uv(folder, lock, env)
            clock.done("installed uv")
        options = ["--python", python, "--require-hashes"]
        run([venv_script(folder, "uv"), "pip", "install", *options, "-r", lock], uv_environ(python, env))
    except (SetupFailed, OSError) as error:
        print(f"  uv did not work here, so pip does it (slower). uv said: {_last_line(error)}", flush=True)
        pip = [python, "-m", "pip", "install", "--require-hashes", "--no-compile", "-r", lock]
        try:
            run(pip, env)
        except SetupFailed as failure:
            raise SetupFailed(
                f"{failure}\n\nThe packages of {lock} could not be installed. Check the connection to your "
                "package index or mirror (pip config list shows your settings) and that the disk has 2 GB free; "
                "then try again."
            ) from failure
    clock.done(f"installed {lock}")
    compile_bytecode(folder, python, env)
    clock.done("compiled it")


def install_uv(folder: Path, lock: str, env: dict[str, str]) -> None:
    """Install uv with pip, as the lock file pins it."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    block = [lines[start]]
    while block[-1].endswith("\\"):
        block.append(lines[start + len(block)])
    pinned = folder / "uv.lock.txt"
    pinned.write_text("\n".join(block) + "\n", encoding="utf-8")
    pip = [str(venv_python(folder)), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-compile"]
    run([*pip, "-r", str(pinned)], env)


def uv_environ(python: str, env: dict[str, str]) -> dict[str, str]:
    """Variables for uv: its own where set, else the user's settings of pip, which uv does not read itself."""
    names = {
        "index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS",
        "no-index": "UV_NO_INDEX", "cert": "SSL_CERT_FILE", "proxy": "HTTPS_PROXY",
        "trusted-host": "UV_INSECURE_HOST",
    }  # fmt: skip
    listed = subprocess.run(
        [python, "-m", "pip", "config", "list"], env=env, capture_output=True, encoding="utf-8", errors="replace"
    )
    sections = ("global.", "install.", ":env:.")  # later ones win, as in pip
    for section in sections:
        for line in listed.stdout.splitlines():
            key, _, value = line.partition("=")
            name = names.get(key.removeprefix(section)) if key.startswith(section) else None
            if name and value and name not in os.environ:
                env = {**env, name: " ".join(ast.literal_eval(value).split())}
    # As pip does, look at every index; the hashes rule out a package of the same name from elsewhere.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **env}


def compile_bytecode(folder: Path, python: str, env: dict[str, str]) -> None:
    """Compile the packages on all cores: without it every start of every report compiles them again."""
    library = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        env=env, capture_output=True, encoding="utf-8", check=True,
    ).stdout.strip()  # fmt: skip
    # Its exit code only tells that some package ships a template that is not Python: no concern of ours.
    subprocess.run(
        [python, "-m", "compileall", "-q", "-j", "0", "-x", SKIP_COMPILING, library],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
    )  # fmt: skip


def install_project(folder: Path, env: dict[str, str]) -> None:
    """Link this folder into the environment, built with the locked tools and without the network."""
    python = str(venv_python(folder))
    options = ["--no-deps", "--no-build-isolation", "-e", "."]
    try:
        uv = [venv_script(folder, "uv"), "pip", "install", "--python", python, "--offline"]
        run([*uv, *options], env)
    except (SetupFailed, OSError):
        run([python, "-m", "pip", "install", *options], env)


def _last_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]


def hand_over(command: list[str], env: dict[str, str], cwd: Path | None = None) -> int:
    """Run the real command with this terminal and return its exit code; Ctrl-C is for it to handle."""
    sys.stdout.flush()
    running: list[subprocess.Popen[bytes]] = []
    asked: list[int] = []

    def end(number: int, _: object) -> None:
        asked.append(number)
        for process in running:
            process.terminate()

    # before the command starts: who is asked to end while it does passes that on, too
    signal.signal(signal.SIGTERM, end)
    with subprocess.Popen(command, env=env, cwd=cwd) as process:
        running.append(process)
        if asked:
            process.terminate()
        while True:
            try:
                code = process.wait()
                return code if code >= 0 else 128 - code  # killed by a signal: as a shell reports it
            except KeyboardInterrupt:
                continue


def report(arguments: list[str]) -> int:
    """Write the report set."""
    env = ensure(ROOT / ".venv", [RUNTIME])
    return hand_over([venv_script(ROOT / ".venv", "ogp-analysis"), "report", *arguments], env)


def test(arguments: list[str]) -> int:
    """Run the tests."""
    env = ensure(ROOT / ".venv", [RUNTIME, TOOLS])
    # all of them on every processor, a file at a time, so that what its tests share is made once
    everything = [] if arguments else ["-n", "auto", "--dist", "loadfile"]
    return hand_over([str(venv_python(ROOT / ".venv")), "-m", "pytest", *everything, *arguments], env, ROOT)


def check(arguments: list[str]) -> int:
    """Lint, types and notebooks; every check runs, the worst exit code is returned."""
    parser = argparse.ArgumentParser(prog="run.py check", description=check.__doc__)
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")
    fix = ["--fix"] if parser.parse_args(arguments).fix else []
    env = ensure(ROOT / ".venv", [RUNTIME, TOOLS])
    python = str(venv_python(ROOT / ".venv"))
    steps = [
        ["ogp_analysis.notebook_check", *fix],
        ["ruff", "check", "--quiet", "--output-format", "concise", *fix],
        ["ruff", "format", "--quiet", *([] if fix else ["--check", "--output-format", "concise"])],
        ["mypy"],
    ]
    worst = 0
    for step in steps:
        print(f"== {' '.join(step)}", flush=True)
        worst = max(worst, hand_over([python, "-m", *step], env, ROOT))
    print("check: " + ("problems found" if worst else "no problem found"), flush=True)
    return worst


def docs(arguments: list[str]) -> int:
    """Build the documentation as a web site; every warning stops it."""
    argparse.ArgumentParser(prog="run.py docs", description=docs.__doc__).parse_args(arguments)
    env = ensure(ROOT / ".venv", [RUNTIME, TOOLS])
    return hand_over([str(venv_python(ROOT / ".venv")), str(ROOT / "docs" / "build_site.py")], env, ROOT)


def lab(arguments: list[str]) -> int:
    """Open JupyterLab on the notebooks."""
    folder = ROOT / ".venv-lab"
    env = ensure(folder, [LAB])
    settings = folder / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    (settings / "overrides.json").write_text(json.dumps(quiet), encoding="utf-8")
    places = [f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/notebooks"]
    # so that the button of a notebook's form may run the cells below it
    places.append("--LabApp.expose_app_in_browser=True")
    return hand_over([str(venv_python(folder)), "-m", "jupyterlab", *places, *arguments], env, ROOT)


def lock(arguments: list[str]) -> int:
    """Compute the lock files anew: names, versions, markers and hashes, and no host names."""
    if arguments:
        raise SetupFailed("run.py lock takes no arguments.")
    folder = ROOT / ".venv"
    env = uv_environ(str(venv_python(folder)), ensure(folder, [RUNTIME]))
    for partial in ("UV_FIND_LINKS", "UV_INDEX"):  # a folder of wheels knows the hashes of one system only
        env.pop(partial, None)
    options = ["--universal", "--python-version", "3.11", "--no-header", "--no-annotate"]
    with tempfile.TemporaryDirectory() as temporary:
        every = str(Path(temporary) / "all.txt")  # all extras at once: then the files agree on every version.
        command = [venv_script(folder, "uv"), "pip", "compile", "-q", "pyproject.toml", *options]
        run([*command, "--all-extras", "-o", every], env)
        for name, extras in EXTRAS.items():
            new = Path(temporary) / name
            chosen = [part for extra in extras for part in ("--extra", extra)]
            run([*command, *chosen, "--generate-hashes", "-c", every, "-o", str(new)], env)
            (ROOT / name).write_bytes(new.read_bytes())
            print(f"wrote {name}")
    return 0


def bounds(arguments: list[str]) -> int:
    """Short tests and a page of every notebook with the oldest and with the newest packages, without extras."""
    parser = argparse.ArgumentParser(prog="run.py bounds", description=bounds.__doc__)
    parser.add_argument("which", nargs="?", choices=list(RESOLUTIONS), help="without it, one after the other")
    which = parser.parse_args(arguments).which
    env = uv_environ(str(venv_python(ROOT / ".venv")), ensure(ROOT / ".venv", [RUNTIME]))
    env["PYTHONPATH"] = str(ROOT)  # the code of this folder, with nothing to build
    return max([_within_bounds(one, env) for one in ([which] if which else RESOLUTIONS)])


def _within_bounds(which: str, env: dict[str, str]) -> int:
    clock = Clock()
    print(f"== the {which} packages for Python {platform.python_version()}", flush=True)
    with tempfile.TemporaryDirectory(prefix=f"ogp-{which}-", ignore_cleanup_errors=True) as temporary:
        folder, kept = Path(temporary) / "venv", Path(temporary) / "kept.txt"
        uv, python = venv_script(ROOT / ".venv", "uv"), str(venv_python(folder))
        run([uv, "venv", "--python", sys.executable, str(folder)], env)
        # wheels only: where an old version has none for this Python, the next one that has counts as the oldest
        install = [uv, "pip", "install", "--python", python, "--only-binary", ":all:"]
        run([*install, "--resolution", RESOLUTIONS[which], "-r", "pyproject.toml"], env)
        freeze = [uv, "pip", "freeze", "--python", python]
        kept.write_bytes(subprocess.run(freeze, env=env, stdout=subprocess.PIPE, check=True).stdout)
        run([*install, "-c", str(kept), *BOUND_TOOLS], env)  # which must not move what they are to try
        clock.done("installed: " + " ".join(kept.read_text(encoding="utf-8").split()))
        pytest = ["pytest", "-q", "-n", "auto", "--dist", "loadfile", "-p", "no:cacheprovider", "-W", "ignore"]
        tests = [f"tests/{name}" for name in BOUND_TESTS.split()]
        failed = hand_over([python, "-m", *pytest, *tests], env, ROOT)
        clock.done("short tests")
        pages = ["report", *BOUND_PAGES, "--out", str(Path(temporary) / "reports")]
        failed = max(failed, hand_over([python, "-m", "ogp_analysis", *pages], env, ROOT))
        clock.done("a page of every notebook")
    return failed


COMMANDS = {
    "report": report, "test": test, "check": check, "docs": docs, "lab": lab, "lock": lock, "bounds": bounds,
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Read the command line and run the command named on it."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"run.py has no command {name!r}.\n\n{USAGE}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](rest)
    except SetupFailed as error:
        print(f"\nSet-up failed:\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-made is kept: the next run starts the set-up again.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what uv and pip say may have signs that the console has not
    sys.exit(main(sys.argv[1:]))
