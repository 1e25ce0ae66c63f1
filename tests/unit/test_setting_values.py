"""Lists in settings are read in one way whatever their source, and what stands in them is checked."""

from pathlib import Path
from typing import Any

import pytest

from openekyc.errors import SettingsError
from openekyc.setting_sources import load
from openekyc.settings import Settings
from openekyc.wire.call import public_host_bytes

URL = {"OPENEKYC_PUBLIC_URL": "https://ekyc.example.com"}
LISTS = [
    name for name, default in ((field, getattr(Settings(), field)) for field in Settings.__struct_fields__) if isinstance(default, tuple)
]

READ: list[tuple[str, str, tuple[Any, ...]]] = [
    ("regions", "", ()),
    ("regions", "  ", ()),
    ("regions", "[]", ()),
    ("regions", " [ ] ", ()),
    ("regions", "a", ("a",)),
    ("regions", "a,b", ("a", "b")),
    ("regions", " a , b ", ("a", "b")),
    ("regions", '["a"]', ("a",)),
    ("regions", ' ["a", "b"] ', ("a", "b")),
    ("regions", '["ap-singapore",\n "x-1"]', ("ap-singapore", "x-1")),
    ("public_hosts", "ekyc.example", ("ekyc.example",)),
    ("public_hosts", '["ekyc.example:8443"]', ("ekyc.example:8443",)),
    ("public_hosts", "EKYC.example, 192.0.2.1:80", ("EKYC.example", "192.0.2.1:80")),
    ("public_hosts", '["[2001:db8::1]:8443", "[::1]"]', ("[2001:db8::1]:8443", "[::1]")),
    ("public_hosts", "bücher.example:8443", ("xn--bcher-kva.example:8443",)),
    ("public_hosts", "straße.example", ("xn--strae-oqa.example",)),
    ("capture_origins", "https://shop.example", ("https://shop.example",)),
    ("capture_origins", '["https://Shop.example:443"]', ("https://shop.example",)),
    ("embed_origins", "http://a.example:8080,https://b.example", ("http://a.example:8080", "https://b.example")),
    ("trusted_proxies", "127.0.0.1", ("127.0.0.1/32",)),
    ("trusted_proxies", '["127.0.0.0/8", "::1"]', ("127.0.0.0/8", "::1/128")),
    ("trusted_proxies", "::ffff:10.0.0.0/104, fd00::/8", ("10.0.0.0/8", "fd00::/8")),
    ("capture_oval", "0.3, 0.1, 0.4, 0.8", (0.3, 0.1, 0.4, 0.8)),
    ("capture_oval", "[0.3, 0.1, 0.4, 0.8]", (0.3, 0.1, 0.4, 0.8)),
]

REFUSED = [
    ("regions", ","),
    ("regions", "a,"),
    ("regions", "a,,b"),
    ("regions", '["a"'),
    ("regions", "['a']"),
    ("regions", "[a, b]"),
    ("regions", '["a"] b'),
    ("regions", '"a","b"'),
    ("regions", '[["a"]]'),
    ("regions", '["a", 1]'),
    ("regions", '[""]'),
    ("regions", '{"a": 1}'),
    ("regions", "a b"),
    ("regions", "a\nb"),
    ("regions", "[" * 100_000),
    ("public_hosts", "https://ekyc.example"),
    ("public_hosts", "ekyc.example/path"),
    ("public_hosts", "*.example"),
    ("public_hosts", "*"),
    ("public_hosts", "ekyc.example:0"),
    ("public_hosts", "ekyc.example:99999"),
    ("public_hosts", "2001:db8::1"),
    ("public_hosts", "[2001:db8::1]:8443"),
    ("public_hosts", '["[127.0.0.1]"]'),
    ("public_hosts", "user@ekyc.example"),
    ("public_hosts", "a..example"),
    ("public_hosts", '["ekyc.example\\n"]'),
    ("capture_origins", "shop.example"),
    ("capture_origins", "*"),
    ("capture_origins", "https://shop.example/"),
    ("capture_origins", '["https://shop.example\\n"]'),
    ("embed_origins", "https://shop.example; script-src *"),
    ("embed_origins", "https://shop.example:70000"),
    ("trusted_proxies", "*"),
    ("trusted_proxies", "localhost"),
    ("trusted_proxies", "0.0.0.0/0"),
    ("trusted_proxies", "::/0"),
    ("trusted_proxies", "10.0.0.1/8"),
    ("trusted_proxies", "127.0.0.1:8080"),
    ("trusted_proxies", "[1]"),
    ("capture_oval", ""),
    ("capture_oval", "0.3,0.1,0.4"),
    ("capture_oval", "0.3,0.1,0.4,0.8,0"),
    ("capture_oval", "nan,0.1,0.4,0.8"),
    ("capture_oval", "0.3,0.1,inf,0.8"),
    ("capture_oval", "0.7,0.1,0.4,0.8"),
    ("capture_oval", "[0.3, 0.1, true, 0.8]"),
    ("capture_oval", "a,b,c,d"),
]


