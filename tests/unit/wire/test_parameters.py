"""Every kind of parameter, in JSON, flattened text and multipart; the order of the checks; parsers raise nothing but ApiError."""

import base64
from contextlib import suppress
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.errors import ApiError
from openekyc.wire import bodies
from openekyc.wire.codes import (
    ImageSizeTooLarge,
    InvalidParameter,
    InvalidParameterValue,
    InvalidRequest,
    MissingParameter,
    UnknownParameter,
)
from openekyc.wire.parameters import BadValue, Description, Effect, Note
from openekyc.wire.rules import Base64Picture, Between, CommaList, MaxChars, OneOf

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")


class Config(msgspec.Struct, frozen=True, rename="pascal"):
    mode: Annotated[int, Between(0, 3)]
    words: tuple[str, ...] = ()


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    name: str
    level: Annotated[str, OneOf("1", "2"), Note("how strict")] = "1"
    count: Annotated[int, Between(1, 5)] = 5
    big: int = 0
    share: float = 0.0
    flag: Annotated[bool, Effect("ignored")] = False
    short: Annotated[str, MaxChars(3), Effect("stored")] = ""
    gestures: Annotated[tuple[str, ...] | None, CommaList("blink", "nod", "shake", most=2)] = None
    codes: tuple[int, ...] = ()
    config: Config | None = None
    configs: tuple[Config, ...] = ()
    image: Annotated[bytes | None, Base64Picture(64, ImageSizeTooLarge)] = None


DESCRIPTION = Description(Params)


def from_json(text: str) -> Params:
    return DESCRIPTION.read(bodies.json_object(text.encode()))


def from_text(**fields: str) -> Params:
    return DESCRIPTION.read(bodies.flattened(fields.items()), as_text=True)


def test_defaults_and_null_means_absent() -> None:
    assert from_json('{"Name": "x", "Level": null, "Config": null}') == Params("x")
    assert from_json('{"Name": "a", "Name": "x"}') == Params("x")


def test_everything_in_json() -> None:
    image = base64.b64encode(PNG).decode()
    text = f"""{{"Name": "\\u00fc", "Level": "2", "Count": 1, "Big": -9223372036854775808, "Share": 1, "Flag": true,
        "Short": "\u20ac\u20ac\u20ac",
        "Gestures": "nod,blink", "Codes": [1, -2], "Config": {{"Mode": 3, "Words": ["a"]}},
        "Configs": [{{"Mode": 0}}], "Image": "{image}"}}"""
    config = Config(3, ("a",))
    wanted = Params("ü", "2", 1, -(2**63), 1.0, True, "€€€", ("nod", "blink"), (1, -2), config, (Config(0),), PNG)
    assert from_json(text) == wanted
    assert from_json(text.replace(image, f"data:image/png;base64,{image}")) == wanted


