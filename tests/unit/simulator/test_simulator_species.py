"""Attack species by their physics: what answers the light, what moves, and when."""

import io
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from random import Random

import av
import numpy as np
import pytest

from openekyc.capture.messages import PlannedLight
from openekyc.engine.face.values import Floats, Image
from openekyc.engine.values import Colour, GestureStep, HoldStep, LightStep
from openekyc.sessions.challenge import draw
from openekyc.simulator import portrait as parts
from openekyc.simulator.artefacts import paper
from openekyc.simulator.camera import Camera
from openekyc.simulator.injected import RELAY_MS, LoopScene, SplicedScene, permuted
from openekyc.simulator.knobs import KINDS, SENTENCES, Kind, Knobs
from openekyc.simulator.motion import Person
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.sensor import Sensor
from openekyc.simulator.subject import subject
from openekyc.simulator.warp import Warp

RED, BLUE = (255.0, 64.0, 64.0), (64.0, 64.0, 255.0)
SHAKE = GestureStep("shake", 1, 500, 4000)
STEPS = (HoldStep(1000), SHAKE, PlannedLight(12, 3600), HoldStep(1000))
STILL = Knobs(seed=1, fps=15, noise=0, exposure_speed=0)


def shoot(camera: Camera, seconds: float, act: Callable[[Camera], None] | None = None, begin: bool = True) -> list[Image]:
    if begin:
        camera.start(STEPS, 0.0)
    if act is not None:
        act(camera)
    while (due := camera.due_ms()) is not None and due < 1000 * seconds:
        camera.shoot()
    with av.open(io.BytesIO(camera.take() + camera.close())) as file:
        return [frame.to_ndarray(format="bgr24") for frame in file.decode(video=0)]


def lit(person: Portrait, kind: Kind) -> tuple[Floats, Floats]:
    """How much redder nose and left outline of the face are under red than under blue, each as shares of their brightness."""
    red, blue = (shoot(subject(kind, person, STILL), 0.4, lambda camera, rgb=rgb: camera.paint(rgb, 0.0))[-1] for rgb in (RED, BLUE))
    sides = []
    for point in (parts.NOSE, 93):
        x, y = (person.points[point, :2] * 0.9 + (32, 24)).astype(int)
        box = slice(y - 8, y + 8), slice(x + 2, x + 12)
        means = [np.mean(picture[box].reshape(-1, 3) ** np.array(2.2), axis=0) for picture in (red, blue)]
        sides.append((means[0][2] - means[1][2]) / (means[0] + means[1]).mean())
    return sides[0], sides[1]


def test_every_kind_has_a_sentence() -> None:
    assert set(SENTENCES) == set(KINDS)
    assert len(KINDS) - 1 >= 8


@pytest.mark.parametrize("kind", ["tilted", "curved", "cutout"])
def test_paper_reflects_the_screen(person: Portrait, kind: Kind) -> None:
    assert lit(person, kind)[0] > 0.02


@pytest.mark.parametrize("kind", ["static", "loop", "old", "permuted"])
def test_what_is_fed_in_does_not_answer(person: Portrait, kind: Kind) -> None:
    assert abs(lit(person, kind)[0]) < 0.01


def test_glass_answers_a_little(person: Portrait) -> None:
    assert 0 < lit(person, "display")[0] < 0.5 * lit(person, "tilted")[0]


def test_bent_paper_falls_off_to_the_sides_and_flat_paper_hardly(person: Portrait) -> None:
    random = np.random.default_rng(1)
    height, width = person.texture.shape[:2]
    row, middle, side = height // 2, width // 2, width // 2 - 130
    sheets = paper(person, random), paper(person, random, radius=0.9)
    flat, bent = (sheet.texture[row, side, 3] / sheet.texture[row, middle, 3] for sheet in sheets)
    assert flat > 0.8
    assert bent < flat - 0.1


def test_bent_paper_has_depth_and_flat_paper_none(person: Portrait) -> None:
    random = np.random.default_rng(1)
    assert not paper(person, random).depth.any()
    assert paper(person, random, radius=1.3).depth.max() > 20


