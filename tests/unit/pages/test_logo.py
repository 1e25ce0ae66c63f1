"""Logos are served by their digest, for good, and nothing else is."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from openekyc.branding import logo_key
from openekyc.pages.logo import LogoEndpoint
from openekyc.storage.memory import MemoryBlobs

NAME = "ab" * 32 + ".webp"


@pytest.fixture
async def http():
    blobs = MemoryBlobs()
    await blobs.put(logo_key(NAME), b"pixels")
    await blobs.put("sessions/t/1/video", b"secret")
    transport = httpx.ASGITransport(Starlette(routes=[Route("/brand/{name}", LogoEndpoint(blobs))]))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_a_logo_is_kept_by_browsers_and_runs_nothing(http):
    answer = await http.get(f"/brand/{NAME}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"pixels", "image/webp")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await http.get(f"/brand/{NAME}", headers={"If-None-Match": answer.headers["etag"]})).status_code == 304
    head = await http.head(f"/brand/{NAME}")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "6")


@pytest.mark.parametrize(
    "name",
    ["cd" * 32 + ".png", "ab" * 32, "ab" * 32 + ".svg", NAME.upper(), f"{NAME}x", "..%2Fsessions%2Ft%2F1%2Fvideo", f"{NAME}%0a", "x"],
)
async def test_nothing_else_is_there(http, name):
    answer = await http.get(f"/brand/{name}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


async def test_it_is_only_read(http):
    assert (await http.post(f"/brand/{NAME}")).status_code == 405
