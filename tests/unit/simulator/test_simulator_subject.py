"""Live subjects answer; presentation attacks do not."""

import io
from collections.abc import Callable

import av
import numpy as np
import pytest

from openekyc.capture.messages import PlannedLight
from openekyc.engine import lock
from openekyc.engine.runtime import Models
from openekyc.engine.values import GestureStep, HoldStep
from openekyc.errors import ModelError
from openekyc.simulator.knobs import KINDS, Codec, Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.script import AnyStep
from openekyc.simulator.subject import SubjectCamera, load_portrait, subject

RED, BLUE = (255.0, 64.0, 64.0), (64.0, 64.0, 255.0)
Act = Callable[[SubjectCamera], None]
MOUTH = GestureStep("mouth", 1, 0, 3000)


def film(person: Portrait, kind: Kind, act: Act | None = None, steps: tuple[AnyStep, ...] = (), seconds: float = 2.0) -> list[np.ndarray]:
    """The decoded pictures of `seconds` in front of a camera."""
    camera = subject(kind, person, Knobs(seed=1, fps=15))
    camera.start(steps, 0.0)
    if act is not None:
        assert isinstance(camera, SubjectCamera)
        act(camera)
    while (due := camera.due_ms()) is not None and due < 1000 * seconds:
        camera.shoot()
    data = camera.take() + camera.close()
    with av.open(io.BytesIO(data)) as file:
        return [frame.to_ndarray(format="bgr24") for frame in file.decode(video=0)]


def largest_change(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    return max(float(np.abs(a.astype(int) - b).mean()) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_one_face(models: Models, person: Portrait, kind: Kind) -> None:
    from openekyc.engine.face.detect import detect

    assert len(detect(models, film(person, kind, seconds=0.3)[-1])) == 1


@pytest.mark.parametrize(("kind", "answers"), [("live", True), ("photo", False), ("display", False), ("replay", False), ("old", False)])
def test_only_a_person_answers_a_prompt(person: Portrait, kind: Kind, answers: bool) -> None:
    change = largest_change(film(person, kind), film(person, kind, lambda camera: camera.prompt(MOUTH, 0.0)))
    assert (change > 1) == answers


@pytest.mark.parametrize(("kind", "reflects"), [("live", True), ("photo", True), ("display", False), ("replay", False), ("old", False)])
def test_what_reflects_the_screen(person: Portrait, kind: Kind, reflects: bool) -> None:
    red, blue = (film(person, kind, lambda camera, rgb=rgb: camera.paint(rgb, 0.0), seconds=0.5)[-1] for rgb in (RED, BLUE))  # type: ignore[misc]
    x, y = (int(value) for value in person.points[1, :2])
    nose = slice(y - 10, y + 10), slice(x - 10, x + 10)
    assert (float(red[nose][..., 2].mean() - blue[nose][..., 2].mean()) > 5) == reflects


def test_an_old_recording_answers_another_challenge(person: Portrait) -> None:
    steps = (HoldStep(1000), GestureStep("mouth", 1, 500, 4000), PlannedLight(12, 3600), HoldStep(1000))
    pictures = film(person, "old", steps=steps, seconds=11)
    colours = np.array([picture.reshape(-1, 3).mean(0) for picture in pictures])
    assert np.ptp(colours[:, 2] - colours[:, 0]) > 2


def test_lag_delays_what_the_screen_does(person: Portrait) -> None:
    def first_change(lag_ms: float) -> int:
        cameras = [subject("live", person, Knobs(seed=1, lag_ms=lag_ms, noise=0)) for _ in range(2)]
        for camera in cameras:
            camera.start((), 0.0)
        cameras[1].paint(BLUE, 100.0)
        pairs = [[camera.shoot().rgb[0] for camera in cameras] for _ in range(25)]
        return next(index for index, (one, other) in enumerate(pairs) if abs(one - other) > 0.5)

    assert first_change(200.0) - first_change(0.0) == pytest.approx(6, abs=1)


@pytest.mark.parametrize("codec", ["vp8-webm", "h264-mp4"])
def test_the_codec_is_a_choice(person: Portrait, codec: Codec) -> None:
    camera = subject("live", person, Knobs(codec=codec))
    camera.start((), 0.0)
    for _ in range(5):
        camera.shoot()
    with av.open(io.BytesIO(camera.take() + camera.close())) as file:
        assert file.streams.video[0].codec_context.name in codec


def test_an_altered_portrait_is_refused(models: Models, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "astronaut.png").write_bytes(b"something else")
    monkeypatch.setattr(models, "folder", tmp_path)
    with pytest.raises(ModelError, match=r"astronaut\.png is altered") as refused:
        load_portrait(models, Knobs())
    assert refused.value.remedy == lock.REMEDY
