"""What pip and npm say when they fail becomes a cause and a remedy; nothing of it gives credentials away."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from openekyc.engine.causes import explain, of_error, proxies, scrubbed

SECRET = "p@ss/word"  # as awkward as a password in a URL can be


class Registry(BaseHTTPRequestHandler):
    """Answers by the first part of the path: a status, `silence`, or `half` of what it announces."""

    def do_GET(self) -> None:
        how = self.path.split("/")[1]
        if how == "silence":
            self.server.released.wait(60)  # type: ignore[attr-defined]
            return
        self.send_response(200 if how == "half" else int(how))
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"<a>" if how == "half" else b" " * 1000)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def registry() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    server.daemon_threads = True
    server.released = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.released.set()  # type: ignore[attr-defined]
    server.shutdown()


def pip(tmp_path: Path, index: str, **environ: str) -> tuple[list[str], dict[str, str]]:
    """What the real pip says when it is to download a package, and its environment."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_") and "proxy" not in name.lower()}
    plain |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index, "PIP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "1", **environ}
    command = [sys.executable, "-m", "pip", "download", "--no-cache-dir", "--no-deps", "--dest", str(tmp_path), "absent==1.0"]
    done = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode
    return (done.stdout + done.stderr).splitlines(), plain


@pytest.mark.parametrize(
    ("how", "said", "passing"),
    [
        ("silence", "did not answer in time", True),
        ("404", "does not offer what is needed", False),
        ("401", "wants credentials", False),
        ("403", "does not offer what is needed", False),
    ],
)
def test_a_registry_that_fails_pip_is_told_apart(registry: str, tmp_path: Path, how: str, said: str, passing: bool) -> None:
    lines, environ = pip(tmp_path, f"{registry}/{how}")
    cause = explain(lines, environ, tmp_path)
    assert said in cause.cause
    assert cause.passing is passing
    assert "same command again" in cause.remedy


def test_a_registry_that_nobody_listens_at_is_named_with_the_proxy_variables(tmp_path: Path) -> None:
    cause = explain(*pip(tmp_path, "http://127.0.0.1:9/simple"))
    assert cause.cause == "127.0.0.1:9 cannot be reached."
    assert "No proxy variable is set" in cause.remedy
    assert "HTTPS_PROXY" in cause.remedy


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_that_refuses_is_named_without_its_credentials(tmp_path: Path, variable: str) -> None:
    proxy = {variable: "http://someone:secretword@127.0.0.1:9"}
    cause = explain(*pip(tmp_path, "https://registry.test/simple", **proxy))
    assert "proxy" in cause.cause.lower()
    assert f"{variable} names 127.0.0.1:9" in cause.remedy
    assert "secretword" not in cause.cause + cause.remedy


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("npm error code ENOSPC", "disk is full"),
        ("npm error nospc ENOSPC: no space left on device, write", "disk is full"),
        (
            "npm error code ENOTFOUND\nnpm error request to https://mirror.test/x failed: getaddrinfo ENOTFOUND mirror.test",
            "mirror.test",
        ),
        ("npm error code EAI_AGAIN", "cannot be resolved"),
        ("npm error code ETIMEDOUT", "in time"),
        ("npm error code E407", "It ended with"),
        ("npm error 407 Proxy Authentication Required", "proxy"),
        ("npm error code ECONNREFUSED", "cannot be reached"),
        ("npm error code ECONNRESET", "broke"),
        ("npm error code EINTEGRITY", "broke"),
        ("npm error code E403", "credentials"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "not trusted"),
        ("npm error code ETARGET", "does not offer"),
        ("npm error code EACCES", "may not be written"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))", "not trusted"),
        ("ERROR: Package 'x' requires a different Python: 3.15.0 not in '<3.15'", "does not support this Python"),
        ("ERROR: Failed building wheel for x", "could not be compiled"),
        ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "memory"),
        ("something odd: error 12", "something odd"),
        ("", "nothing"),
    ],
)
def test_every_known_failure_has_a_cause_and_a_remedy(line: str, said: str, tmp_path: Path) -> None:
    cause = explain(line.splitlines(), {}, tmp_path)
    assert said in cause.cause
    assert cause.remedy
    assert "{" not in cause.cause + cause.remedy
    assert "\n" not in cause.cause + cause.remedy


def test_a_full_disk_counts_before_what_follows_from_it() -> None:
    lines = ["WARNING: Retrying after ReadTimeoutError", "No space left on device", "ERROR: No matching distribution found for x"]
    assert explain(lines, {}).cause == "The disk is full."


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EROFS, "Read-only"), (errno.EACCES, "denied"), (errno.EIO, "error")],
)
def test_our_own_writes_are_told_the_same_way(tmp_path: Path, number: int, said: str) -> None:
    cause = of_error(OSError(number, os.strerror(number)), tmp_path / "absent")
    assert said in cause.cause
    assert str(tmp_path) in cause.cause
    assert cause.remedy


def test_no_credentials_are_repeated() -> None:
    environ = {
        "HTTPS_PROXY": f"http://me:{SECRET}@proxy.test:3128/",
        "ALL_PROXY": "socks5://proxy.test:1080",
        "no_proxy": "x",
        "https_proxy": "",
    }
    assert proxies(environ) == {"HTTPS_PROXY": "proxy.test:3128", "ALL_PROXY": "proxy.test:1080"}
    text = f"tunnel to http://me:{SECRET}@proxy.test:3128 and https://token@mirror.test/simple failed, not https://mirror.test/@scope/x"
    assert (
        scrubbed(text, environ)
        == "tunnel to http://***@proxy.test:3128 and https://***@mirror.test/simple failed, not https://mirror.test/@scope/x"
    )
