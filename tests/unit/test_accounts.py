"""What an account may have of its own, by which bounds, and what holds then."""

import msgspec
import pytest
from msgspec.structs import fields

from openekyc.accounts import (
    NAME_MOST,
    NOTHING_OWN,
    OWN,
    STORED,
    Account,
    AccountSettingRefused,
    AccountSettings,
    check_name,
    effective,
    own_values,
    revised,
)
from openekyc.errors import SettingsError
from openekyc.setting_sources import checked, load
from openekyc.settings import Settings

LOGO = "ab" * 32 + ".png"


def own(**values: object) -> AccountSettings:
    return msgspec.convert(values, STORED)


def test_the_fields_are_the_servers_own_with_the_same_bounds() -> None:
    servers = {field.name: field.type for field in fields(Settings)}
    accounts = {field.name: field.type for field in fields(STORED)}
    assert set(accounts) == set(OWN)
    assert {name for name in servers if name.startswith("brand_")} <= set(OWN)
    same = [name for name in OWN if accounts[name] == servers[name] | msgspec.UnsetType]
    assert same == [name for name in OWN if name != "brand_logo"]


def test_what_is_not_set_is_the_servers_and_what_is_set_wins() -> None:
    server = Settings(pass_similarity=80.0, brand_name="Operator", capture_handoff=True)
    assert effective(server, NOTHING_OWN) is server
    held = effective(server, own(brand_name="Acme", capture_handoff=None, rate_per_second=3))
    assert (held.brand_name, held.capture_handoff, held.rate_per_second, held.pass_similarity) == ("Acme", None, 3, 80.0)
    assert (server.brand_name, server.rate_per_second) == ("Operator", 20)


def test_only_what_is_set_is_stored_and_it_comes_back() -> None:
    settings = revised(NOTHING_OWN, {"capture_no_light": "true", "capture_session_s": "0", "brand_consent.en": "I agree.\nReally."})
    text = msgspec.json.encode(settings)
    assert text == b'{"capture_no_light":true,"capture_session_s":0,"brand_consent":{"en":"I agree.\\nReally."}}'
    assert msgspec.json.decode(text, type=STORED) == settings


def test_an_empty_value_goes_back_to_the_servers() -> None:
    settings = revised(NOTHING_OWN, {"brand_name": "Acme", "drawn_gestures": "0", "brand_consent.en": "yes", "brand_consent.th": "ใช่"})
    settings = revised(settings, {"brand_name": "", "brand_consent.en": ""})
    assert own_values(settings) == {"drawn_gestures": 0, "brand_consent": {"th": "ใช่"}}
    assert revised(settings, {"drawn_gestures": "", "brand_consent.th": ""}) == NOTHING_OWN
    assert revised(settings, {"drawn_gestures": "", "brand_consent": ""}) == NOTHING_OWN


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("brand_nam", "x", "brand_name"),
        ("brand_name.en", "x", "no setting"),
        ("brand_consent.", "x", "does not speak"),
        ("brand_consent.pt-br", "x", "pt-BR"),
        ("port", "1", "openekyc.toml"),
        ("home", "/", "openekyc.toml"),
        ("workers", "1", "openekyc.toml"),
        ("rate_per_second", "0", "Calls per second"),
        ("rate_per_second", "many", "Calls per second"),
        ("pass_similarity", "100.5", "Similarity"),
        ("pass_similarity", "nan", "Similarity"),
        ("drawn_gestures", "5", "Gestures"),
        ("capture_no_light", "perhaps", "People"),
        ("brand_name", "x" * 81, "80 characters"),
        ("brand_name", "two\nlines", "one line"),
        ("brand_name", " ", "one line"),
        ("brand_name", "Acme \u202egnp.exe", "one line"),
        ("brand_purpose", "\x1b[2J", "one line"),
        ("brand_color", "red", "#2d72f1"),
        ("brand_color", "#12345", "#2d72f1"),
        ("brand_color", "#123456;", "#2d72f1"),
        ("brand_consent.en", "x" * 4001, "4,000"),
        ("brand_consent.en", "\x00", "plain text"),
        ("brand_consent", '{"tlh": "x"}', "by language"),
        ("brand_consent", '{"en": ""}', "by language"),
        ("brand_consent", "text", "by language"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_cause_and_remedy(key: str, text: str, told: str) -> None:
    with pytest.raises(AccountSettingRefused) as caught:
        revised(NOTHING_OWN, {key: text})
    assert told in f"{caught.value.message} {caught.value.remedy}"
    assert len(caught.value.message) < 200


HTTPS = ["https://shop.example", "https://shop.example:8443/privacy?a=1&b=%20#part", "https://xn--mnchen-3ya.example/", "https://a"]
NOT_HTTPS = [
    "http://shop.example/",
    "https://user:pass@shop.example/",
    "https://user@shop.example/",
    "https://shop.example/ path",
    "https://shop.example/\n",
    "https://shop.example/<script>",
    'https://shop.example/"x',
    "https://shop.example\\@evil.example",
    "https://",
    "https:///x",
    "https://-a.example",
    "https://münchen.example",
    "//shop.example",
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)//https://x",
    "data:text/html,x",
    "https://a/" + "x" * 1000,
]