def test_eye_holes_lie_in_the_shade(person: Portrait) -> None:
    sheet = paper(person, np.random.default_rng(1), holes=True)
    eye = sheet.points[[33, 133, 159, 145], :2].mean(axis=0).astype(int)
    assert sheet.texture[eye[1], eye[0], 3] < 0.6 * sheet.texture[eye[1] + 40, eye[0], 3]


def change(person: Portrait, kind: Kind, step: GestureStep) -> float:
    """The largest mean change of a picture that a prompt makes."""
    calm = shoot(subject(kind, person, STILL), 3.0)
    asked = shoot(subject(kind, person, STILL), 3.0, lambda camera: camera.prompt(step, 0.0))
    return max(float(np.abs(one.astype(int) - other).mean()) for one, other in zip(calm, asked, strict=True))


@pytest.mark.parametrize(
    ("kind", "gesture", "answers"),
    [
        ("permuted", "nod", True),
        ("tilted", "shake", True),
        ("tilted", "mouth", False),
        ("curved", "nod", True),
        ("cutout", "blink", True),
        ("cutout", "mouth", False),
        ("relay", "mouth", True),
        ("static", "mouth", False),
        ("replay-old", "mouth", False),
    ],
)
def test_who_answers_a_prompt(person: Portrait, kind: Kind, gesture: str, answers: bool) -> None:
    assert (change(person, kind, GestureStep(gesture, 2, 0, 3000)) > 0.15) == answers  # type: ignore[arg-type]


def test_a_relay_is_late(person: Portrait) -> None:
    def first_change(kind: Kind) -> float:
        cameras = [subject(kind, person, Knobs(seed=1, noise=0)) for _ in range(2)]
        for camera in cameras:
            camera.start((), 0.0)
        cameras[1].paint(BLUE, 100.0)
        while True:
            one, other = (camera.shoot() for camera in cameras)
            if abs(one.rgb[0] - other.rgb[0]) > 0.5:
                return one.now_ms

    assert first_change("relay") - first_change("live") >= RELAY_MS[0] - 50


def test_a_screen_plays_the_colours_of_an_earlier_challenge(person: Portrait) -> None:
    pictures = shoot(subject("replay-old", person, STILL), 11.0)
    colours = np.array([picture[100:300, 200:440].reshape(-1, 3).mean(0) for picture in pictures])
    assert np.ptp(colours[:, 2] - colours[:, 0]) > 3


def test_a_retimed_recording_begins_its_colours_when_todays_begin(person: Portrait) -> None:
    pictures = shoot(subject("retimed", person, STILL), 10.0)
    means = np.array([picture.reshape(-1, 3).mean(0) for picture in pictures])
    casts = means - means.mean(axis=1, keepdims=True)
    first = int(np.argmax(np.abs(np.diff(casts, axis=0)).max(axis=1) > 1.0))
    assert first / 15 == pytest.approx(5.5 + STILL.lag_ms / 1000, abs=0.25)


def test_a_permuted_sequence_holds_todays_colours_elsewhere() -> None:
    for seed in range(50):
        (light,) = (step for step in draw(3, (), nonce="", rng=Random(seed)).steps if isinstance(step, LightStep))
        order = permuted(light.colours, Random(seed))
        assert Counter(order) == Counter(light.colours)
        assert all(one != other for one, other in zip(order, light.colours, strict=True))
        assert all(one != other for one, other in pairwise(order))
        assert permuted(light.colours, Random(seed)) == order


