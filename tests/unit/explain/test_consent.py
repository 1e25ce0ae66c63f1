"""What an auditor learns about the person's consent: the exact text, or why there is none."""

import hashlib

import msgspec
import pytest
from msgspec.structs import replace

from openekyc.explain.page import page
from openekyc.explain.summary import summary
from openekyc.sessions.model import Page, Terms
from tests.session_world import KEY, World

HOSTILE = 'I agree.</p><script>alert(1)</script><img src=x onerror="x">\nKept for 30 days & more.'


@pytest.fixture
def world() -> World:
    return World()


async def told(world: World, token: str) -> tuple[dict, str]:
    dossier = await world.service.dossier(token)
    return msgspec.to_builtins(summary(dossier))["consent"], page(dossier)


async def test_the_exact_text_with_language_time_and_digest(world: World) -> None:
    token = (await world.issue()).token
    await world.service.agree(token, "en", HOSTILE)
    found, text = await told(world, token)
    digest = hashlib.sha256(HOSTILE.encode()).hexdigest()
    assert found == {"state": "agreed", "language": "en", "agreed_at": world.clock.now, "sha256": digest, "text": HOSTILE}
    assert digest in text
    assert "2023-11-14 22:13:20 UTC" in text
    assert "I agree.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize(("family", "parameter"), [("web", "SkipPrivacyPolicy"), ("sdk", "SkipLaunchPage")])
async def test_where_none_was_asked_the_parameter_is_named(world: World, family: str, parameter: str) -> None:
    session = await world.service.issue(KEY, Terms(family, page=Page(skip_consent=True)))  # type: ignore[arg-type]
    await world.begin(session.token)
    found, text = await told(world, session.token)
    assert found == {"state": "skipped", "parameter": parameter}
    assert f"the integrator set {parameter} with the token" in text


async def test_a_start_page_that_is_skipped_alone_leaves_the_consent(world: World) -> None:
    session = await world.service.issue(KEY, Terms("web", page=Page(skip_intro=True)))
    assert (await told(world, session.token))[0] == {"state": "open"}


async def test_a_client_that_went_on_without_is_named(world: World) -> None:
    token = (await world.issue()).token
    assert (await told(world, token))[0] == {"state": "open"}
    await world.begin(token)
    found, text = await told(world, token)
    assert found == {"state": "unreported"}
    assert "The client did not report one" in text


async def test_a_hostile_account_is_escaped(world: World) -> None:
    session = await world.service.issue(replace(KEY, account="<script>alert(1)</script>"), Terms("liveness"))
    assert "<script" not in (await told(world, session.token))[1]