@pytest.mark.parametrize("address", HTTPS)
@pytest.mark.parametrize("name", ["brand_privacy_url", "brand_terms_url", "brand_support"])
def test_links_are_https(name: str, address: str) -> None:
    assert checked(name, address) == address


@pytest.mark.parametrize("address", NOT_HTTPS)
@pytest.mark.parametrize("name", ["brand_privacy_url", "brand_terms_url", "brand_support"])
def test_other_links_are_refused(name: str, address: str) -> None:
    with pytest.raises(SettingsError):
        checked(name, address)


@pytest.mark.parametrize("contact", ["mailto:help@shop.example", "tel:+49-30-1234567", "tel:030.1234567"])
def test_support_is_a_mail_address_or_a_telephone_too(contact: str) -> None:
    assert checked("brand_support", contact) == contact


@pytest.mark.parametrize(
    "contact", ["mailto:a@b?bcc=evil@c", "mailto:a%0ab@c", "mailto:@c", "tel:", "tel:12;ext=javascript", "help@shop.example", "sms:123"]
)
def test_other_contacts_are_refused(contact: str) -> None:
    with pytest.raises(SettingsError):
        checked("brand_support", contact)


def test_the_server_takes_its_consent_as_a_table_or_as_json(tmp_path) -> None:
    file = tmp_path / "openekyc.toml"
    file.write_text('brand_name = "Operator"\n[brand_consent]\nen = "I agree."\n')
    assert load(file, {}).brand_consent == {"en": "I agree."}
    assert load(None, {"OPENEKYC_BRAND_CONSENT": '{"th": "ใช่"}', "OPENEKYC_HOME": str(tmp_path / "none")}).brand_consent == {"th": "ใช่"}
    for wrong in ("I agree.", '["en"]', '{"tlh": "x"}', "{"):
        with pytest.raises(SettingsError, match="OPENEKYC_BRAND_CONSENT"):
            load(None, {"OPENEKYC_BRAND_CONSENT": wrong})


@pytest.mark.parametrize("name", ["acme", "shop.example", "a", "Müller+Söhne", "株式会社", "0", "a_b@c-d", "x" * NAME_MOST])
def test_names_of_new_accounts(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "-home", ".", "../x", "a/b", "a\n", "a\x00", "<b>", "a'b", "a\u202eb", "x" * (NAME_MOST + 1)]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(AccountSettingRefused, match="cannot be called"):
        check_name(name)


def test_settings_that_a_later_version_added_do_not_stop_this_one() -> None:
    assert msgspec.json.decode(b'{"brand_name": "Acme", "brand_song": "la"}', type=STORED) == own(brand_name="Acme")
    assert Account("acme").settings is NOTHING_OWN