def test_a_permuted_recording_changes_when_todays_colours_do(person: Portrait) -> None:
    colours = tuple(Colour(*rgb, 400) for rgb in ((255, 64, 64), (64, 64, 255), (64, 255, 64)))
    casts = []
    for told in (colours, ()):
        camera = subject("permuted", person, Knobs(seed=1, fps=15, noise=0, exposure_speed=0, screen=0.6))
        pictures = shoot(camera, 2.0, lambda camera, told=told: camera.disclose(told, 300.0))
        casts.append(np.array([picture[200:260, 280:360].reshape(-1, 3).mean(0) for picture in pictures]))
    change = casts[0] - casts[1]
    lit = [int(np.argmax(change[round(15 * (0.3 + STILL.lag_ms / 1000 + 0.4 * place + 0.25))])) for place in range(3)]
    assert sorted(lit) == [0, 1, 2]
    assert all(one != other for one, other in zip(lit, (2, 0, 1), strict=True))  # of blue, green, red: today's order


def test_a_loop_comes_again(person: Portrait) -> None:
    random = np.random.default_rng(2)
    scene = LoopScene(Warp(person), Person(random), random)
    scene.film(GestureStep("mouth", 1, 0, 3000))
    length = len(scene._looks) * 1000 / 30
    assert 3000 < length < 12_000
    assert (scene.texture(700.0) == scene.texture(700.0 + length)).all()
    assert (scene.texture(700.0) != scene.texture(1300.0)).any()


class Plain:
    """A scene of one grey."""

    def __init__(self, grey: int) -> None:
        self.grey, self.prompts = grey, 0

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        self.prompts += 1

    def texture(self, now_ms: float) -> Image:
        return np.full((4, 4, 4), self.grey, np.uint8)


def test_a_splice_shows_the_accomplice_while_something_is_asked() -> None:
    first, second = Plain(10), Plain(200)
    scene = SplicedScene(first, second)
    scene.cut(1000, 2000)
    scene.prompt(SHAKE, 1100)
    assert [int(scene.texture(now)[0, 0, 0]) for now in (500, 1500, 2500)] == [10, 200, 10]
    assert scene.texture(500)[0, 0, 3] == 0
    assert (first.prompts, second.prompts) == (0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_is_one_film(person: Portrait, kind: Kind) -> None:
    films = [shoot(subject(kind, person, Knobs(seed=7, fps=10)), 0.5) for _ in range(2)]
    assert all((one == other).all() for one, other in zip(*films, strict=True))


# --- the camera -----------------------------------------------------------------------------------------------------------


def grey(share: int = 255) -> Image:
    return np.dstack([np.full((48, 64, 3), 120, np.uint8), np.full((48, 64), share, np.uint8)])


def sensor(**knobs: float) -> Sensor:
    return Sensor(Knobs(width=64, height=48, noise=0.0, **knobs), np.random.default_rng(1))  # type: ignore[arg-type]


def test_white_balance_fights_a_cast() -> None:
    red = np.array([1.0, 0.05, 0.05], np.float32)
    casts = []
    for speed in (0.0, 0.05):
        camera = sensor(white_balance=speed, exposure_speed=0.0)
        camera.develop(grey(), np.full(3, 0.5, np.float32))
        pictures = [camera.develop(grey(), red).mean(axis=(0, 1)) for _ in range(60)]
        casts.append([picture[2] - picture[0] for picture in pictures])
    assert casts[0][-1] == pytest.approx(casts[0][0], abs=1)
    assert casts[1][-1] < 0.5 * casts[1][0]


def test_a_rolling_shutter_shows_two_colours_in_one_picture() -> None:
    bands = np.array([[1, 0, 0]] * 6 + [[0, 0, 1]] * 6, np.float32)
    picture = sensor().develop(grey(), bands).astype(int)
    assert picture[2, 30, 2] > picture[2, 30, 0] + 5
    assert picture[-2, 30, 0] > picture[-2, 30, 2] + 5


def test_fewer_bits_make_a_smaller_recording(person: Portrait) -> None:
    sizes = []
    for rate in (2_000_000, 300_000):
        camera = subject("live", person, Knobs(seed=1, codec="h264-mkv", bits_per_second=rate))
        camera.start((), 0.0)
        for _ in range(40):
            camera.shoot()
        sizes.append(len(camera.take() + camera.close()))
    assert sizes[1] < 0.5 * sizes[0]
