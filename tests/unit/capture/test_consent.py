"""What a client learns about who asks, and what it reports of the person's consent."""

import hashlib

import pytest
from msgspec.structs import replace

from openekyc.accounts import revised
from openekyc.engine.values import Verdict
from openekyc.sessions.model import CardTerms, Consent, Terms
from tests.session_world import KEY
from tests.unit.capture.conftest import client_of
from tests.unit.capture.test_routes import bearer, problem

TEXT = "By continuing you agree that a short video of your face is recorded and checked.\nKept for 30 days."


async def agree(http, token, text=TEXT, language="en"):
    return await http.post("/consent", headers=bearer(token), json={"language": language, "text": text})


async def test_what_was_agreed_is_kept_with_its_digest_language_and_time(world, http):
    token = (await world.issue()).token
    answer = await agree(http, token)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await world.store.consent(token) == Consent(token, "en", hashlib.sha256(TEXT.encode()).hexdigest(), world.clock.now, TEXT)


async def test_another_language_replaces_it_and_the_same_again_keeps_the_first_time(world, http):
    token = (await world.issue()).token
    await agree(http, token)
    world.clock.now += 60
    await agree(http, token)
    assert (await world.store.consent(token)).agreed_at == world.clock.now - 60
    assert (await agree(http, token, "同意。", "zh-Hans")).status_code == 204
    kept = await world.store.consent(token)
    assert (kept.language, kept.text, kept.agreed_at) == ("zh-Hans", "同意。", world.clock.now)


async def test_texts_that_change_too_fast_are_refused(world, http):
    token = (await world.issue()).token
    await agree(http, token)
    assert problem(await agree(http, token, "Another.")) == (429, "session_busy")
    world.clock.now += 1
    assert (await agree(http, token, "Another.")).status_code == 204


async def test_once_an_attempt_has_begun_the_record_stays(world, http):
    token = (await world.issue()).token
    await agree(http, token)
    await world.begin(token)
    world.clock.now += 5
    assert (await agree(http, token, "Another text.")).status_code == 204
    assert (await world.store.consent(token)).text == TEXT


async def test_once_a_picture_of_the_document_was_sent_the_record_stays(world, http):
    token = (await world.issue(card=CardTerms("HK"))).token
    await world.service.put_picture(token, "front", b"\xff\xd8\xff a picture")
    assert (await agree(http, token)).status_code == 204
    assert await world.store.consent(token) is None


async def test_strangers_and_ended_sessions_store_nothing(world, http):
    nobody = "00000000-0000-0000-0000-000000000000"
    assert problem(await agree(http, nobody)) == (404, "token_unknown")
    assert problem(await http.post("/consent", json={"language": "en", "text": TEXT})) == (401, "token_missing")
    token = (await world.issue()).token
    await world.judged(token, Verdict("0"))
    assert problem(await agree(http, token)) == (409, "session_finished")
    late = (await world.issue()).token
    world.clock.now += 10_000
    assert problem(await agree(http, late)) == (410, "token_expired")
    assert [await world.store.consent(one) for one in (nobody, token, late)] == [None] * 3


@pytest.mark.parametrize(
    "body",
    [
        {"language": "en", "text": ""},
        {"language": "en", "text": "x" * 10_001},
        {"language": "", "text": "x"},
        {"language": "tlh", "text": "x"},
        {"text": "x"},
        {"language": "en", "text": ["x"]},
    ],
)
async def test_other_bodies_are_refused(world, http, body):
    token = (await world.issue()).token
    assert problem(await http.post("/consent", headers=bearer(token), json=body)) == (400, "body_invalid")
    assert await world.store.consent(token) is None


async def test_half_a_character_is_no_text(world, http):
    token = (await world.issue()).token
    body = b'{"language": "en", "text": "\\ud800"}'
    assert problem(await http.post("/consent", headers=bearer(token), content=body)) == (400, "body_invalid")


async def test_without_settings_nobody_is_named(world, http):
    token = (await world.issue()).token
    assert (await http.post("/session", headers=bearer(token))).json()["brand"] == {
        "name": "", "logo": "", "color": "", "purpose": "", "kept": "", "privacy_url": "", "terms_url": "", "support": "", "consent": {},
    }  # fmt: skip


BRAND = {
    "brand_name": "Acme <b>Ltd</b>",
    "brand_color": "#112233",
    "brand_purpose": "To open your account",
    "brand_kept": "30 days",
    "brand_privacy_url": "https://acme.example/privacy",
    "brand_terms_url": "https://acme.example/terms",
    "brand_support": "mailto:help@acme.example",
    "brand_consent.en": "I agree that Acme checks my face.",
}
LOGO = "ab" * 32 + ".png"


async def brand_of(http, token):
    return (await http.post("/session", headers=bearer(token))).json()["brand"]


async def has_own(world, account, **values):
    world.accounts.make(account, 0.0)
    known = await world.accounts.find(account)
    assert await world.accounts.save(replace(known, settings=revised(known.settings, values)))


async def test_an_account_is_shown_as_it_describes_itself(world, http):
    await has_own(world, "acme", **BRAND, brand_logo=LOGO)
    await world.blobs.put(f"brand/{LOGO}", b"png")
    assert await brand_of(http, (await world.issue()).token) == {
        "name": "Acme <b>Ltd</b>",
        "logo": f"/brand/{LOGO}",
        "color": "#112233",
        "purpose": "To open your account",
        "kept": "30 days",
        "privacy_url": "https://acme.example/privacy",
        "terms_url": "https://acme.example/terms",
        "support": "mailto:help@acme.example",
        "consent": {"en": "I agree that Acme checks my face."},
    }


async def test_one_accounts_brand_is_never_on_anothers_session(world, http):
    await has_own(world, "acme", **BRAND)
    other = await world.service.issue(replace(KEY, account="other"), Terms("liveness"))
    assert (await brand_of(http, other.token))["name"] == ""
    world.set(brand_name="Operator", brand_kept="90 days", brand_consent={"th": "ตกลง"})
    async with client_of(world) as http:
        theirs, acmes = await brand_of(http, other.token), await brand_of(http, (await world.issue()).token)
    assert (theirs["name"], theirs["kept"], theirs["consent"]) == ("Operator", "90 days", {"th": "ตกลง"})
    assert (acmes["name"], acmes["kept"], acmes["consent"]) == (BRAND["brand_name"], "30 days", {"en": BRAND["brand_consent.en"]})


async def test_a_session_that_exists_follows_the_brand(world, http):
    token = (await world.issue()).token
    await has_own(world, "acme", **BRAND)
    assert (await brand_of(http, token))["name"] == BRAND["brand_name"]


async def test_a_logo_whose_file_is_gone_is_not_announced(world, http):
    await has_own(world, "acme", brand_logo=LOGO)
    token = (await world.issue()).token
    assert (await brand_of(http, token))["logo"] == ""
    world.set(brand_logo="/etc/passwd")
    async with client_of(world) as http:
        other = await world.service.issue(replace(KEY, account="other"), Terms("liveness"))
        assert (await brand_of(http, other.token))["logo"] == ""
