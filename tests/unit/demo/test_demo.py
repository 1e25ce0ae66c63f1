"""The start page's endpoints: who may use them, what they open, what they show, and the simulated subject in a process of its own."""

import asyncio
import sys

import httpx
import pytest
from starlette.applications import Starlette

from openekyc.credentials import permanent_key
from openekyc.demo import simulation as simulations
from openekyc.demo.guard import Gate, demo_on
from openekyc.demo.routes import NOTE, Demo, account_ready, routes
from openekyc.demo.simulation import Simulation
from openekyc.engine.values import Verdict
from openekyc.settings import Settings
from openekyc.storage.memory import MemoryAccountStore, MemoryKeyStore, MemoryRateLimiter
from tests.session_world import REFUSED, World

OWN = {"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin"}
SECRET = "the link's own"
PLAYS = "import sys; print('INFO: delegate\\nattempt 1: capturing', file=sys.stderr); print('{\"state\": \"pass\"}')"


def command(script):
    return (sys.executable, "-c", script)


@pytest.fixture
def world():
    return World()


@pytest.fixture
async def simulation(world):
    made = Simulation(world.settings, world.clock, command(PLAYS))
    yield made
    await made.stop()


def app_of(world, simulation, **settings):
    chosen = Settings(**settings) if settings else world.settings
    gate = Gate(SECRET, chosen)
    demo = Demo(world.service, world.blobs, MemoryRateLimiter(world.clock), world.clock, chosen, simulation, gate)
    return Starlette(routes=routes(demo))


def client_of(app, base="http://127.0.0.1:8080", peer="127.0.0.1", secret=SECRET):
    cookies = {f"openekyc_demo_{httpx.URL(base).port or 80}": secret} if secret else {}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(peer, 5000)), base_url=base, headers=OWN, cookies=cookies)


@pytest.fixture
async def http(world, simulation):
    async with client_of(app_of(world, simulation)) as client:
        yield client


def problem(answer):
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    assert body["remedy"]
    return answer.status_code, body["problem"]


async def ended(simulation):
    await asyncio.wait_for(asyncio.shield(simulation._task), 30)
    return simulation.latest


# --- what it does -------------------------------------------------------------------------------------------------------


async def test_a_session_is_opened_in_the_sandbox_and_its_result_shown(world, http):
    made = await http.post("/demo/sessions", json={"level": 3, "who": "me"})
    token = made.json()["token"]
    assert made.status_code == 201
    assert made.json() == {"token": token, "verify": f"/verify#token={token}", "level": 3, "who": "me", "sandbox": True}
    session = await world.session(token)
    assert (session.account, session.sandbox, session.terms.level) == ("demo", True, 3)
    assert session.terms.page.redirect_url == "http://127.0.0.1:8080/"
    (open_one,) = (await http.get("/demo/results")).json()["results"]
    assert (open_one["passed"], open_one["code"], open_one["explain"]) == (None, "-999", "")
    await world.judged(token, Verdict("0"))
    answer = (await http.get("/demo/results")).json()
    (shown,) = answer["results"]
    assert (shown["passed"], shown["description"], shown["sandbox"], shown["level"]) == (True, "Success (sandbox)", True, 3)
    assert (shown["explain"], shown["when"], answer["note"]) == (f"/demo/results/{token}", world.clock.now, NOTE)


async def test_results_are_newest_first_and_few(world, http):
    for _ in range(23):
        world.clock.now += 1
        await http.post("/demo/sessions", json={"level": 1})
    whens = [one["when"] for one in (await http.get("/demo/results")).json()["results"]]
    assert whens == sorted(whens, reverse=True)
    assert len(whens) == 20


async def test_the_offer_has_lines_that_run_with_the_real_address(http):
    offer = (await http.get("/demo")).json()
    assert (offer["address"], offer["account"], offer["levels"]) == ("http://127.0.0.1:8080", "demo", [1, 2, 3, 4])
    compile(offer["python"], "lines", "exec")
    assert offer["python"].splitlines()[0] == "# pip install tencentcloud-sdk-python-intl-en"
    assert len(offer["python"].splitlines()) == 4
    assert '"http", "127.0.0.1:8080"' in offer["python"]
    assert offer["key_file"].endswith("local.key")


