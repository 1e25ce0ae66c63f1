"""What browsers are given: pages, files in the encoding they take, headers that keep to one origin, and nothing outside the folder."""

import gzip

import httpx
import pytest
from starlette.applications import Starlette

from openekyc.engine.lock import engine_files
from openekyc.pages.files import accepts
from openekyc.pages.routes import LANDMARKS, Pages, is_visit
from openekyc.settings import Settings

SCRIPT = b"export const answer = 42;\n" * 20


@pytest.fixture
def built(tmp_path):
    folder = tmp_path / "web"
    (folder / "assets" / "deep").mkdir(parents=True)
    for name, data in {
        "verify.html": b"<!doctype html><title>verify</title>",
        "start.html": b"<!doctype html><title>start</title>",
        "assets/main-0a1b.js": SCRIPT,
        "assets/main-0a1b.js.gz": gzip.compress(SCRIPT),
        "assets/main-0a1b.js.br": b"brotli of it",
        "assets/deep/vision-77.wasm": b"\0asm" + bytes(600_000),
        "assets/style-1.css": b"p {}",
        "assets/notes.exe": b"MZ",
    }.items():
        (folder / name).write_bytes(data)
    (tmp_path / "secret.txt").write_text("outside")
    (folder / "assets" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def models(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / LANDMARKS).write_bytes(b"landmarks " * 1000)
    return folder


@pytest.fixture
def seen():
    return []


def client(built, models, seen=None, instead=lambda request: "", **settings):
    told = seen if seen is not None else []
    pages = Pages(Settings(models=models, **settings), built, lambda page, status: told.append((page, status)), instead)
    transport = httpx.ASGITransport(Starlette(routes=pages.routes()))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", headers={"Accept-Encoding": "identity"})


@pytest.fixture
async def http(built, models, seen):
    async with client(built, models, seen) as open_client:
        yield open_client


@pytest.mark.parametrize("path", ["/", "/verify", "/verify?token=0A1B&embed=1"])
async def test_pages_are_asked_for_every_time_and_keep_to_themselves(http, path):
    answer = await http.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["frame-ancestors"] == "'none'"
    assert not any("http" in rule or "*" in rule or "'unsafe" in rule.replace("'wasm-unsafe-eval'", "") for rule in rules.values())
    assert answer.headers["permissions-policy"].startswith("camera=(self)")
    assert (answer.headers["referrer-policy"], answer.headers["x-content-type-options"]) == ("no-referrer", "nosniff")


async def test_a_visitor_without_the_demos_link_gets_one_sentence(built, models):
    async with client(built, models, instead=lambda request: "The link is elsewhere.") as http:
        answer = await http.get("/", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert "<p>The link is elsewhere.</p>" in answer.text
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "elsewhere" not in (await http.get("/verify")).text


async def test_only_named_origins_may_frame_the_hosted_page_and_none_the_start_page(built, models):
    async with client(built, models, embed_origins=("https://shop.example", "https://a.example:8443")) as http:
        hosted, start = [(await http.get(path)).headers["content-security-policy"] for path in ("/verify", "/")]
    assert "frame-ancestors https://shop.example https://a.example:8443" in hosted
    assert "frame-ancestors 'none'" in start


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("main-0a1b.js", "text/javascript; charset=utf-8"),
        ("deep/vision-77.wasm", "application/wasm"),
        ("style-1.css", "text/css; charset=utf-8"),
    ],
)
async def test_files_have_their_type_and_are_kept_for_good(http, name, kind):
    answer = await http.get(f"/assets/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("", ""),
        ("gzip;q=nonsense", ""),
        ("GZIP", "gzip"),
    ],
)
async def test_the_encoding_is_one_the_client_takes(http, accepted, encoding):
    answer = await http.send(http.build_request("GET", "/assets/main-0a1b.js", headers={"Accept-Encoding": accepted}), stream=True)
    raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert (answer.headers.get("content-encoding", ""), answer.headers["vary"]) == (encoding, "Accept-Encoding")
    assert len(raw) == int(answer.headers["content-length"])
    assert raw == {"br": b"brotli of it", "": SCRIPT}.get(encoding, raw)
    assert encoding != "gzip" or gzip.decompress(raw) == SCRIPT


