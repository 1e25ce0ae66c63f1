"""openekyc behind nginx and Caddy, both real and set up by the how-to pages' own files, with a self-signed certificate.

What has to work there: stock SDK, hosted page, large bodies, streamed outcomes. What has to stay inside, and out of the logs, does.
"""

import base64
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
import urllib3.util.connection
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301.faceid_client import FaceidClient

from openekyc.capture.client import CaptureClient
from tests import proxies
from tests.browser.conftest import PageFor
from tests.browser.people import begin, reach, to_the_end
from tests.conftest import Key, Server
from tests.proxies import HOW_TO, Certificate, everything_in, free_ports, self_signed, trusting

pytestmark = [
    pytest.mark.timeout(500),
    pytest.mark.skipif(bool(proxies.missing()) and not os.environ.get("CI"), reason=proxies.missing()),
]
DOCUMENTED = ("nginx", "caddy")
ALL = (*DOCUMENTED, "shortest")  # the last: nginx with nothing but `proxy_pass`, which sends the upstream's address as Host
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")
APPLY = "ApplyWebVerificationBizTokenIntl"
THERE = {"RedirectURL": "https://shop.example/done"}
UPLOAD_BYTES, PICTURE_BYTES = 8_000_000, 3_000_000


@dataclass(frozen=True)
class Outside:
    """The proxies as the world sees them: the port of each, on `localhost`."""

    server: Server
    key: Key
    certificate: Certificate
    ports: dict[str, int]

    def url(self, proxy: str) -> str:
        return f"https://localhost:{self.ports[proxy]}"

    def http(self, proxy: str) -> httpx.Client:
        return httpx.Client(base_url=self.url(proxy), verify=trusting(self.certificate), timeout=60, trust_env=False)

    def sdk(self, endpoint: str, method: str = "TC3-HMAC-SHA256", secret_key: str = "", **profile: Any) -> Any:
        """The vendor's client, as it comes."""
        http = HttpProfile(endpoint=endpoint, certification=str(self.certificate.cert), **profile)
        credential = Credential(self.key.secret_id, secret_key or self.key.secret_key)
        return FaceidClient(credential, "ap-singapore", ClientProfile(signMethod=method, httpProfile=http))


def settings_of(page: str) -> str:
    """The settings file that a how-to page shows."""
    (shown,) = re.findall(r"```toml\n(.*?)```", (HOW_TO / page).read_text(), re.DOTALL)
    return str(shown)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """One server, two proxies."""
    assert not (lacking := proxies.missing()), lacking
    folder = tmp_path_factory.mktemp("proxies")
    certificate = self_signed(folder)
    https, http, shortest, caddy_https, caddy_http = free_ports(5)
    home = folder / "home"
    home.mkdir()
    (home / "openekyc.toml").write_text(settings_of("run-behind-nginx.md").replace("ekyc.example.com", f"localhost:{https}"))
    further = f"localhost:{caddy_https}, localhost:{shortest}"
    server = Server(home, OPENEKYC_PUBLIC_HOSTS=further, OPENEKYC_RATE_PER_SECOND="100", OPENEKYC_CAPTURE_RESTARTS="10")
    upstream = server.url.removeprefix("http://")
    for name in DOCUMENTED:
        (folder / name).mkdir()
    with (
        proxies.nginx(folder / "nginx", [https, http, shortest], upstream, certificate),
        proxies.caddy(folder / "caddy", [caddy_https, caddy_http], upstream, certificate),
    ):
        ports = {"nginx": https, "caddy": caddy_https, "shortest": shortest}
        yield Outside(server, server.create_key("acme", sandbox=True), certificate, ports)
    server.stop()


@pytest.fixture(autouse=True)
def _no_other_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


def calls(client: Any, **parameters: Any) -> dict[str, Any]:
    return dict(client.call_json(APPLY, THERE | {"Config": {"CheckMode": 3}} | parameters)["Response"])


# --- the pages and the files they show ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "file", "kind"), [("run-behind-nginx.md", "nginx.conf", "nginx"), ("run-behind-caddy.md", "Caddyfile", "caddy")]
)
def test_the_page_shows_the_file_that_is_tested(page: str, file: str, kind: str) -> None:
    (shown,) = re.findall(rf"```{kind}\n(.*?)```", (HOW_TO / page).read_text(), re.DOTALL)
    assert shown == (HOW_TO / file).read_text()
    assert settings_of(page) == settings_of("run-behind-nginx.md")
    assert set(tomllib.loads(settings_of(page))) == {"public_url", "trusted_proxies", "unsigned_payload_needs_tls"}