async def test_the_auditors_page_is_one_click_away(world, http):
    token = (await http.post("/demo/sessions", json={"level": 1})).json()["token"]
    await world.judged(token, REFUSED)
    page = await http.get(f"/demo/results/{token}")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert token in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    other = (await world.issue()).token
    assert problem(await http.get(f"/demo/results/{other}")) == (404, "token_unknown")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"level": 5}', b'{"level": "4"}', b'{"who": "you"}', b'{"level": 4' + b" " * 5000 + b"}"])
async def test_a_wish_of_the_wrong_shape_is_refused(http, body):
    answer = await http.post("/demo/sessions", content=body, headers={"Content-Type": "application/json"})
    assert problem(answer)[1] in ("body_invalid", "body_too_large")


async def test_sessions_are_opened_at_a_human_pace(http):
    answers = [await http.post("/demo/sessions", json={}) for _ in range(6)]
    assert problem(answers[-1]) == (429, "too_fast")
    assert [answer.status_code for answer in answers[:5]] == [201] * 5


# --- the simulated subject ----------------------------------------------------------------------------------------------


async def test_the_simulated_subject_runs_in_its_own_process(http, simulation):
    assert (await http.get("/demo/simulate")).json()["state"] == "idle"
    token = (await http.post("/demo/sessions", json={"who": "simulated"})).json()["token"]
    begun = await http.post("/demo/simulate", json={"token": token})
    assert (begun.status_code, begun.json()["state"], begun.json()["subject"]) == (202, "running", "live")
    assert problem(await http.post("/demo/simulate", json={"token": token})) == (409, "simulation_running")
    await ended(simulation)
    told = (await http.get("/demo/simulate")).json()
    assert (told["state"], told["outcome"], told["lines"], told["token"]) == ("done", "pass", ["attempt 1: capturing"], token)


SHOWS = "import sys; open(sys.argv[sys.argv.index('--frames') + 1], 'wb').write(b'a picture'); print('pass (sandbox)')"


async def test_what_the_simulated_camera_saw_last_can_be_looked_at(world):
    made = Simulation(world.settings, world.clock, command(SHOWS))
    async with client_of(app_of(world, made)) as http:
        assert (await http.get("/demo/simulate/frame")).status_code == 204
        made.start("http://127.0.0.1:1", "T", "live")
        await ended(made)
        answer = await http.get("/demo/simulate/frame")
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"a picture", "image/jpeg")
        stranger = await http.get("/demo/simulate/frame", headers={"Sec-Fetch-Site": "cross-site"})
        assert problem(stranger) == (403, "not_same_origin")


async def test_only_a_session_of_the_start_page_is_answered(world, http):
    for token in ((await world.issue()).token, "nobody", "../../x"):
        assert problem(await http.post("/demo/simulate", json={"token": token})) == (404, "token_unknown")


@pytest.mark.parametrize("subject", ["--home", "Live", "", "a b", "x" * 21])
async def test_a_subject_is_a_plain_word(http, subject):
    token = (await http.post("/demo/sessions", json={})).json()["token"]
    answer = await http.post("/demo/simulate", json={"token": token, "subject": subject})
    assert problem(answer) == (400, "body_invalid")


@pytest.mark.parametrize(
    ("script", "state", "line"),
    [
        ('import sys; print(\'{"state": "retry"}\'); sys.exit(1)', "done", None),
        ("import sys; print('no such option', file=sys.stderr); sys.exit(2)", "failed", "no such option"),
        ("print('pass')", "failed", None),
        ("import sys; print('x' * 100_000, file=sys.stderr); print('{\"state\": \"pass\"}')", "done", None),
        ('print(\'{"state": "pass"}\'); import os; os.kill(os.getpid(), 9)', "failed", None),
    ],
)
async def test_however_the_process_ends_it_is_told(world, script, state, line):
    made = Simulation(world.settings, world.clock, command(script))
    made.start("http://127.0.0.1:1", "T", "live")
    told = await ended(made)
    assert told.state == state
    assert line is None or line in told.lines


async def test_a_simulation_that_hangs_is_ended(world, monkeypatch):
    monkeypatch.setattr(simulations, "LONGEST_S", 0.2)
    made = Simulation(world.settings, world.clock, command("import time; time.sleep(600)"))
    made.start("http://127.0.0.1:1", "T", "live")
    assert (await ended(made)).state == "failed"


async def test_a_stopping_server_ends_the_simulation(world):
    made = Simulation(world.settings, world.clock, command("import time; time.sleep(600)"))
    made.start("http://127.0.0.1:1", "T", "live")
    await asyncio.sleep(0)
    await asyncio.wait_for(made.stop(), 10)
    assert made._task.done()


async def test_a_program_that_is_not_there_is_told(world):
    made = Simulation(world.settings, world.clock, ("/nowhere/openekyc",))
    made.start("http://127.0.0.1:1", "T", "live")
    assert (await ended(made)).lines == ("cannot be started: No such file or directory",)


