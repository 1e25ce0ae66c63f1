"""The documentation's addresses: pages, redirects, twins, the page for unknown addresses, and a server without it."""

import gzip

import httpx
import pytest
from starlette.applications import Starlette

from openekyc.pages.docs import Docs

PAGE = b"<!doctype html><title>Codes</title>" + b" " * 400
HTML = "text/html; charset=utf-8"


@pytest.fixture
def built(tmp_path):
    folder = tmp_path / "site"
    for name, data in {
        "index.html": b"<!doctype html><title>home</title>",
        "404.html": b"<!doctype html><title>none</title>",
        "404.html.gz": gzip.compress(b"<!doctype html><title>none</title>"),
        "reference/codes/index.html": PAGE,
        "reference/codes/index.html.gz": gzip.compress(PAGE),
        "reference/codes.md": b"# Codes\n",
        "css/docs.css": b"p {}",
        "llms.txt": b"- [Codes](reference/codes.md)\n",
        "llms-root.txt": b"- [Codes](docs/reference/codes.md)\n",
        "built.stamp": b"secret",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (tmp_path / "secret.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


def client(built, seen=None, **options):
    told = seen if seen is not None else []
    docs = Docs(built, lambda page, status: told.append((page, status)), **options)
    transport = httpx.ASGITransport(Starlette(routes=docs.routes()))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", headers={"Accept-Encoding": "identity"})


@pytest.fixture
async def http(built):
    async with client(built) as open_client:
        yield open_client


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [
        ("/docs/", HTML, "<!doctype html><title>home"),
        ("/docs/reference/codes/", HTML, "<!doctype html><title>Codes"),
        ("/docs/reference/codes/index.html", HTML, "<!doctype html><title>Codes"),
        ("/docs/reference/codes.md", "text/markdown; charset=utf-8", "# Codes"),
        ("/docs/css/docs.css", "text/css; charset=utf-8", "p {}"),
        ("/docs/llms.txt", "text/plain; charset=utf-8", "- [Codes](reference"),
        ("/llms.txt", "text/plain; charset=utf-8", "- [Codes](docs/reference"),
    ],
)
async def test_pages_files_and_twins_are_served_under_the_policy(http, path, kind, begins):
    answer = await http.get(path)
    assert (answer.status_code, answer.headers["content-type"], answer.headers["cache-control"]) == (200, kind, "no-cache")
    assert answer.text.startswith(begins)
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules
    assert "'unsafe" not in rules.replace("'wasm-unsafe-eval'", "")
    assert "frame-ancestors 'none'" in rules
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/docs", "docs/"),
        ("/docs?q=1", "docs/?q=1"),
        ("/docs/reference/codes", "codes/"),
        ("/docs/reference/codes?x=%0d%0aSet-Cookie:a", "codes/?x=%0d%0aSet-Cookie:a"),
    ],
)
async def test_addresses_without_their_slash_are_sent_on_relatively(http, path, place):
    answer = await http.get(path)
    assert (answer.status_code, answer.headers["location"]) == (308, place)


@pytest.mark.parametrize(
    "path",
    [
        "/docs/none/",
        "/docs/none",
        "/docs/reference/",
        "/docs/built.stamp",
        "/docs/link.txt",
        "/docs/%2e%2e/secret.txt",
        "/docs/..%2fsecret.txt",
        "/docs//secret.txt",
        "/docs//evil.example",
        "/docs/reference/codes/index.html.gz",
        "/docs/%00",
        "/docs/" + "a/" * 2000,
    ],
)
async def test_anything_else_is_the_page_for_unknown_addresses(http, path):
    answer = await http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, HTML)
    assert "outside" not in answer.text
    assert "<title>none" in answer.text


async def test_a_browser_asks_once(http):
    first = await http.get("/docs/reference/codes/", headers={"Accept-Encoding": "gzip"})
    assert (first.headers["content-encoding"], first.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert first.content == PAGE
    again = await http.get("/docs/reference/codes/", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_unknown_address_stays_unknown_to_a_cache_and_in_parts(http):
    first = await http.get("/docs/none/")
    for asked in ({"If-None-Match": first.headers["etag"]}, {"If-None-Match": "*"}, {"Range": "bytes=0-3"}, {"Range": "bytes=900-"}):
        assert (await http.get("/docs/none/", headers=asked)).status_code == 404


async def test_head_has_no_body_and_nothing_may_be_posted(http):
    head = await http.head("/docs/reference/codes/")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PAGE)))
    assert (await http.post("/docs/")).status_code == 405


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/docs/reference/codes/", "/llms.txt"])
async def test_without_the_built_folder_it_says_how_to_build_it(tmp_path, path):
    seen = []
    async with client(tmp_path / "none", seen) as http:
        answer = await http.get(path)
    assert answer.status_code == 503
    assert "make docs" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert seen == [("docs", 503)]


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/docs/reference/codes/", "/llms.txt"])
async def test_turned_off_it_names_the_setting(built, path):
    async with client(built, on=False) as http:
        answer = await http.get(path)
    assert answer.status_code == 404
    assert "setting `docs`" in answer.text
