"""tools/setup.py in a small checkout, with programs in place of pip that really fail in the ways that it names."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COPIED = (
    "Makefile",
    "pyproject.toml",
    "constraints.txt",
    "tools",
    "src/openekyc/__init__.py",
    "src/openekyc/errors.py",
    "src/openekyc/models.lock.toml",
    "src/openekyc/cli/__init__.py",
    "src/openekyc/cli/progress.py",
    "src/openekyc/engine/__init__.py",
    "src/openekyc/engine/causes.py",
    "src/openekyc/engine/clients.py",
    "src/openekyc/engine/node.py",
)
# Stands for the interpreter of .venv: sound, with a pip that does what the test wants.
PYTHON = """#!/bin/sh
case "$*" in
    *"import sys, pip"*) echo "True {venv}" ;;
    *" uninstall "*) ;;
    *" install "*) echo "$@" >> "{calls}"; {install} ;;
    *) exit 9 ;;
esac
"""


class Checkout:
    """A copy of what setting up needs, complete but for its Python packages."""

    def __init__(self, path: Path) -> None:
        self.path, self.venv, self.calls = path, path / ".venv", path / "calls"
        for name in COPIED:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, path / name)
        (path / "web").mkdir()
        (path / "src/openekyc/web").mkdir()
        (path / "src/openekyc/models.lock.toml").write_text("file = []\n")
        (self.venv / "bin").mkdir(parents=True)
        stamp = "import build_web; build_web.STAMP and (build_web.BUILT / build_web.STAMP).write_text(build_web.fingerprint())"
        subprocess.run([sys.executable, "-c", stamp], cwd=path / "tools", check=True)
        self.pip("true")

    def pip(self, install: str) -> None:
        """What `pip install` does, as shell."""
        (self.venv / "bin/pip").write_text(f"#!{self.venv}/bin/python\n")
        (self.venv / "bin/openekyc").write_text("#!/bin/sh\n")
        python = self.venv / "bin/python"
        python.write_text(PYTHON.format(venv=self.venv, calls=self.calls, install=install))
        python.chmod(0o755)

    def setup(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "tools/setup.py", *arguments]
        plain = {name: value for name, value in os.environ.items() if "proxy" not in name.lower() and not name.startswith("OPENEKYC_")}
        return subprocess.run(command, cwd=self.path, env={**plain, **environ}, capture_output=True, text=True, timeout=120, check=False)

    def installs(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a checkout")


def told(done: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    """Cause and remedy of a set-up that failed: two lines, and nothing else on stderr."""
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    cause, remedy = done.stderr.splitlines()
    assert remedy.startswith("  -> ")
    return cause, remedy


def test_it_installs_what_running_needs_once(checkout: Checkout) -> None:
    first = checkout.setup()
    assert first.returncode == 0, first.stderr
    assert "[1/1] Python packages: done in" in first.stdout
    assert "For running: .venv" in first.stdout
    assert "\r" not in first.stdout
    again = checkout.setup()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    (installed,) = checkout.installs()
    assert installed.endswith(f"--editable {checkout.path}")


def test_the_developers_tools_come_on_top(checkout: Checkout) -> None:
    checkout.setup()
    assert checkout.setup("--dev").returncode == 0
    assert checkout.installs()[-1].endswith("[dev]")
    assert checkout.setup().stdout == ""
    assert len(checkout.installs()) == 2


def test_new_requirements_are_installed(checkout: Checkout) -> None:
    checkout.setup()
    with (checkout.path / "constraints.txt").open("a") as file:
        file.write("\n# another\n")
    checkout.setup()
    assert len(checkout.installs()) == 2


@pytest.mark.parametrize(
    ("install", "environ", "cause", "remedy"),
    [
        ('ulimit -f 0; exec {python} -c \'open("part", "wb").write(bytes(10**6))\'', {}, "ulimit", "Raise the limit"),
        ("echo 'OSError: [Errno 28] No space left on device'; exit 1", {}, "The disk is full", "MB are free"),
        (
            "echo \"ProxyError('Cannot connect to proxy.', host='registry.test', port=443)\"; exit 1",
            {"HTTPS_PROXY": "http://me:secretword@127.0.0.1:9"},
            "The proxy refuses or cannot be reached.",
            "HTTPS_PROXY names 127.0.0.1:9",
        ),
        ("echo \"NewConnectionError(host='registry.test', port=443): Connection refused\"; exit 1", {}, "registry.test:443", "HTTPS_PROXY"),
        ("echo 'ERROR: No matching distribution found for x==1'; exit 1", {}, "x==1", "set-up.md"),
        ("kill -9 $$", {}, "ended from outside", "memory"),
    ],
)
def test_a_failure_ends_in_a_cause_and_a_remedy_and_setting_up_goes_on(
    checkout: Checkout, install: str, environ: dict[str, str], cause: str, remedy: str
) -> None:
    checkout.pip(install.replace("{python}", f'"{sys.executable}"'))
    said = told(checkout.setup(**environ))
    assert "[1/1] Python packages" in said[0]
    assert cause in said[0]
    assert remedy in said[1]
    assert "build/setup.log" in said[1]
    assert "secretword" not in "".join(said) + (checkout.path / "build/setup.log").read_text()
    checkout.pip("true")
    assert checkout.setup().returncode == 0


def test_a_disk_without_room_is_told_before_anything_is_done(checkout: Checkout) -> None:
    steps = checkout.path / "tools/setup_steps.py"
    steps.write_text(steps.read_text().replace("2200 if dev else 1200", "10**9"))
    cause, remedy = told(checkout.setup())
    assert "MB free" in cause
    assert "Make room" in remedy
    assert checkout.installs() == []


def test_a_checkout_that_may_not_be_written_is_told(checkout: Checkout) -> None:
    shutil.rmtree(checkout.path / "build", ignore_errors=True)
    (checkout.path / "build").write_text("in the way")
    cause, _ = told(checkout.setup())
    assert str(checkout.path / "build") in cause


def ended(pid: int) -> bool:
    """Whether a process is gone, or dead and not yet buried by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_an_interrupted_set_up_says_so_ends_its_children_and_goes_on(checkout: Checkout) -> None:
    checkout.pip(f'echo $$ > "{checkout.path}/pid"; exec sleep 600')
    setup = subprocess.Popen(
        [sys.executable, "tools/setup.py"],
        cwd=checkout.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    pid = checkout.path / "pid"
    until(lambda: pid.exists() and pid.read_text().strip() != "")
    setup.send_signal(signal.SIGINT)
    _, err = setup.communicate(timeout=60)
    assert setup.returncode == 130
    assert err == "Interrupted. The same command goes on from here.\n"
    until(lambda: ended(int(pid.read_text())))  # whoever adopted it may not have looked yet
    checkout.pip("true")
    assert checkout.setup().returncode == 0


def test_a_second_set_up_waits_for_the_first(checkout: Checkout) -> None:
    gate = checkout.path / "gate"
    checkout.pip(f'while [ ! -e "{gate}" ]; do sleep 0.05; done')
    command = [sys.executable, "tools/setup.py"]
    first = subprocess.Popen(command, cwd=checkout.path, stdout=subprocess.PIPE, text=True)
    until(lambda: bool(checkout.installs()))
    second = subprocess.Popen(command, cwd=checkout.path, stdout=subprocess.PIPE, text=True)
    assert second.stdout
    assert second.stdout.readline() == f"Another set-up (process {first.pid}) works in this folder; waiting for it.\n"
    gate.touch()
    assert (first.wait(60), second.wait(60)) == (0, 0)
    assert len(checkout.installs()) == 1


def test_a_half_made_environment_is_made_again_and_keeps_its_weights(checkout: Checkout) -> None:
    """Without ensurepip, for it takes seconds; what matters is what is cleared and what stays."""
    models = checkout.venv / "share/openekyc/models"
    models.mkdir(parents=True)
    (models / "weights").write_bytes(b"x")
    (checkout.venv / "bin/python").unlink()
    (checkout.venv / "left").write_bytes(b"x")
    script = (
        "import sys; sys.path[:0] = ['tools', 'src']; import setup_environment as e, pathlib\n"
        "class Client:\n"
        "    def run(self, command):\n"
        "        import subprocess; subprocess.run([*command[:3], '--without-pip', *command[3:]], check=True)\n"
        "e.make(Client())"
    )
    subprocess.run([sys.executable, "-c", script], cwd=checkout.path, check=True)
    assert (models / "weights").read_bytes() == b"x"
    assert not (checkout.venv / "left").exists()
    assert (checkout.venv / "bin/python").exists()


def until(condition: object) -> None:
    end = time.monotonic() + 60
    while not condition() and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.02)