# --- who may use it -----------------------------------------------------------------------------------------------------

STRANGERS = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
    {"Host": "evil.example:8080", "Origin": "http://evil.example:8080"},
    {"Host": "127.0.0.1.evil.example", "Origin": "http://127.0.0.1.evil.example"},
    {"Host": "[bad", "Origin": "http://[bad"},
]


@pytest.mark.parametrize("headers", STRANGERS)
async def test_other_sites_open_nothing(world, http, headers):
    answer = await http.post("/demo/sessions", json={}, headers=headers)
    assert problem(answer) == (403, "not_same_origin")
    assert (await world.blobs.get("demo/latest") if "demo/latest" in world.blobs._blobs else None) is None


@pytest.mark.parametrize("headers", [one for one in STRANGERS if "Host" in one or "Sec-Fetch-Site" in one])
@pytest.mark.parametrize("path", ["/demo", "/demo/results", "/demo/simulate"])
async def test_other_sites_read_nothing(http, path, headers):
    assert problem(await http.get(path, headers=headers)) == (403, "not_same_origin")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
async def test_what_a_form_can_send_is_refused(http, kind):
    answer = await http.post("/demo/sessions", content=b"{}", headers={"Content-Type": kind})
    assert problem(answer) == (403, "not_same_origin")


async def test_another_machine_is_let_in_only_where_the_operator_said_so(world, simulation):
    base = {"base": "http://192.0.2.5:8080", "peer": "192.0.2.9"}
    origin = {"Origin": "http://192.0.2.5:8080"}
    async with client_of(app_of(world, simulation), **base) as http:
        assert problem(await http.post("/demo/sessions", json={}, headers=origin)) == (403, "not_same_origin")
    async with client_of(app_of(world, simulation, demo=True, host="0.0.0.0", public_hosts=("ekyc.example",)), **base) as http:
        made = await http.post("/demo/sessions", json={}, headers=origin)
        assert made.status_code == 201
        await world.judged(made.json()["token"], Verdict("0"))
        assert (await http.get("/demo/results")).json()["results"][0]["explain"] == ""
        assert problem(await http.get(f"/demo/results/{made.json()['token']}")) == (404, "token_unknown")
        assert (await http.get("/demo")).json()["key_file"] == ""
        assert (await http.get("/demo", headers={"Host": "ekyc.example"})).status_code == 200
        assert problem(await http.get("/demo", headers={"Host": "other.example"})) == (403, "not_same_origin")


@pytest.mark.parametrize(
    ("settings", "on"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "localhost"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "::"}, False),
        ({"host": "::ffff:127.0.0.1"}, True),
        ({"host": "::ffff:192.0.2.5"}, False),
        ({"host": "192.0.2.5"}, False),
        ({"public_url": "https://ekyc.example"}, False),
        ({"public_url": "http://localhost:8080"}, True),
        ({"host": "0.0.0.0", "demo": True}, True),
        ({"demo": False}, False),
    ],
)
def test_it_is_on_by_itself_only_on_this_machine(settings, on):
    assert demo_on(Settings(**settings)) is on


async def test_turned_off_it_says_so():
    async with client_of(Starlette(routes=routes(None))) as http:
        assert problem(await http.get("/demo")) == (404, "demo_off")
        assert problem(await http.post("/demo/sessions", json={})) == (404, "demo_off")


async def test_the_account_is_a_sandbox_made_once_and_never_an_ordinary_one():
    keys = MemoryKeyStore(MemoryAccountStore())
    assert await account_ready(keys, 1.0)
    assert await account_ready(keys, 2.0)
    assert [(key.account, key.sandbox) for key in await keys.list()] == [("demo", True)]
    ordinary = MemoryKeyStore(MemoryAccountStore())
    await ordinary.add(permanent_key("demo", [], 1.0, sandbox=False))
    assert not await account_ready(ordinary, 2.0)