# --- the integrator -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("verb", ["POST", "GET"])
@pytest.mark.parametrize("proxy", ALL)
def test_the_stock_sdk_with_and_without_the_port(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, proxy: str, verb: str, method: str
) -> None:
    dial = urllib3.util.connection.create_connection
    port = outside.ports[proxy]

    def to_the_proxy(address: tuple[str, int], *more: Any, **options: Any) -> Any:  # tests do not own port 443
        return dial((address[0], port if address[1] == 443 else address[1]), *more, **options)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", to_the_proxy)
    for endpoint in (f"localhost:{port}", "localhost"):
        answer = calls(outside.sdk(endpoint, method, reqMethod=verb))
        assert answer["VerificationUrl"].startswith(f"{outside.url('nginx')}/verify?token=")


@pytest.mark.parametrize("proxy", ALL[:2])
def test_a_picture_of_three_megabytes(outside: Outside, proxy: str) -> None:
    text = base64.encodebytes(PNG + bytes(PICTURE_BYTES)).decode()
    assert calls(outside.sdk(f"localhost:{outside.ports[proxy]}"), CompareImageBase64=text, Config={"CheckMode": 2})["BizToken"]


def test_an_unsigned_body_passes_only_where_a_trusted_proxy_tells_of_tls(outside: Outside) -> None:
    def unsigned(proxy: str) -> Any:
        client = outside.sdk(f"localhost:{outside.ports[proxy]}")
        client.profile.unsignedPayload = True
        return calls(client)

    assert all(unsigned(proxy)["BizToken"] for proxy in DOCUMENTED)
    with pytest.raises(TencentCloudSDKException, match="over TLS only"):
        unsigned("shortest")
    line = "".join(outside.server.log)
    assert "forwarded_header_ignored" not in line


def test_a_host_that_is_not_ours_is_told_to_the_operator(outside: Outside) -> None:
    for proxy, words in (("nginx", "check your signature"), ("shortest", "public_url")):  # the second has lost the Host that was signed
        with pytest.raises(TencentCloudSDKException, match=words):
            calls(outside.sdk(f"localhost:{outside.ports[proxy]}", secret_key="wrong"))
    calls(outside.sdk(f"localhost:{outside.ports['nginx']}"))
    (told,) = [json.loads(line) for line in outside.server.log if "signature_for_another_host" in line]
    assert told["received_host"] == outside.server.url.removeprefix("http://")
    assert f"localhost:{outside.ports['nginx']}" in told["expected_hosts"]


# --- the person -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proxy", DOCUMENTED)
def test_eight_megabytes_and_the_streamed_outcome(outside: Outside, proxy: str) -> None:
    token = calls(outside.sdk(f"localhost:{outside.ports[proxy]}"))["BizToken"]
    with outside.http(proxy) as http, CaptureClient(outside.url(proxy), token, http=http) as client:
        client.open()
        client.begin()
        assert client.put_slices([b"\x1a\x45\xdf\xa3\x01\x00\x00\x7f\xff\xff\xff\xff" + os.urandom(UPLOAD_BYTES - 12)]) == UPLOAD_BYTES
        assert client.received() == UPLOAD_BYTES
        headers = {"Authorization": f"Bearer {token}"}
        with http.stream("GET", "/capture/v1/outcome/stream", headers=headers, timeout=20) as response:
            lines = response.iter_lines()
            first = next(line for line in lines if line.startswith("data: "))
            client.end("left")  # in another connection, while the stream is open
            last = next(line for line in lines if line.startswith("data: ") and line != first)
    assert [json.loads(line.removeprefix("data: "))["state"] for line in (first, last)] == ["waiting", "retry"]


def test_the_hosted_page_to_the_verdict(outside: Outside, page_for: PageFor) -> None:
    client = outside.sdk(f"localhost:{outside.ports['nginx']}")
    applied = calls(client, Config={"CheckMode": 3, "SecurityLevel": 1})
    page = page_for({"ignore_https_errors": True})
    begin(page, applied["VerificationUrl"])
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    to_the_end(page, "passed")
    result = client.call_json("GetWebVerificationResultIntl", {"BizToken": applied["BizToken"]})["Response"]
    assert result["ErrorCode"] == 0


def test_the_hosted_page_behind_caddy(outside: Outside, page_for: PageFor) -> None:
    token = calls(outside.sdk(f"localhost:{outside.ports['caddy']}"))["BizToken"]
    page = page_for({"ignore_https_errors": True})
    page.goto(f"{outside.url('caddy')}/verify?token={token}")
    reach(page, "intro")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"


# --- the stranger ---------------------------------------------------------------------------------------------------------

INSIDE = [
    *("/metrics", "/healthz", "/readyz", "/demo", "/demo/results", "/metrics/", "//metrics", "/%6detrics", "/METRICS", "/x"),
    *("/verify/../metrics", "/assets/../metrics", "/assets/..%2fmetrics", "/assets//../../metrics", "/capture/v1/../../metrics"),
]


