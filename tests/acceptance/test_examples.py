"""The example backends, each as a process of its own before a real server: a person starts, answers on the hosted page, comes back, and the
backend decides. Passing and refused people are simulated; whoever leaves costs no rendering."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from openekyc.capture.client import CaptureClient
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.recorded import RecordedCamera
from openekyc.simulator.run import run_session
from openekyc.simulator.subject import load_portrait, subject
from tests.assets import asset
from tests.conftest import Running

pytestmark = pytest.mark.timeout(300)

EXAMPLES = Path(__file__).parents[2] / "examples"
DEADLINE_S = 60.0
KINDS = ("flask", "fastapi", "express")
COMMANDS: dict[str, Callable[[int], list[str]]] = {
    "flask": lambda port: [sys.executable, "-m", "flask", "run", "--port", str(port)],
    "fastapi": lambda port: [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port)],
    "express": lambda port: ["node", "app.js"],
    "own_page": lambda port: [sys.executable, "-m", "flask", "run", "--port", str(port)],
}


def until(condition: Callable[[], bool]) -> bool:
    """Ask again and again until it holds or the deadline is over."""
    end = time.monotonic() + DEADLINE_S
    while not (held := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return held


def environ(server: Running, url: str, folder: Path) -> dict[str, str]:
    """What the README says to set."""
    key = server.sandbox_key
    return {
        **os.environ,
        "KYC_URL": server.url,
        "TENCENTCLOUD_SECRET_ID": key.secret_id,
        "TENCENTCLOUD_SECRET_KEY": key.secret_key,
        "KYC_SANDBOX": "1",
        "KYC_LEVEL": "2",
        "APP_URL": url,
        "APP_SECRET": "0123456789abcdef" * 4,
        "APP_DATABASE": str(folder / "app.db"),
    }


@pytest.fixture(scope="session")
def packages() -> None:
    """What the Express example's lock file names, installed once beside it."""
    folder = EXAMPLES / "express"
    if not (folder / "node_modules" / ".package-lock.json").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True, timeout=300)


