"""run.py: from a bare Python to a command, without taking half an environment for a whole one.

No test here makes a real environment (.ci/run does): the steps that need the network are replaced.
"""

import ast
import importlib.util
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
FILES = {
    "requirements.lock": "uv==1 \\\n    --hash=sha256:a\nb==2 \\\n    --hash=sha256:b\n",
    "requirements-test.lock": "uv==1 \\\n    --hash=sha256:a\n",
    "pyproject.toml": "p",
    "hatch_build.py": "h",
}


def load(root: Path) -> ModuleType:
    """Return run.py as a module that takes ``root`` for the repository."""
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT = root  # type: ignore[attr-defined]
    return module


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return run.py over a small repository; its steps only write down that they were called."""
    root = tmp_path / "klon dengan spasi é"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text, encoding="utf-8")
    module = load(root)
    steps: list[str] = []

    def make_venv(folder: Path, env: dict[str, str]) -> None:
        steps.append("venv")
        python = module.venv_python(folder)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("")

    monkeypatch.setattr(module, "make_venv", make_venv)
    monkeypatch.setattr(module, "install_locked", lambda folder, lock, env, clock: steps.append(lock))
    monkeypatch.setattr(module, "install_project", lambda folder, env: steps.append("project"))
    monkeypatch.setattr(module, "steps", steps, raising=False)
    return module


def taken(run: ModuleType, *locks: str) -> list[str]:
    """Return the steps that one call of ``ensure`` takes."""
    run.steps.clear()
    run.ensure(run.ROOT / ".venv", list(locks))
    return list(run.steps)


def test_second_call_has_nothing_to_do(run: ModuleType) -> None:
    assert taken(run, run.RUNTIME) == ["venv", "requirements.lock", "project"]
    assert taken(run, run.RUNTIME) == []


def test_tests_add_their_tools_to_the_same_environment(run: ModuleType) -> None:
    taken(run, run.RUNTIME)
    assert taken(run, run.RUNTIME, run.TOOLS) == ["requirements-test.lock", "project"]
    assert taken(run, run.RUNTIME, run.TOOLS) == []
    assert taken(run, run.RUNTIME) == []


def test_tests_first_install_the_complete_file_only(run: ModuleType) -> None:
    assert taken(run, run.RUNTIME, run.TOOLS) == ["venv", "requirements-test.lock", "project"]
    assert taken(run, run.RUNTIME) == []


@pytest.mark.parametrize(
    ("file", "steps"),
    [
        ("requirements.lock", ["venv", "requirements.lock", "project"]),
        ("pyproject.toml", ["project"]),
        ("hatch_build.py", ["project"]),
    ],
)
def test_changed_file_brings_the_environment_up_to_date(run: ModuleType, file: str, steps: list[str]) -> None:
    taken(run, run.RUNTIME)
    (run.ROOT / file).write_text("uv==2 \\\n    --hash=sha256:c\n", encoding="utf-8")
    assert taken(run, run.RUNTIME) == steps
    assert taken(run, run.RUNTIME) == []


def test_line_ends_of_another_system_are_no_change(run: ModuleType) -> None:
    taken(run, run.RUNTIME)
    lock = run.ROOT / "requirements.lock"
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert taken(run, run.RUNTIME) == []


def test_moved_folder_gets_a_new_environment(run: ModuleType, tmp_path: Path) -> None:
    taken(run, run.RUNTIME)
    run.ROOT = run.ROOT.rename(tmp_path / "elsewhere")
    assert taken(run, run.RUNTIME) == ["venv", "requirements.lock", "project"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("step", ["make_venv", "install_locked", "install_project"])
def test_interrupted_set_up_starts_again(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, step: str, stop: type[BaseException]
) -> None:
    def interrupted(*_: object) -> None:
        raise stop

    with monkeypatch.context() as patch:
        patch.setattr(run, step, interrupted)
        with pytest.raises(stop):
            run.ensure(run.ROOT / ".venv", [run.RUNTIME])
    assert taken(run, run.RUNTIME) == ["venv", "requirements.lock", "project"]


def test_interrupted_update_is_not_taken_for_the_old_environment(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    taken(run, run.RUNTIME)
    with monkeypatch.context() as patch:
        patch.setattr(run, "install_locked", killed)
        with pytest.raises(KeyboardInterrupt):
            run.ensure(run.ROOT / ".venv", [run.RUNTIME, run.TOOLS])
    assert taken(run, run.RUNTIME) == ["venv", "requirements.lock", "project"]


def test_broken_stamp_or_lost_python_starts_again(run: ModuleType) -> None:
    taken(run, run.RUNTIME)
    (run.ROOT / ".venv" / run.STAMP).write_text('{"base": ')
    assert taken(run, run.RUNTIME)[0] == "venv"
    run.venv_python(run.ROOT / ".venv").unlink()
    assert taken(run, run.RUNTIME)[0] == "venv"


def test_somebody_elses_folder_is_left_alone(run: ModuleType) -> None:
    folder = run.ROOT / ".venv"
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("mine")
    with pytest.raises(run.SetupFailed, match=r"was not made by run\.py\. Move it away or delete it"):
        run.ensure(folder, [run.RUNTIME])
    assert (folder / "pyvenv.cfg").read_text() == "mine"


def test_two_at_once_set_up_once_and_the_other_waits(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    script = tmp_path / "both.py"
    script.write_text(
        textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        sys.dont_write_bytecode = True
        import run
        run.ROOT = Path({str(tmp_path)!r})
        log = run.ROOT / "log"
        def make_venv(folder, env):
            with log.open("a") as file:
                file.write("venv\\n")
            run.venv_python(folder).parent.mkdir(parents=True)
            run.venv_python(folder).write_text("")
            time.sleep(1)
        run.make_venv = make_venv
        run.install_locked = lambda *_: None
        run.install_project = lambda *_: None
        run.ensure(run.ROOT / ".venv", [run.RUNTIME])
        """),
        encoding="utf-8",
    )
    both = [subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert (tmp_path / "log").read_text() == "venv\n"
    assert sum("Another run.py is setting up .venv; waiting" in text for text in said) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows frees the lock with the process that took it")
def test_step_that_outlives_a_killed_set_up_is_waited_for(tmp_path: Path) -> None:
    step = f"import time; time.sleep(1.5); open({str(tmp_path / 'log')!r}, 'a').write('step ended ')"
    script = tmp_path / "set_up.py"
    script.write_text(
        textwrap.dedent(f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        sys.dont_write_bytecode = True
        import run
        with run.only_one(Path({str(tmp_path / ".venv")!r})):
            print("has it", flush=True)
            if sys.argv[1] == "first":
                run.run([sys.executable, "-c", {step!r}], run.clean_environ())
            open({str(tmp_path / "log")!r}, "a").write(sys.argv[1])
        """),
        encoding="utf-8",
    )
    command = [sys.executable, str(script)]
    with subprocess.Popen([*command, "first"], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "has it\n"
        time.sleep(0.3)  # the step has started
        first.kill()
    second = subprocess.run([*command, "second"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "waiting for it to finish" in second.stdout
    assert (tmp_path / "log").read_text() == "step ended second"


def test_without_uv_pip_does_it_with_the_same_hashes(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(run.ROOT)
    commands: list[list[str]] = []

    def record(command: list[str], env: dict[str, str]) -> None:
        commands.append(command)
        if "uv.lock.txt" in command[-1]:
            raise module.SetupFailed("no uv for this system")  # type: ignore[attr-defined]

    monkeypatch.setattr(module, "run", record)
    monkeypatch.setattr(module, "compile_bytecode", lambda *_: None)
    folder = run.ROOT / ".venv"
    folder.mkdir()
    module.install_locked(folder, "requirements.lock", {}, module.Clock())
    assert (folder / "uv.lock.txt").read_text() == "uv==1 \\\n    --hash=sha256:a\n"
    for command in commands:
        assert command[1:4] == ["-m", "pip", "install"]
        assert "--require-hashes" in command
    assert commands[-1][-2:] == ["-r", "requirements.lock"]


def test_when_nothing_can_be_installed_the_message_says_what_to_do(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = load(run.ROOT)

    def offline(command: list[str], env: dict[str, str]) -> None:
        raise module.SetupFailed("first\nno route to the index")  # type: ignore[attr-defined]

    monkeypatch.setattr(module, "run", offline)
    with pytest.raises(module.SetupFailed, match=r"no route to the index[\s\S]*Check the connection"):
        module.install_locked(run.ROOT, "requirements.lock", {}, module.Clock())
    assert "pip does it (slower). uv said: no route to the index" in capsys.readouterr().out
    empty = run.ROOT / "empty"
    empty.mkdir()
    with pytest.raises(module.SetupFailed, match="apt install python3-venv"):
        module.make_venv(empty, {})


def test_environment_is_not_wiped_under_the_python_that_runs(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load(run.ROOT)
    folder = run.ROOT / ".venv"
    folder.mkdir()
    (folder / "keep").write_text("")
    monkeypatch.setattr(sys, "prefix", str(folder))
    with pytest.raises(module.SetupFailed, match="deactivate"):
        module.make_venv(folder, {})
    assert (folder / "keep").exists()


def test_mirror_set_for_pip_is_used_by_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(ROOT)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://one.example/a https://two.example/b")
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_STRATEGY"):
        monkeypatch.delenv(name, raising=False)
    env = module.uv_environ(sys.executable, module.clean_environ())
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert env["UV_INDEX"].split() == ["https://one.example/a", "https://two.example/b"]
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    env = module.uv_environ(sys.executable, module.clean_environ())
    assert env["UV_DEFAULT_INDEX"] == "https://own.example/simple", "what is set for uv itself wins"


def test_packages_of_another_python_are_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("PYTHONHOME", "/somewhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = load(ROOT).clean_environ()
    assert {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"} & set(env) == set()
    assert env["PYTHONUTF8"] == "1"


@pytest.mark.parametrize("code", [0, 1, 5, 77])
def test_exit_code_of_the_command_is_passed_on(code: int) -> None:
    assert load(ROOT).hand_over([sys.executable, "-c", f"raise SystemExit({code})"], {}) == code


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX systems")
def test_command_killed_by_a_signal_is_reported_as_a_shell_does() -> None:
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert load(ROOT).hand_over([sys.executable, "-c", kill], {}) == 128 + 15


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX systems")
def test_command_ends_with_run(tmp_path: Path) -> None:
    wait = (
        f"import os, time; print(os.getpid(), flush=True); time.sleep(60); open({str(tmp_path / 'left')!r}, 'w')"
    )
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.dont_write_bytecode = True; import run; "
        f"sys.exit(run.hand_over([sys.executable, '-c', {wait!r}], {{}}))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.terminate()
        assert process.wait(timeout=30) == 128 + 15
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_report_hands_its_arguments_on(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(run, "hand_over", lambda command, env, cwd=None: seen.append(command) or 4)
    assert run.main(["report", "--quarter", "2023Q4"]) == 4
    assert seen[0][0] == run.venv_script(run.ROOT / ".venv", "ogp-analysis")
    assert seen[0][1:] == ["report", "--quarter", "2023Q4"]


def test_windows_keeps_its_commands_elsewhere(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "WINDOWS", True)
    assert run.venv_python(Path("e")) == Path("e/Scripts/python.exe")
    assert Path(run.venv_script(Path("e"), "uv")) == Path("e/Scripts/uv.exe")


def test_help_fits_on_a_screen() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "run.py"), "--help"], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    for name in load(ROOT).COMMANDS:
        assert f"\n  {name} " in done.stdout


def test_unknown_command_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert load(ROOT).main(["raport"]) == 2
    error = capsys.readouterr().err
    assert "no command 'raport'" in error
    assert "report [...]" in error


def test_older_python_is_told_what_is_needed(tmp_path: Path) -> None:
    code = "import runpy, sys; sys.version_info = (3, 10, 13); runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code, str(ROOT / "run.py")], capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.10" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_needs_nothing_but_the_standard_library() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))  # an older Python must be able to read it as far as the message
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            names.add(node.module.partition(".")[0])
    assert names <= sys.stdlib_module_names


def test_run_writes_no_index_address() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    assert "://" not in source


def test_jupyterlab_may_be_asked_to_run_cells(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the button of a notebook's form sets its values and runs nothing."""
    commands: list[list[str]] = []
    monkeypatch.setattr(run, "hand_over", lambda command, env, cwd: commands.append(command) or 0)
    (run.ROOT / "requirements-lab.lock").write_text(FILES["requirements.lock"], encoding="utf-8")
    assert run.main(["lab", "--no-browser"]) == 0
    assert "--LabApp.expose_app_in_browser=True" in commands[0]
    assert commands[0][-1] == "--no-browser"