# --- behind a proxy that says nothing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Connection": "close"},  # nginx as it comes: the upstream's own address as Host, no header of its own
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Anything": ""},
        {"X-Real-IP": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"x-forwarded-host": "ekyc.example"},
        {"Via": "1.1 proxy"},
        {"CF-Connecting-IP": "203.0.113.7"},
        {"CF-Ray": "1"},
        {"True-Client-IP": "203.0.113.7"},
        {"X-Client-IP": "203.0.113.7"},
        {"X-Cluster-Client-Ip": "203.0.113.7"},
        {"X-Original-Forwarded-For": "203.0.113.7"},
        {"Fastly-Client-IP": "203.0.113.7"},
        {"Fly-Client-IP": "203.0.113.7"},
        {"X-Envoy-External-Address": "203.0.113.7"},
        {"X-Amzn-Trace-Id": "Root=1"},
        {"X-Azure-ClientIP": "203.0.113.7"},
        {"X-ProxyUser-Ip": "203.0.113.7"},
        {"X-Host": "ekyc.example"},
        {"X-Request-Id": "1"},
        {"Proxy-Connection": "keep-alive"},
        {"CDN-Loop": "cloudflare"},
        {"X_Forwarded_For": "203.0.113.7"},
        {"Ali-CDN-Real-IP": "203.0.113.7"},
        {"CloudFront-Viewer-Address": "203.0.113.7:1"},
        {"Remote-User": "somebody"},
        {"Source-IP": "203.0.113.7"},
        {"Tailscale-User-Login": "somebody"},
    ],
)
@pytest.mark.parametrize("settings", [{}, {"demo": True}])
async def test_what_a_proxy_adds_switches_the_demo_off(world, simulation, settings, headers):
    async with client_of(app_of(world, simulation, **settings)) as http:
        assert (await http.get("/demo")).status_code == 200
        for path in ("/demo", f"/demo/enter?key={SECRET}", "/demo/results/x"):
            answer = await http.get(path, headers=headers)
            assert problem(answer) == (404, "demo_off")
            assert "set-cookie" not in answer.headers


BROWSERS = {
    "Accept": "application/json", "Accept-Language": "en", "Accept-Encoding": "br", "Cache-Control": "no-cache", "DNT": "1",
    "If-None-Match": '"x"', "Pragma": "no-cache", "Priority": "u=1", "Range": "bytes=0-", "Referer": "http://127.0.0.1:8080/",
    "Save-Data": "on", "Sec-CH-UA-Platform": '"Linux"', "Sec-Fetch-Dest": "empty", "Sec-GPC": "1", "TE": "trailers",
    "Upgrade-Insecure-Requests": "1", "X-Requested-With": "com.example.app", "Alt-Used": "x", "Device-Memory": "8", "Purpose": "prefetch",
}  # fmt: skip


async def test_what_browsers_send_is_no_sign_of_a_proxy(http):
    assert (await http.get("/demo", headers=BROWSERS)).status_code == 200


# --- the link -------------------------------------------------------------------------------------------------------------

ALL = [("GET", "/demo"), ("POST", "/demo/sessions"), ("POST", "/demo/simulate"), ("GET", "/demo/simulate"),
       ("GET", "/demo/simulate/frame"), ("GET", "/demo/results"), ("GET", "/demo/results/x"), ("GET", "/demo/sessions"),
       ("DELETE", "/demo"), ("GET", "/demo/"), ("PUT", "/demo/enter"), ("GET", "/demo/none/such")]  # fmt: skip


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], f"{SECRET}x"])
@pytest.mark.parametrize(("method", "path"), ALL)
async def test_who_did_not_open_the_link_finds_nothing(world, simulation, method, path, secret):
    async with client_of(app_of(world, simulation), secret=secret) as http:
        assert problem(await http.request(method, path, json={} if method == "POST" else None)) == (404, "link_needed")


async def test_the_link_becomes_a_strict_cookie_and_leads_to_the_start_page(world, simulation):
    async with client_of(app_of(world, simulation), secret="") as http:
        for query in ("", "?key=", "?key=wrong", "?key=%ff"):
            assert problem(await http.get(f"/demo/enter{query}")) == (404, "link_needed")
        answer = await http.get("/demo/enter", params={"key": SECRET})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("samesite=strict", "httponly", "path=/"))
        assert "max-age" not in cookie
        assert "expires" not in cookie
        assert (await http.get("/demo")).status_code == 200


async def test_a_link_on_another_sites_page_is_followed_in_two_steps(world, simulation):
    """A strict cookie stays away from a redirect of a visit that another site began."""
    async with client_of(app_of(world, simulation), secret="") as http:
        answer = await http.get("/demo/enter", params={"key": SECRET}, headers={"Sec-Fetch-Site": "cross-site"})
        assert (answer.status_code, 'content="0; url=/"' in answer.text) == (200, True)
        assert (await http.get("/demo")).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8080/x", "127.0.0.1@evil.example", "localhost:8080?x", "127.0.0.1:8080 x", ""])
async def test_a_host_of_an_odd_shape_is_nobodys(http, host):
    assert problem(await http.get("/demo", headers={"Host": host})) == (403, "not_same_origin")
