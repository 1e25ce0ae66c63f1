"""One pass over a real talking man: found, followed, measured, and his blinks and mouth openings are in the numbers."""

from functools import cache

import numpy as np
import pytest

from openekyc.engine.face.landmarks import BLENDSHAPES
from openekyc.engine.face.track import Plan, track
from openekyc.engine.face.values import Image, Track
from openekyc.engine.liveness.conditions import SHORTEST_S
from openekyc.engine.media import decode_picture, open_video
from openekyc.engine.runtime import Models
from openekyc.engine.verify import DETECT_S
from openekyc.errors import MediaUndecodable
from openekyc.settings import Settings
from tests.assets import asset
from tests.recordings import encode


@cache
def models() -> Models:
    return Models(Settings().models_folder)


@cache
def talking_man() -> Track:
    video = open_video(asset("carphone_pristine.mp4").read_bytes())
    return track(models(), video, Plan(every=((0, 9),), crop=lambda image, _box: image[:8, :8]))


def events(*names: str, level: float) -> list[float]:
    """Beginnings of the stretches in which all these blendshapes lie above their own rest by `level`, at least 0.3 s apart."""
    meshes = [(o.time, o.mesh.blendshapes) for o in talking_man().observations if o.mesh]
    series = np.array([[shapes[BLENDSHAPES.index(name)] for name in names] for _, shapes in meshes])
    lifted = (series - np.percentile(series, 25, axis=0)).min(axis=1)
    found: list[float] = []
    for (time, _), value in zip(meshes, lifted, strict=True):
        if value > level and (not found or time - found[-1] > 0.3):
            found.append(time)
    return found


def portrait() -> Image:
    astronaut = decode_picture(asset("astronaut.png").read_bytes())
    return np.ascontiguousarray(astronaut[:320, 80:400])


def test_every_frame_of_a_real_face_is_meshed() -> None:
    seen = talking_man()
    assert (seen.width, seen.height, seen.frames, seen.truncated) == (176, 144, 120, False)
    assert seen.fps == pytest.approx(30, abs=0.1)
    assert all(o.mesh is not None and o.mesh.presence > 0.5 for o in seen.observations)
    assert all(o.others == 0 for o in seen.observations)


def test_the_detector_looks_only_now_and_then() -> None:
    looks = [o.time for o in talking_man().observations if o.face]
    assert 10 <= len(looks) <= 16
    assert all(o.quality is not None for o in talking_man().observations if o.face)


def test_both_blinks_and_both_mouth_openings_show() -> None:
    assert len(events("eyeBlinkLeft", "eyeBlinkRight", level=0.45)) == 2
    assert len(events("jawOpen", level=0.5)) == 2


def test_stills_and_crops_are_spread_over_the_recording() -> None:
    for times in ([o.time for o, _ in talking_man().stills], [time for time, _ in talking_man().crops]):
        assert times[0] < 0.5
        assert times[-1] > 3.5
        assert max(np.diff(times)) < 1.0
    assert len(talking_man().stills) == 8


@pytest.mark.parametrize("rate", [30, 15, 10])
def test_the_shortest_recording_that_is_judged_has_crops_enough(rate: int) -> None:
    count = round(SHORTEST_S * rate) + 1
    frames = encode([portrait()] * count, times=[index / rate for index in range(count)])
    seen = track(models(), open_video(frames), Plan(crop=lambda image, _box: (image[:8, :8],), detect_s=DETECT_S))
    assert len(seen.crops) >= 10


def test_the_plan_thins_frames_outside_its_spans() -> None:
    video = open_video(asset("carphone_pristine.mp4").read_bytes())
    seen = track(models(), video, Plan(every=((1.0, 2.0),), rate=10))
    outside = [o for o in seen.observations if not 1.0 <= o.time <= 2.0]
    inside = [o for o in seen.observations if 1.0 <= o.time <= 2.0]
    assert len(inside) == 30
    assert len(outside) == pytest.approx(30, abs=3)
    assert seen.frames == 120


def test_light_is_sampled_only_within_its_spans() -> None:
    video = open_video(asset("carphone_pristine.mp4").read_bytes())
    sample = (np.ones((4, 3), np.float32), np.zeros(3, np.float32))
    seen = track(models(), video, Plan(light=((1.0, 2.0),), sample=lambda _image, _mesh: sample))
    assert all((o.patches is not None) == (1.0 <= o.time <= 2.0) for o in seen.observations)


def test_a_face_that_leaves_and_another_that_comes_are_both_followed() -> None:
    one, empty = portrait(), np.full_like(portrait(), 90)
    seen = track(models(), open_video(encode([one] * 8 + [empty] * 8 + [one[:, ::-1]] * 8)), Plan(rate=30))
    present = [o.mesh is not None for o in seen.observations]
    assert all(present[:7])
    assert not any(present[10:15])
    assert all(present[18:])


def test_a_second_person_is_counted() -> None:
    one = portrait()
    seen = track(models(), open_video(encode([np.hstack([one, one])] * 6)))
    assert all(o.others == 1 for o in seen.observations)


def test_no_face_means_observations_without_mesh() -> None:
    seen = track(models(), open_video(encode([np.full((240, 320, 3), 128, np.uint8)] * 12)))
    assert seen.observations
    assert all(o.mesh is None and o.face is None and o.quality is None for o in seen.observations)
    assert seen.stills == ()


def test_a_recording_without_a_frame_is_refused() -> None:
    class Empty:
        truncated = True

        def __iter__(self):  # type: ignore[no-untyped-def]
            return iter(())

    with pytest.raises(MediaUndecodable):
        track(models(), Empty())