def test_everything_in_text() -> None:
    fields = {"Name": "x", "Count": "3", "Big": "-7", "Share": "0.5", "Flag": "True", "Gestures": "shake", "Codes.1": "-2", "Codes.0": "1"}
    fields |= {
        "Config.Mode": "2",
        "Config.Words.0": "a",
        "Config.Words.1": "b",
        "Configs.0.Mode": "1",
        "Image": base64.b64encode(PNG).decode(),
    }
    config = Config(2, ("a", "b"))
    wanted = Params(
        "x", count=3, big=-7, share=0.5, flag=True, gestures=("shake",), codes=(1, -2), config=config, configs=(Config(1),), image=PNG
    )
    assert from_text(**fields) == wanted
    assert from_text(**fields | {"Flag": "true"}) == wanted


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('{"Nmae": 1, "Name": 2}', UnknownParameter),  # unknown before types
        ('{"Name": 2, "Config": {"Other": 1}}', UnknownParameter),
        ('{"Name": 2, "Configs": [{"Mode": 1}, {"Other": 1}]}', UnknownParameter),
        ('{"Level": 1}', InvalidParameter),  # types before required ones
        ('{"Level": "9"}', MissingParameter),  # required ones before values
        ('{"Level": "9", "Name": null}', MissingParameter),
        ('{"Name": "x", "Level": "9", "Config": {}}', MissingParameter),
        ('{"Name": "x", "Level": "9"}', InvalidParameterValue),
        ('{"Name": "x", "Config": {"Mode": 4}}', InvalidParameterValue),
        ('{"Name": "x", "Configs": [{"Mode": 4}]}', InvalidParameterValue),
        ('{"Name": 1}', InvalidParameter),
        ('{"Name": "x", "Count": "1"}', InvalidParameter),
        ('{"Name": "x", "Count": 1.0}', InvalidParameter),
        ('{"Name": "x", "Count": true}', InvalidParameter),
        ('{"Name": "x", "Big": 9223372036854775808}', InvalidParameter),
        ('{"Name": "x", "Flag": 1}', InvalidParameter),
        ('{"Name": "x", "Flag": "true"}', InvalidParameter),
        ('{"Name": "x", "Share": "1"}', InvalidParameter),
        ('{"Name": "x", "Share": true}', InvalidParameter),
        ('{"Name": "x", "Codes": 1}', InvalidParameter),
        ('{"Name": "x", "Codes": ["1"]}', InvalidParameter),
        ('{"Name": "x", "Config": []}', InvalidParameter),
        ('{"Name": "x", "Config": {"Mode": "1"}}', InvalidParameter),
        ('{"Name": "x", "Image": 5}', InvalidParameter),
        ('{"Name": "x", "Count": 0}', InvalidParameterValue),
        ('{"Name": "x", "Count": 6}', InvalidParameterValue),
        ('{"Name": "x", "Short": "1234"}', InvalidParameterValue),
        ('{"Name": "x", "Gestures": ""}', InvalidParameterValue),
        ('{"Name": "x", "Gestures": "blink,blink"}', InvalidParameterValue),
        ('{"Name": "x", "Gestures": "blink, nod"}', InvalidParameterValue),
        ('{"Name": "x", "Gestures": "blink,nod,shake"}', InvalidParameterValue),
        ('{"Name": "x", "Image": "%%%"}', InvalidParameterValue),
        ('{"Name": "x", "Image": ""}', InvalidParameterValue),
        ('{"Name": "x", "Image": "aGVsbG8="}', InvalidParameterValue),
        ('{"Name": "x", "Image": "' + "A" * 68 + '"}', ImageSizeTooLarge),
    ],
)
def test_each_fault_has_its_code(body: str, error: type[ApiError]) -> None:
    with pytest.raises(ApiError) as caught:
        from_json(body)
    assert caught.value.code == error.code


@pytest.mark.parametrize(
    "fields",
    [
        {"Count": "1.0"}, {"Count": " 1"}, {"Count": "1_0"}, {"Count": "١"}, {"Count": ""}, {"Count": "9" * 30},
        {"Big": "9223372036854775808"}, {"Flag": "1"}, {"Flag": "TRUE"}, {"Share": "nan"}, {"Share": "x"}, {"Codes": "1"}, {"Codes.x": "1"},
        {"Level.0": "1"}, {"Config": "1"},
        {"Config.Mode.0": "1"}, {"Configs.0": "1"}, {"Name": "\udcff"},
    ],
)  # fmt: skip
def test_text_that_does_not_convert(fields: dict[str, str]) -> None:
    with pytest.raises(InvalidParameter):
        from_text(**{"Name": "x", **fields})


def test_the_action_chooses_the_code_of_bad_values() -> None:
    with pytest.raises(InvalidParameter, match="Level") as caught:
        Description(Params, BadValue).read({"Name": "x", "Level": "9"})
    assert caught.value.code == "InvalidParameter"
    assert "取值错误" in caught.value.message_zh


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b"null", b"{", b'{"a":"\xff"}', b'{"a":"\\ud800"}', b'{"a":NaN}', b"[" * 100_000, b"{} x"]
)
def test_a_body_that_is_no_json_object(body: bytes) -> None:
    with pytest.raises(InvalidParameter):
        bodies.json_object(body)


# --- multipart ----------------------------------------------------------------------------------------------------------