@pytest.fixture(scope="module", params=KINDS)
def backend(request: pytest.FixtureRequest, server: Running, packages: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one running example."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder, url = tmp_path_factory.mktemp(request.param), f"http://127.0.0.1:{port}"
    environment = environ(server, url, folder) | {"PORT": str(port)}
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            COMMANDS[request.param](port), cwd=EXAMPLES / request.param, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        assert until(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=DEADLINE_S)


def answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def portrait() -> Portrait:
    return load_portrait(Models(Settings().models_folder), Knobs())


@dataclass
class Person:
    """A browser with a session of its own at the backend."""

    url: str
    browser: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.browser = httpx.Client(base_url=self.url, timeout=60)

    def told(self, path: str = "/") -> str:
        """The verdict on a page."""
        answer = self.browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        found = re.search("<h1>(.*?)</h1>", answer.text)
        assert found
        return found[1]

    def press(self, csrf: str | None = None) -> httpx.Response:
        """The button."""
        form = re.search('name="csrf" value="(.*?)"', self.browser.get("/").text)
        return self.browser.post("/verify", data={"csrf": csrf if csrf is not None else form[1] if form else ""})

    def begin(self) -> "Visit":
        """Press the button and follow it to the hosted page."""
        sent = self.press()
        assert sent.status_code == 303, sent.text
        address = sent.headers["location"]
        assert httpx.get(address, timeout=60).headers["content-type"].startswith("text/html")
        return Visit(address)


@dataclass
class Visit:
    """A person on the hosted page, which learns from the server where to send them afterwards."""

    address: str

    def __post_init__(self) -> None:
        self.server, self.token = self.address.split("/verify?token=")
        with CaptureClient(self.server, self.token) as client:
            self.back = client.open().page.redirect_url

    def answer(self, kind: Kind, portrait: Portrait) -> str:
        """Be filmed."""
        with CaptureClient(self.server, self.token) as client:
            return run_session(client, lambda: subject(kind, portrait, Knobs(seed=len(kind)))).state

    def leave(self) -> None:
        with CaptureClient(self.server, self.token) as client:
            client.end("left")


def test_who_passes_is_verified_even_before_coming_back(backend: str, portrait: Portrait) -> None:
    person = Person(backend)
    assert person.told() == "not verified"
    visit = person.begin()
    assert person.begin().token == visit.token, "pressed twice"
    assert person.told(visit.back) == "pending"
    assert visit.answer("live", portrait) == "pass"
    assert until(lambda: person.told() == "verified"), "the backend asks by itself"
    assert person.told(visit.back) == "verified"
    assert person.told(visit.back) == "verified", "a reload changes nothing"
    forged_by_another(backend, visit)


def forged_by_another(backend: str, passed: Visit) -> None:
    """Somebody else cannot make a passed verification theirs."""
    thief = Person(backend)
    thief.told()
    own = thief.begin()
    for address in (
        passed.back,
        passed.back.replace("/done?state=", "/result/").partition("&")[0],
        own.back.replace(own.token, passed.token),
        own.back.partition("&")[0],
        own.back + f"&token={passed.token}",
        "/done",
        "/result/x",
    ):
        refused = thief.browser.get(address, follow_redirects=True)
        assert refused.status_code == 403 or "<h1>pending</h1>" in refused.text, address
        assert passed.token not in refused.text
    assert thief.told() == "not verified"
    assert thief.told(own.back) == "pending"


def test_who_leaves_is_not_verified_and_may_try_again_but_not_for_ever(backend: str) -> None:
    person, tokens = Person(backend), set()
    for _ in range(5):
        visit = person.begin()
        tokens.add(visit.token)
        visit.leave()
        assert person.told(visit.back) == "not verified"
    assert person.told() == "not verified"
    assert len(tokens) == 5
    assert person.press().status_code == 429


@pytest.mark.parametrize("backend", ["flask"], indirect=True)
def test_a_photo_is_not_verified(backend: str, portrait: Portrait) -> None:
    person = Person(backend)
    visit = person.begin()
    assert visit.answer("photo", portrait) == "retry"
    assert person.told(visit.back) == "not verified"
    assert person.told() == "not verified"


@pytest.mark.parametrize("csrf", ["", "x", "\u00e9"])
def test_a_form_of_another_site_starts_nothing(backend: str, csrf: str) -> None:
    assert Person(backend).press(csrf).status_code == 403
    assert httpx.post(f"{backend}/verify", data={"csrf": csrf}, timeout=60).status_code == 403
    assert httpx.post(f"{backend}/verify", timeout=60).status_code == 403


@pytest.mark.parametrize("backend", ["own_page"], indirect=True)
def test_a_token_for_the_component_counts_for_whom_it_was_given_to(backend: str, server: Running) -> None:
    person = httpx.Client(base_url=backend, timeout=60)
    assert person.get("/result").headers["location"] == "/"
    assert person.post("/token", headers={"Origin": backend}).status_code == 403, "who is not signed in"
    page = person.get("/")
    assert "<openekyc-capture" in page.text
    assert server.url in page.headers["content-security-policy"]
    assert person.post("/token").status_code == 403, "no browser of this page"
    assert person.post("/token", headers={"Origin": "https://other.example"}).status_code == 403
    given = person.post("/token", headers={"Origin": backend}).json()
    assert given["base"] == server.url
    assert person.get("/result").text == "pending"
    with CaptureClient(server.url, given["token"]) as client:
        run_session(client, lambda: RecordedCamera(asset("carphone_pristine.mp4")))  # a man who does not follow the prompts
    assert person.get("/result").text == "not verified"
    assert httpx.get(f"{backend}/result", timeout=60).status_code == 303, "another person"


STATE = "s"
RESULTS: list[tuple[dict[str, Any], str, str]] = [  # a result, the verdict with KYC_SANDBOX=1, the verdict without
    ({"ErrorCode": 17, "ErrorMsg": "not finished (sandbox)", "Extra": STATE}, "pending", "pending"),
    ({"ErrorCode": 0, "ErrorMsg": "Success (sandbox)", "Extra": STATE}, "verified", "not verified"),
    ({"ErrorCode": 0, "ErrorMsg": "Success", "Extra": STATE}, "verified", "verified"),
    ({"ErrorCode": 0, "ErrorMsg": "Success", "Extra": "another"}, "not verified", "not verified"),
    ({"ErrorCode": 0, "ErrorMsg": "Success", "Extra": None}, "not verified", "not verified"),
    ({"ErrorCode": 1005, "ErrorMsg": "The liveness check failed", "Extra": STATE}, "not verified", "not verified"),
]
IN_PYTHON = "import json, sys, types, kyc; print(*(kyc.decide(types.SimpleNamespace(**r), 's') for r in json.loads(sys.argv[1])), sep=',')"
IN_NODE = "import('./kyc.js').then(k => { console.log(JSON.parse(process.argv[1]).map(r => k.decide(r, 's')).join()); process.exit(); })"


@pytest.mark.parametrize("sandbox", ["1", ""])
@pytest.mark.parametrize("kind", ["flask", "express"])
def test_only_a_pass_of_this_verification_by_a_real_person_counts(
    server: Running, packages: None, kind: str, sandbox: str, tmp_path: Path
) -> None:
    command = ["node", "-e", IN_NODE] if kind == "express" else [sys.executable, "-c", IN_PYTHON]
    environment = environ(server, "http://127.0.0.1:1", tmp_path) | {"KYC_SANDBOX": sandbox}
    given = json.dumps([result for result, _, _ in RESULTS])
    done = subprocess.run([*command, given], cwd=EXAMPLES / kind, env=environment, check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip().split(",") == [with_it if sandbox else without for _, with_it, without in RESULTS]


@pytest.mark.parametrize("kind", ["flask", "express", "own_page"])
def test_a_secret_that_can_be_guessed_is_refused(server: Running, packages: None, kind: str, tmp_path: Path) -> None:
    command = ["node", "kyc.js"] if kind == "express" else [sys.executable, "-c", f"import {'app' if kind == 'own_page' else 'kyc'}"]
    environment = environ(server, "http://127.0.0.1:1", tmp_path) | {"APP_SECRET": "secret"}
    done = subprocess.run(command, cwd=EXAMPLES / kind, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "APP_SECRET needs 32 characters" in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_without_its_settings_an_example_says_which(packages: None, kind: str, tmp_path: Path) -> None:
    command = ["node", "kyc.js"] if kind == "express" else [sys.executable, "-c", "import kyc"]
    bare = {"PATH": os.environ["PATH"], "APP_DATABASE": str(tmp_path / "app.db")}
    done = subprocess.run(command, cwd=EXAMPLES / kind, env=bare, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "Set KYC_URL, TENCENTCLOUD_SECRET_ID" in done.stderr


def test_both_python_examples_share_one_file() -> None:
    assert (EXAMPLES / "flask" / "kyc.py").read_text() == (EXAMPLES / "fastapi" / "kyc.py").read_text()


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in (EXAMPLES / "express" / "package-lock.json").read_text()