# --- tools/python.sh ---------------------------------------------------------------------------------------------------


def choose(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools/python.sh"), *arguments], env={"PATH": str(folder)}, capture_output=True, text=True, check=False
    )


def program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


OLD = 'case "$2" in *python_version*) echo 3.8.18 ;; *) exit 1 ;; esac'
BARE = 'case "$2" in *"%d.%d"*) echo 3.12 ;; *ensurepip*) exit 1 ;; esac'


def test_a_python_that_fits_is_found_behind_names_that_do_not_run(tmp_path: Path) -> None:
    program(tmp_path, "python3.11", "exit 127")
    program(tmp_path, "python3.12", f'exec "{sys.executable}" "$@"')
    assert choose(tmp_path).stdout == f"{tmp_path}/python3.12\n"


@pytest.mark.parametrize(
    ("programs", "cause", "remedy"),
    [
        ({}, "Python 3.11 or newer (64 bit) is needed; python3 was not found.", "PYTHON="),
        ({"python3": OLD}, "python3 is 3.8.18", "PYTHON="),
        ({"python3": OLD, "python3.12": BARE}, "ensurepip", "apt-get install python3.12-venv"),
    ],
)
def test_without_one_it_says_what_is_there_and_what_to_do(tmp_path: Path, programs: dict[str, str], cause: str, remedy: str) -> None:
    for name, text in programs.items():
        program(tmp_path, name, text)
    done = choose(tmp_path)
    assert done.returncode == 3
    first, second = done.stderr.splitlines()
    assert cause in first
    assert remedy in second


def test_a_python_that_was_named_is_taken_or_refused(tmp_path: Path) -> None:
    program(tmp_path, "python3.11", f'exec "{sys.executable}" "$@"')
    program(tmp_path, "mine", OLD)
    assert choose(tmp_path, str(tmp_path / "python3.11")).returncode == 0
    assert "mine is 3.8.18" in choose(tmp_path, str(tmp_path / "mine")).stderr
    assert "nowhere was not found" in choose(tmp_path, "nowhere").stderr


def test_what_make_run_installs_is_not_what_tests_need() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert "run: setup\n" in makefile
    assert "lint: setup-dev\n" in makefile