CONTENT_TYPE = b"multipart/form-data; boundary=XX"


def part(name: str, value: bytes, *headers: str, more: str = "") -> bytes:
    lines = [f'Content-Disposition: form-data; name="{name}"{more}', *headers]
    return b"--XX\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + value + b"\r\n"


def test_multipart() -> None:
    body = part("Name", "ü".encode()) + part("Count", b"3") + part("Codes", b"[1, 2]", "Content-Type: application/json")
    body += part("Config", b'{"Mode": 1}', "Content-Type: application/json; charset=utf-8") + part("Image", PNG, more='; filename="a.png"')
    assert DESCRIPTION.read(bodies.multipart(body + b"--XX--\r\n", CONTENT_TYPE), as_text=True) == Params(
        "ü", count=3, codes=(1, 2), config=Config(1), image=PNG
    )
    node = part("Name", b"x") + part("Image", PNG, "Content-Type: application/octet-stream") + b"--XX--\r\n"
    assert DESCRIPTION.read(bodies.multipart(node, CONTENT_TYPE), as_text=True).image == PNG
    assert bodies.multipart(b"", CONTENT_TYPE) == {}


def test_a_file_part_is_measured_as_its_base64() -> None:
    for size, error in ((49, ImageSizeTooLarge), (48, None)):
        body = part("Name", b"x") + part("Image", PNG + b"\0" * (size - len(PNG)), more='; filename="a"') + b"--XX--\r\n"
        values = bodies.multipart(body, CONTENT_TYPE)
        if error:
            with pytest.raises(error):
                DESCRIPTION.read(values, as_text=True)
        else:
            assert DESCRIPTION.read(values, as_text=True).image


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (part("Name", b"x"), CONTENT_TYPE),  # no end
        (b"--XX--\r\n" + b"x", b"multipart/form-data"),
        (b"nonsense", CONTENT_TYPE),
        (part("Name", b"\xff") + b"--XX--\r\n", CONTENT_TYPE),
        (part("Config", b"{", "Content-Type: application/json") + b"--XX--\r\n", CONTENT_TYPE),
        (b"--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--\r\n", CONTENT_TYPE),
    ],
)
def test_broken_multipart(body: bytes, content_type: bytes) -> None:
    with pytest.raises(InvalidRequest):
        bodies.multipart(body, content_type)


def test_a_file_is_no_text_number_or_structure() -> None:
    for name in ("Name", "Count", "Config", "Codes"):
        body = part(name, b"1", more='; filename="a"') + b"--XX--\r\n"
        with pytest.raises(InvalidParameter):
            DESCRIPTION.read(bodies.multipart(body, CONTENT_TYPE), as_text=True)


# --- hostile input ------------------------------------------------------------------------------------------------------

NAMES = [parameter.name for parameter in DESCRIPTION.parameters] + ["Other", "Mode", "0"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)


def only_api_errors(read: Any, *arguments: Any, **named: Any) -> None:
    with suppress(ApiError):
        read(*arguments, **named)


@given(st.dictionaries(st.sampled_from(NAMES), json_values, max_size=5))
def test_any_json_object(value: dict[str, Any]) -> None:
    only_api_errors(DESCRIPTION.read, value)


@given(st.lists(st.tuples(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(".".join), st.text(max_size=5)), max_size=6))
def test_any_flattened_fields(pairs: list[tuple[str, str]]) -> None:
    only_api_errors(lambda: DESCRIPTION.read(bodies.flattened(pairs), as_text=True))


@given(st.binary(max_size=300))
def test_any_bytes_as_json(body: bytes) -> None:
    only_api_errors(bodies.json_object, body)


@given(
    st.lists(
        st.sampled_from([b"--XX", b"--", b"\r\n", b"Content-Disposition: form-data", b'; name="Name"', b": ", b"x", b"\xff", b";"]),
        max_size=30,
    )
)
def test_any_bytes_as_multipart(pieces: list[bytes]) -> None:
    only_api_errors(lambda: DESCRIPTION.read(bodies.multipart(b"".join(pieces), CONTENT_TYPE), as_text=True))
