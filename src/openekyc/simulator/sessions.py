"""Whole simulated sessions against a server: token, capture, verdict, result."""

import time
from typing import Any

import msgspec

from openekyc.capture.client import CaptureClient
from openekyc.engine.values import LEVELS_WITH_GESTURES, Gesture, Level
from openekyc.errors import OpenEkycError
from openekyc.simulator.integrator import Integrator
from openekyc.simulator.knobs import Codec, Kind
from openekyc.simulator.population import CameraName, Cast, Light, Presentation, lit, presentation
from openekyc.simulator.run import run_session


class Order(msgspec.Struct, frozen=True):
    """Which session to run. Without `gestures` the seed's own is asked for, at levels with gestures. `share` replaces the light that the
    seed's screen adds to the room's."""

    kind: Kind
    level: Level
    seed: int
    gestures: tuple[Gesture, ...] = ()
    share: float | None = None

    def shown(self) -> Presentation:
        """Who is filmed where."""
        return presentation(self.seed) if self.share is None else lit(presentation(self.seed), self.share)


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a session went. `result` is None if it came to none; then `problem` says why."""

    subject: Kind
    level: Level
    seed: int
    result: str | None = msgspec.field(name="Result")
    description: str
    tags: tuple[str, ...]  # LivenessInfoTag
    token: str
    person: str
    light: Light
    camera: CameraName
    fps: float
    codec: Codec
    gestures: tuple[Gesture, ...]
    seconds: float
    problem: str = ""
    share: float | None = None  # as ordered

    @property
    def passed(self) -> bool:
        """Whether the server took the subject for a live person."""
        return self.result == "0"


def run(integrator: Integrator, server: str, cast: Cast, order: Order) -> Session:
    """One session from token to result. Raises NoSandbox, CallRefused, CaptureRefused, ModelError."""
    begin, shown = time.monotonic(), order.shown()
    gestures = (order.gestures or (shown.gesture,)) if order.level in LEVELS_WITH_GESTURES else ()
    asked = {"ActionList": ",".join(gestures)} if gestures else {}
    token = str(integrator.call("GetFaceIdTokenIntl", SecureLevel=str(order.level), **asked)["SdkToken"])
    with CaptureClient(server, token) as client:
        run_session(client, lambda: cast.camera(order.kind, shown))
    answer = integrator.call("GetFaceIdResultIntl", SdkToken=token)
    return _session(order, shown, gestures, token, answer, time.monotonic() - begin)


def failed(order: Order, error: OpenEkycError) -> Session:
    """A session that came to no result."""
    shown = order.shown()
    return msgspec.structs.replace(_session(order, shown, order.gestures, "", {}, 0.0), problem=error.message)


def _session(
    order: Order, shown: Presentation, gestures: tuple[Gesture, ...], token: str, answer: dict[str, Any], seconds: float
) -> Session:
    return Session(
        subject=order.kind,
        level=order.level,
        seed=order.seed,
        result=answer.get("Result"),
        description=str(answer.get("Description", "")),
        tags=tuple(map(str, answer.get("LivenessInfoTag") or ())),
        token=token,
        person=shown.subject,
        light=shown.light,
        camera=shown.camera,
        share=order.share,
        fps=shown.knobs.fps,
        codec=shown.knobs.codec,
        gestures=gestures,
        seconds=round(seconds, 2),
    )