@pytest.mark.parametrize("proxy", DOCUMENTED)
def test_what_is_the_operators_stays_inside(outside: Outside, proxy: str) -> None:
    with outside.http(proxy) as http:
        for path in INSIDE:
            assert raw_status(outside, proxy, path) in (400, 404), path
        visit = http.get("/", headers={"Accept": "text/html,*/*"})
        assert visit.status_code == 404
        assert http.get("/?token=x", headers={"Accept": "application/xhtml+xml, text/html"}).status_code == 404
        assert "strict-transport-security" in visit.headers
        assert "max-age=31536000" in http.get("/verify").headers["strict-transport-security"]
        # a call by GET is no visit, whatever it accepts
        call = http.get("/?Action=ApplyLivenessToken", headers={"Accept": "text/html"})
        assert call.json()["Response"]["Error"]["Code"] == "MissingParameter"


def test_the_demo_stays_shut_behind_the_shortest_configuration(outside: Outside) -> None:
    with outside.http("shortest") as http:
        answers = [http.get(path) for path in ("/demo", "/demo/results", "/demo/simulate")]
        answers.append(http.get(outside.server.demo.removeprefix(outside.server.url)))  # not even for who knows the link
        visit = http.get("/", headers={"Accept": "text/html"})
    assert [(answer.status_code, answer.json()["problem"]) for answer in answers] == [(404, "demo_off")] * 4
    assert (visit.status_code, "second line of output" in visit.text) == (200, True)
    with closing(outside.server.visitor()) as http:
        assert http.get("/demo").status_code == 200


def test_no_answer_to_a_stranger_repeats_the_host_it_was_sent(outside: Outside) -> None:
    paths = ["/", "/verify", "/verify/", "/assets", "/assets/x", "/capture/v1", "/capture/v1/session/", "/capture/v1/openapi.json",
             "/media/x", "/media/x/", "/demo/", "/healthz/", "/metrics/", "/nothing", "/?Action=x"]  # fmt: skip
    nasty = {"Host": "evil.example", "Accept": "text/html", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "evil"}
    with httpx.Client(base_url=outside.server.url, trust_env=False, follow_redirects=False) as http:
        for path in paths:
            answer = http.get(path, headers=nasty)
            assert "evil" not in answer.text + str(answer.headers), path


def raw_status(outside: Outside, proxy: str, path: str) -> int:
    """The answer to a path sent exactly as it is."""
    http = HTTPSConnection("localhost", outside.ports[proxy], context=trusting(outside.certificate), timeout=60)
    with closing(http):
        http.putrequest("GET", path)
        http.endheaders()
        return http.getresponse().status


# --- the logs -------------------------------------------------------------------------------------------------------------

Start = Callable[..., Any]


@pytest.mark.parametrize("alive", [True, False])
@pytest.mark.parametrize(("proxy", "start"), [("nginx", proxies.nginx), ("caddy", proxies.caddy)])
def test_no_log_holds_a_token(outside: Outside, tmp_path: Path, proxy: str, start: Start, alive: bool) -> None:
    """Neither the access log nor, while the server is down, the log of faults."""
    dead, *ports = free_ports(4)
    upstream = outside.server.url.removeprefix("http://") if alive else f"127.0.0.1:{dead}"
    secret = "0A1B2C3D-5E6F-4A7B-8C9D-0123456789AB"
    bearer = {"Authorization": f"Bearer {secret}", "Referer": f"https://shop.example/?token={secret}", "Cookie": f"token={secret}"}
    asked = [f"/verify?token={secret}", f"/media/{secret}", f"/%6dedia/{secret}", f"/assets/{secret}", f"/capture/v1/{secret}/{secret}",
             f"/{secret}", f"/?Action=x&SecretId={secret}&Signature={secret}", f"/demo/results/{secret}"]  # fmt: skip
    with (
        start(tmp_path, ports, upstream, outside.certificate),
        httpx.Client(base_url=f"https://localhost:{ports[0]}", verify=trusting(outside.certificate), timeout=60, trust_env=False) as http,
    ):
        statuses = [http.get(path, headers=bearer).status_code for path in asked]
        statuses.append(http.put("/capture/v1/attempts/1/video?offset=0", headers=bearer, content=bytes(100_000)).status_code)
        too_large = http.post(f"/?token={secret}", content=bytes(17_000_000)).status_code
    assert (502 in statuses) != alive, statuses
    assert too_large in (413, 502)
    told = everything_in(tmp_path)
    assert secret not in told
    assert len(re.findall(r"/capture/v1/", told)) >= 2
    assert "/media/" in told
