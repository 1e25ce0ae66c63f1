"""What a client learns when it opens a session: the terms of the capture and of the page around it. Pure."""

from typing import cast
from urllib.parse import quote, urlsplit, urlunsplit

from openekyc.capture import messages
from openekyc.engine.values import LEVELS_WITH_LIGHT
from openekyc.sessions import policy
from openekyc.sessions.changes import restarts_left
from openekyc.sessions.model import Session
from openekyc.sessions.outcome import attempts_left, progress
from openekyc.settings import Settings

TAIL_MS = 1000


def opened(
    session: Session,
    now: float,
    settings: Settings,
    document: messages.DocumentPlan | None = None,
    *,
    logo: bool = False,
    downgrades_left: int = policy.DOWNGRADES_MOST,
) -> messages.Opened:
    """The whole answer, by the account's settings. `document`: the plan of a session that asks for one; `logo`: whether the brand's is
    kept; `downgrades_left`: how many more attempts may do without light, where that is allowed at all."""
    return messages.Opened(
        state=progress(session, None).state,
        attempts_left=attempts_left(session),
        level=session.terms.level,
        light=session.terms.liveness and session.terms.level in LEVELS_WITH_LIGHT,
        sandbox=session.sandbox,
        thresholds=_thresholds(settings),
        limits=_limits(settings),
        begin_by=session.start_by,
        server_ms=1000 * now,
        page=_page(session, settings),
        policy=_policy(session, settings, downgrades_left),
        document=document,
        liveness=session.terms.liveness,
        brand=brand(settings, logo=logo),
    )


def redirect_url(session: Session) -> str:
    """Where to send the person afterwards: the integrator's address with `token` added to its query; "" = nowhere."""
    if not session.terms.page.redirect_url:
        return ""
    parts = urlsplit(session.terms.page.redirect_url)
    own = f"token={quote(session.token)}"
    return urlunsplit(parts._replace(path=parts.path or "/", query=f"{parts.query}&{own}" if parts.query else own))


def _thresholds(settings: Settings) -> messages.Thresholds:
    return messages.Thresholds(
        settings.capture_oval, settings.face_width_min, settings.face_width_max, settings.face_luma_min, settings.face_luma_max
    )


def _limits(settings: Settings) -> messages.Limits:
    return messages.Limits(
        settings.recording_max_bytes,
        settings.recording_max_s,
        settings.recording_max_slices,
        settings.trace_max_bytes,
        settings.trace_max_batches,
        settings.attempt_idle_s,
        settings.attempt_total_s,
        TAIL_MS,
    )


def _page(session: Session, settings: Settings) -> messages.PageTerms:
    asked = session.terms.page
    return messages.PageTerms(
        redirect_url=redirect_url(session),
        skip_intro=asked.skip_intro,
        skip_result=asked.skip_result,
        skip_consent=asked.skip_consent,
        hide_progress=asked.hide_progress,
        theme_color=asked.theme_color,
        language=cast(messages.Language, asked.language),
        public_url=settings.public_url.rstrip("/"),
        embed_origins=settings.embed_origins,
    )


def brand(settings: Settings, *, logo: bool) -> messages.Brand:
    """Who asks. `logo`: whether theirs is kept."""
    return messages.Brand(
        name=settings.brand_name,
        logo=f"/brand/{settings.brand_logo}" if logo else "",
        color=settings.brand_color,
        purpose=settings.brand_purpose,
        kept=settings.brand_kept,
        privacy_url=settings.brand_privacy_url,
        terms_url=settings.brand_terms_url,
        support=settings.brand_support,
        consent=settings.brand_consent,
    )


def _policy(session: Session, settings: Settings, downgrades_left: int) -> messages.Policy:
    shines = session.terms.liveness and session.terms.level in LEVELS_WITH_LIGHT
    return messages.Policy(
        no_light=shines and downgrades_left > 0 and policy.no_light(session.terms, settings),
        other_gesture=settings.capture_other_gesture,
        handoff="offer" if policy.handoff(settings) else "off",
        idle_s=settings.attempt_idle_s,
        session_s=policy.session_s(session.terms, settings),
        restarts_left=restarts_left(session, settings),
    )
