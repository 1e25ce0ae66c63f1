"""Accounts by command: made with their first key, listed, shown with the source of each value, and set."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from openekyc.cli import exits
from openekyc.cli.main import run


@pytest.fixture
def call(home: Path, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str) -> tuple[int, str, str]:
        code = run([*arguments[:2], "--home", str(home), *arguments[2:]])
        out, err = capsys.readouterr()
        return code, out, err

    call("keys", "create", "--account", "acme")
    return call


def values(call, name: str = "acme") -> dict:
    return json.loads(call("accounts", "show", name, "--json")[1])["Settings"]


def test_a_key_makes_its_account(call) -> None:
    call("keys", "create", "--account", "try", "--sandbox")
    call("keys", "create", "--account", "acme")
    rows = json.loads(call("accounts", "list", "--json")[1])
    assert [(row["Account"], row["Sandbox"], row["Keys"], row["Settings"]) for row in rows] == [
        ("acme", False, 2, {}),
        ("try", True, 1, {}),
    ]
    assert "acme" in call("accounts", "list")[1]


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "\x1b[2J"])
def test_a_new_account_needs_a_plain_name(call, name: str) -> None:
    code, _, err = call("keys", "create", "--account", name)
    assert code == exits.REFUSED
    assert "letters and digits" in err
    assert len(json.loads(call("accounts", "list", "--json")[1])) == 1


def test_each_value_tells_where_it_comes_from(call, home: Path) -> None:
    (home / "openekyc.toml").write_text("pass_similarity = 80\n")
    assert call("accounts", "set", "acme", "brand_name=Acme = Ltd", "capture_session_s=0")[0] == exits.DONE
    found = values(call)
    told = [
        (found[name]["value"], found[name]["source"]) for name in ("brand_name", "capture_session_s", "pass_similarity", "drawn_gestures")
    ]
    assert told == [("Acme = Ltd", "account"), (0, "account"), (80.0, str(home / "openekyc.toml")), (1, "default")]
    text = call("accounts", "show", "acme")[1]
    assert "Acme = Ltd" in text
    assert "account" in text


def test_an_empty_value_goes_back_to_the_servers(call) -> None:
    call("accounts", "set", "acme", "brand_name=Acme", "rate_per_second=3")
    call("accounts", "set", "acme", "brand_name=")
    found = values(call)
    assert (found["brand_name"]["source"], found["rate_per_second"]["value"]) == ("default", 3)


def test_consent_by_language_from_the_line_or_a_file(call, tmp_path: Path) -> None:
    (tmp_path / "consent.txt").write_bytes("\ufeffI agree.\r\nReally: “yes”.\n".encode())
    call("accounts", "set", "acme", f"brand_consent.en=@{tmp_path}/consent.txt", "brand_consent.th=ตกลง")
    assert values(call)["brand_consent"]["value"] == {"en": "I agree.\nReally: “yes”.", "th": "ตกลง"}
    shown = call("accounts", "show", "acme")[1]
    assert "brand_consent.en" in shown
    assert "I agree.\\nReally" in shown
    call("accounts", "set", "acme", "brand_consent.en=")
    assert values(call)["brand_consent"]["value"] == {"th": "ตกลง"}


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"x" * 4001, b"x" * 70_000, b"a\x00b"])
def test_a_file_that_holds_no_consent_is_refused(call, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "consent.txt").write_bytes(content)
    code, _, err = call("accounts", "set", "acme", "brand_name=Acme", f"brand_consent.en=@{tmp_path}/consent.txt")
    assert code == exits.REFUSED
    assert "->" in err
    assert values(call)["brand_name"]["source"] == "default"  # nothing of it was set


def test_a_logo_is_copied_under_the_digest_of_its_bytes(call, home: Path, tmp_path: Path) -> None:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), (1, 2, 3)).save(target, "PNG")
    (tmp_path / "logo.png").write_bytes(target.getvalue())
    assert call("accounts", "set", "acme", f"brand_logo={tmp_path}/logo.png")[0] == exits.DONE
    name = values(call)["brand_logo"]["value"]
    assert (home / "blobs" / "brand" / name).is_file()
    (tmp_path / "logo.png").write_bytes(b"<svg/>")
    code, _, err = call("accounts", "set", "acme", f"brand_logo={tmp_path}/logo.png")
    assert (code, "neither PNG nor WebP" in err) == (exits.REFUSED, True)
    assert values(call)["brand_logo"]["value"] == name
    call("accounts", "set", "acme", "brand_logo=")
    assert values(call)["brand_logo"] | {"meaning": ""} == {"value": "", "source": "default", "meaning": ""}
    assert (home / "blobs" / "brand" / name).is_file()  # a page may still show it


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("show", "acm"), exits.REFUSED, "Did you mean `acme`?"),
        (("set", "nobody", "brand_name=x"), exits.REFUSED, "accounts list"),
        (("set", "acme", "brand_nam=x"), exits.REFUSED, "Did you mean `brand_name`?"),
        (("set", "acme", "port=1"), exits.REFUSED, "whole server"),
        (("set", "acme", "rate_per_second=0"), exits.REFUSED, "Calls per second"),
        (("set", "acme", "brand_consent.tlh=x"), exits.REFUSED, "It speaks en"),
        (("set", "acme", "brand_name=" + "x" * 100_000), exits.REFUSED, "80 characters"),
        (("set", "acme", "brand_name"), exits.USAGE, "KEY=VALUE"),
        (("set", "acme", "=x"), exits.USAGE, "KEY=VALUE"),
        (("set", "acme"), exits.USAGE, "KEY=VALUE"),
    ],
)
def test_mistakes_are_told_with_their_remedy(call, arguments: tuple[str, ...], code: int, told: str) -> None:
    found, _, err = call("accounts", *arguments)
    assert found == code
    assert told in err
    assert len(err) < 1000


def test_names_of_earlier_versions_cannot_move_the_cursor(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openekyc.credentials.check_name", lambda name: None)
    call("keys", "create", "--account", "\x1b[2J[red]odd[/red]")
    text = call("accounts", "list")[1]
    assert "\x1b" not in text
    assert "\\x1b[2J[red]odd[/red]" in text
    assert call("accounts", "set", "\x1b[2J[red]odd[/red]", "brand_name=x")[0] == exits.DONE
