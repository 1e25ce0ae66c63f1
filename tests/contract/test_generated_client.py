"""A client that nobody wrote: generated from /capture/v1/openapi.json by a generator of the registry, it takes a session to its verdict."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import msgspec
import pytest

from openekyc.capture import messages
from openekyc.engine.runtime import Models
from openekyc.engine.values import Colour, Trace
from openekyc.settings import Settings
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.run import capture
from openekyc.simulator.subject import load_portrait, subject
from tests.acceptance.test_server import until
from tests.conftest import Running

PACKAGE = "generated_capture"


@pytest.fixture(scope="module")
def generated(server: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package. A warning of the generator is a failure: it would leave something out."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_bytes(httpx.get(f"{server.url}/capture/v1/openapi.json").content)
    (folder / "config.yml").write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"]
    command += ["--path", "openapi.json", "--config", "config.yml", "--output-path", PACKAGE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(folder))


class Generated:
    """What filming an attempt needs of a client, by nothing but generated functions and models."""

    def __init__(self, url: str, token: str) -> None:
        self.client = importlib.import_module(PACKAGE).AuthenticatedClient(url, token, raise_on_unexpected_status=True, timeout=60)
        self.models = importlib.import_module(f"{PACKAGE}.models")
        self.sent, self.batches, self.attempt = b"", 0, {}

    def ask(self, name: str, **request: Any) -> dict[str, Any]:
        """One operation. The answer's model as a plain object."""
        answer = importlib.import_module(f"{PACKAGE}.api.default.{name}").sync_detailed(client=self.client, **request)
        assert answer.status_code < 300, answer.content
        return answer.parsed.to_dict()

    def state(self) -> str:
        """Where the session stands; "" when asked too often."""
        answer = importlib.import_module(f"{PACKAGE}.api.default.outcome").sync_detailed(client=self.client)
        assert answer.status_code in (200, 429), answer.content
        return str(answer.parsed.to_dict().get("state", ""))

    def open(self) -> messages.Opened:
        return msgspec.convert(self.ask("open_", body=self.models.ClientInfo(sdk="generated")), messages.Opened)

    def begin(self, *, light: bool = True) -> messages.Begun:
        begun = msgspec.convert(self.ask("begin", body=self.models.Begin(light=light)), messages.Begun)
        self.attempt = {"attempt": begun.attempt, "x_attempt_nonce": begun.nonce}
        return begun

    def light(self) -> tuple[Colour, ...]:
        return msgspec.convert(self.ask("light", **self.attempt), messages.LightAnswer).colours

    def trace(self, batch: Trace) -> int:
        given = msgspec.to_builtins(batch) | {"sequence": self.batches}
        self.batches = self.ask("trace", body=self.models.TraceBatch.from_dict(given), **self.attempt)["batches"]
        return self.batches

    def put_slices(self, pieces: Iterable[bytes]) -> int:
        for piece in pieces:
            file = importlib.import_module(f"{PACKAGE}.types").File(payload=BytesIO(piece))
            digest = sha256(piece).hexdigest()
            received = self.ask("put_slice", body=file, offset=len(self.sent), x_slice_sha256=digest, **self.attempt)["received"]
            self.sent += piece
            assert received == len(self.sent)
        return len(self.sent)

    def finish(self, frames: int = 0) -> object:
        end = self.models.Finish(size=len(self.sent), sha256=sha256(self.sent).hexdigest(), frames=frames)
        return self.ask("finish", body=end, **self.attempt)


@pytest.mark.timeout(180)
def test_a_generated_client_takes_a_session_to_its_verdict(server: Running, client_for: Callable[..., Any], generated: ModuleType) -> None:
    key = server.sandbox_key
    token = client_for(key).call_json("GetFaceIdTokenIntl", {"SecureLevel": "1"})["Response"]["SdkToken"]
    client = Generated(server.url, token)
    opened = client.open()
    person = load_portrait(Models(Settings().models_folder), Knobs())
    capture(client, subject("live", person, Knobs(seed=11)), opened.limits)
    assert until(lambda: client.state() == "pass")
    assert client.ask("ping", body=client.models.SignOfLife(sent_ms=7.0))["sent_ms"] == 7.0
    assert client_for(key).call_json("GetFaceIdResultIntl", {"SdkToken": token})["Response"]["Result"] == "0"


def test_a_refusal_is_a_problem_that_the_generated_client_knows(server: Running, generated: ModuleType) -> None:
    stranger = generated.AuthenticatedClient(server.url, "00000000-0000-0000-0000-000000000000")
    answer = importlib.import_module(f"{PACKAGE}.api.default.outcome").sync_detailed(client=stranger)
    assert (answer.status_code, answer.parsed.problem) == (404, "token_unknown")


def test_every_operation_was_generated(server: Running, generated: ModuleType) -> None:
    described = httpx.get(f"{server.url}/capture/v1/openapi.json").json()["paths"].values()
    names = {one["operationId"] for methods in described for one in methods.values()}
    found = {path.stem.rstrip("_") for path in (Path(generated.__path__[0]) / "api" / "default").glob("[a-z]*.py")}
    assert found == names
