"""Links open what they were made for, for as long as promised, and nothing else; ranges are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.api.media import Links, MediaEndpoint
from openekyc.api.ranges import RangeUnsatisfiable, read_range
from openekyc.errors import LinkExpired, LinkInvalid
from openekyc.sessions.model import ApiKey, Media
from openekyc.storage.memory import MemoryAccountStore, MemoryBlobs, MemoryKeyStore
from openekyc.wire.call import Request
from tests.unit.api.caller import Answer, Time, ask

DATA = bytes(range(256)) * 4
MEDIA = Media("sessions/a/1/video", "9" * 32, len(DATA), "video/webm")


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def links(clock: Time) -> Links:
    return Links(b"0123456789abcdef", 600, clock)


@pytest.fixture
async def endpoint(links: Links) -> MediaEndpoint:
    blobs = MemoryBlobs()
    await blobs.put(MEDIA.key, DATA)
    return MediaEndpoint(links, MemoryKeyStore(MemoryAccountStore()), blobs)


async def test_a_link_ends_with_the_key_that_asked_for_it(links: Links) -> None:
    blobs, keys = MemoryBlobs(), MemoryKeyStore(MemoryAccountStore())
    await blobs.put(MEDIA.key, DATA)
    for name in ("AKID1", "AKID2"):
        await keys.add(ApiKey(name, "secret", "acme", sandbox=False, created_at=0.0))
    endpoint, own, other = MediaEndpoint(links, keys, blobs), links.sign(MEDIA, "AKID1"), links.sign(MEDIA, "AKID2")
    assert (await get(endpoint, own)).status == 200
    await keys.disable("AKID1", keep_tokens=True)
    assert (await get(endpoint, own)).status == 200
    await keys.disable("AKID1")
    assert [(await get(endpoint, link)).status for link in (own, other)] == [410, 200]


async def get(endpoint: MediaEndpoint, token: str, method: str = "GET", **headers: str) -> Answer:
    raw = {name.encode(): value.encode() for name, value in headers.items()}
    return await ask(endpoint, Request(method, b"", raw), path=f"/media/{token}")


def test_links_live_as_long_as_promised(links: Links, clock: Time) -> None:
    token = links.sign(MEDIA)
    clock.now += 599.9
    assert links.open(token) == (MEDIA, "")
    clock.now += 0.1
    with pytest.raises(LinkExpired):
        links.open(token)


def test_links_are_fresh_and_opaque(links: Links) -> None:
    assert links.sign(MEDIA) != links.sign(MEDIA)
    assert "sessions" not in links.sign(MEDIA)


@given(st.integers(0, 300), st.integers(1, 255))
def test_an_altered_link_opens_nothing(at: int, flip: int) -> None:
    links = Links(b"0123456789abcdef", 600, Time())
    token = links.sign(MEDIA)
    at %= len(token) - 1  # the last sign holds padding bits
    altered = token[:at] + chr(ord(token[at]) ^ flip) + token[at + 1 :]
    with pytest.raises(LinkInvalid):
        links.open(altered)


@given(st.text(max_size=80))
def test_any_text_is_no_link(token: str) -> None:
    with pytest.raises(LinkInvalid):
        Links(b"0123456789abcdef", 600, Time()).open(token)


def test_another_servers_link_opens_nothing(links: Links, clock: Time) -> None:
    with pytest.raises(LinkInvalid):
        links.open(Links(b"another secret 1", 600, clock).sign(MEDIA))


async def test_serving(endpoint: MediaEndpoint, links: Links) -> None:
    answer = await get(endpoint, links.sign(MEDIA))
    assert (answer.status, answer.body) == (200, DATA)
    assert answer.headers[b"content-type"] == b"video/webm"
    assert answer.headers[b"content-length"] == b"1024"
    assert answer.headers[b"etag"] == b'"%b"' % MEDIA.md5.encode()
    head = await get(endpoint, links.sign(MEDIA), "HEAD")
    assert (head.status, head.body, head.headers[b"content-length"]) == (200, b"", b"1024")


@pytest.mark.parametrize(
    ("header", "part"),
    [("bytes=0-9", slice(0, 10)), ("bytes=1000-", slice(1000, 1024)), ("bytes=-4", slice(1020, 1024)), ("bytes=5-99999", slice(5, 1024))],
)
async def test_ranges(endpoint: MediaEndpoint, links: Links, header: str, part: slice) -> None:
    answer = await get(endpoint, links.sign(MEDIA), range=header)
    assert (answer.status, answer.body) == (206, DATA[part])
    assert answer.headers[b"content-range"] == b"bytes %d-%d/1024" % (part.start, part.stop - 1)
    assert answer.headers[b"content-length"] == b"%d" % len(answer.body)


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "lines=1-2", "bytes=-", "nonsense"])
async def test_ranges_that_are_not_understood_give_the_whole(endpoint: MediaEndpoint, links: Links, header: str) -> None:
    assert (await get(endpoint, links.sign(MEDIA), range=header)).body == DATA


@pytest.mark.parametrize("header", ["bytes=1024-", "bytes=-0", "bytes=9-5"])
async def test_ranges_outside(endpoint: MediaEndpoint, links: Links, header: str) -> None:
    answer = await get(endpoint, links.sign(MEDIA), range=header)
    assert (answer.status, answer.headers[b"content-range"]) == (416, b"bytes */1024")


async def test_refusals(endpoint: MediaEndpoint, links: Links, clock: Time) -> None:
    token = links.sign(MEDIA)
    assert (await get(endpoint, token, "POST")).status == 405
    assert (await get(endpoint, token + "x")).status == 403
    gone = links.sign(Media("sessions/a/1/none", "", 5, "video/webm"))
    assert (await get(endpoint, gone)).status == 404
    clock.now += 600
    assert (await get(endpoint, token)).status == 410


@given(st.binary(max_size=20) | st.from_regex(rb"bytes=[0-9]{0,3}-[0-9]{0,3}", fullmatch=True), st.integers(0, 100))
def test_a_range_lies_inside_the_file(header: bytes, size: int) -> None:
    try:
        part = read_range(header, size)
    except RangeUnsatisfiable:
        return
    assert part is None or 0 <= part.start < part.stop <= size