def test_an_unnamed_encoding_is_not_taken():
    assert not accepts("gzip")("br")


async def test_a_file_that_was_not_compressed_varies_with_nothing(http):
    answer = await http.get("/assets/style-1.css", headers={"Accept-Encoding": "br, gzip"})
    assert not {"content-encoding", "vary"} & set(answer.headers)


async def test_what_the_browser_has_is_not_sent_again(http):
    for path in ("/verify", "/assets/main-0a1b.js", "/assets/models/face_landmarker.task"):
        first = await http.get(path)
        again = await http.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        other = await http.get(path, headers={"If-None-Match": '"other"'})
        assert other.status_code == 200
    plain, packed = [await http.head("/assets/main-0a1b.js", headers={"Accept-Encoding": name}) for name in ("identity", "gzip")]
    assert plain.headers["etag"] != packed.headers["etag"]


async def test_parts_and_heads(http):
    part = await http.get("/assets/main-0a1b.js", headers={"Range": "bytes=7-11"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"const", f"bytes 7-11/{len(SCRIPT)}")
    assert (await http.get("/assets/main-0a1b.js", headers={"Range": "bytes=9999-"})).status_code == 416
    head = await http.head("/assets/deep/vision-77.wasm")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "600004")
    assert len((await http.get("/assets/deep/vision-77.wasm")).content) == 600_004
    assert (await http.post("/verify")).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets/none.js",
        "/assets/../verify.html",
        "/assets/%2e%2e/verify.html",
        "/assets/..%2f..%2fsecret.txt",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/assets/deep",
        "/assets/deep/..%5c..%5csecret.txt",
        "/assets/main-0a1b.js%00.txt",
        "/assets/link.txt",
        "/assets/notes.exe",
        "/assets/main-0a1b.js.br",
    ],
)
async def test_nothing_but_the_built_files_can_be_had(http, path):
    answer = await http.get(path)
    assert answer.status_code == 404
    assert b"outside" not in answer.content


async def test_the_landmark_file_is_the_engines_own(http, models):
    assert any(item.file == LANDMARKS for item in engine_files())
    plain = await http.get("/assets/models/face_landmarker.task")
    assert (plain.content, plain.headers["cache-control"]) == ((models / LANDMARKS).read_bytes(), "no-cache")
    packed = await http.get("/assets/models/face_landmarker.task", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content)


async def test_without_a_build_the_pages_say_how_to_build_them(tmp_path, models):
    seen = []
    async with client(tmp_path / "nothing", models, seen) as http:
        for path in ("/", "/verify"):
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
            assert "make web" in answer.text
            assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert seen == [("start", 503), ("verify", 503)]


async def test_answers_are_counted_by_page(http, seen):
    await http.get("/verify")
    await http.get("/assets/main-0a1b.js")
    await http.get("/assets/none.js")
    assert seen == [("verify", 200), ("asset", 200), ("asset", 404)]


@pytest.mark.parametrize(
    ("changes", "visit"),
    [
        ({}, True),
        ({"query_string": b"token=0A1B"}, True),
        ({"query_string": b"Action=GetLivenessResult"}, False),
        ({"method": "POST"}, False),
        ({"method": "HEAD"}, False),
        ({"headers": [(b"accept", b"*/*")]}, False),
        ({"headers": []}, False),
        ({"headers": [(b"accept", b"text/html"), (b"authorization", b"TC3-HMAC-SHA256 ...")]}, False),
        ({"headers": [(b"accept", b"text/html"), (b"x-tc-action", b"GetLivenessResult")]}, False),
    ],
)
def test_a_browser_is_told_apart_from_a_call(changes, visit):
    scope = {"method": "GET", "query_string": b"", "headers": [(b"accept", b"text/html,application/xhtml+xml")]} | changes
    assert is_visit(scope) is visit


async def test_files_may_be_loaded_by_the_sites_that_capture(built, models):
    origin = {"Origin": "https://shop.example"}
    async with client(built, models, capture_origins=("https://shop.example",)) as http:
        assert (await http.get("/assets/style-1.css", headers=origin)).headers["access-control-allow-origin"] == "https://shop.example"
        stranger = await http.get("/assets/style-1.css", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in stranger.headers
        assert "access-control-allow-origin" not in (await http.get("/verify", headers=origin)).headers