@pytest.mark.parametrize(("name", "text", "wanted"), READ)
def test_text_is_read_alike_in_a_variable_and_in_the_file(name: str, text: str, wanted: tuple[Any, ...], tmp_path: Path) -> None:
    assert getattr(load(environ=URL | {f"OPENEKYC_{name.upper()}": text}), name) == wanted
    file = tmp_path / "openekyc.toml"
    file.write_text(f"{name} = '''{text}'''", "utf-8")
    assert getattr(load(file, environ=URL), name) == wanted


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_anything_else_is_refused_by_name(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"`{name}`") as caught:
        load(environ=URL | {f"OPENEKYC_{name.upper()}": text})
    assert len(caught.value.message) < 400
    assert caught.value.remedy
    file = tmp_path / "openekyc.toml"
    file.write_text(f"{name} = '''{text}'''", "utf-8")
    with pytest.raises(SettingsError, match=f"`{name}`"):
        load(file, environ=URL)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", ["1", "true", "1.5", "{a = 1}", "[[]]", "[true]", "2026-01-01"])
def test_toml_of_another_type_is_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    file = tmp_path / "openekyc.toml"
    file.write_text(f"{name} = {value}")
    with pytest.raises(SettingsError, match=f"`{name}`"):
        load(file, environ=URL)


def test_toml_arrays(tmp_path: Path) -> None:
    file = tmp_path / "openekyc.toml"
    file.write_text('regions = ["a", "b"]\ncapture_oval = [0, 0, 1, 1]\nembed_origins = []\ntrusted_proxies = ["::1"]\n')
    found = load(file, environ={})
    assert (found.regions, found.capture_oval, found.embed_origins, found.trusted_proxies) == (("a", "b"), (0, 0, 1, 1), (), ("::1/128",))


@pytest.mark.parametrize(
    ("url", "kept", "hosts"),
    [
        ("https://ekyc.example.com", "https://ekyc.example.com", (b"ekyc.example.com", b"ekyc.example.com:443")),
        ("https://ekyc.example.com/", "https://ekyc.example.com", (b"ekyc.example.com", b"ekyc.example.com:443")),
        ("https://ekyc.example.com:443", "https://ekyc.example.com:443", (b"ekyc.example.com", b"ekyc.example.com:443")),
        ("http://ekyc.example.com", "http://ekyc.example.com", (b"ekyc.example.com", b"ekyc.example.com:80")),
        ("https://h.example:8443/id//", "https://h.example:8443/id", (b"h.example", b"h.example:8443")),
        ("HTTPS://H.Example", "https://H.Example", (b"H.Example", b"h.example", b"H.Example:443", b"h.example:443")),
        ("https://[2001:db8::1]", "https://[2001:db8::1]", (b"[2001:db8::1]", b"[2001:db8::1]:443")),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", (b"[2001:db8::1]", b"[2001:db8::1]:8443")),
        ("https://bücher.example", "https://xn--bcher-kva.example", (b"xn--bcher-kva.example", b"xn--bcher-kva.example:443")),
        ("", "", ()),
    ],
)
def test_the_public_address_and_the_hosts_it_stands_for(url: str, kept: str, hosts: tuple[bytes, ...]) -> None:
    found = load(environ={"OPENEKYC_PUBLIC_URL": url})
    assert found.public_url == kept
    assert set(public_host_bytes(found.signed_hosts)) == set(hosts)


@pytest.mark.parametrize(
    "url",
    ["ekyc.example.com", "ftp://ekyc.example.com", "https://", "https://user:pw@h.example", "https://h.example?x=1", "https://h.example#x",
     "https://h example", "https://h.example:port", "https://[::1", "//h.example", "https://h.example/\\evil", "*", "https://*.example",
     "https://h.example/<script>", "https://-bad-.example", "https://" + "a" * 70 + ".example"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="`public_url`"):
        load(environ={"OPENEKYC_PUBLIC_URL": url})


def test_further_hosts_need_an_address_for_links() -> None:
    with pytest.raises(SettingsError, match="OPENEKYC_PUBLIC_HOSTS") as caught:
        load(environ={"OPENEKYC_PUBLIC_HOSTS": "ekyc.example"})
    assert "`public_url`" in caught.value.remedy
