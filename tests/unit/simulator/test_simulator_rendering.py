"""What is drawn satisfies the networks that judge real people, and light behaves like light."""

import numpy as np
import pytest

from openekyc.engine.face.detect import detect
from openekyc.engine.face.landmarks import BLENDSHAPES, landmarks
from openekyc.engine.face.values import Image, Mesh
from openekyc.engine.runtime import Models
from openekyc.simulator.filming import Screen
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.portrait import Portrait, portrait
from openekyc.simulator.sensor import Sensor, linear
from openekyc.simulator.warp import Look, Warp

GREY = linear((128, 128, 128))


def seen(models: Models, person: Portrait, look: Look) -> Mesh:
    image = np.ascontiguousarray(Warp(person).draw(look)[..., :3])
    (face, *_) = detect(models, image)
    mesh = landmarks(models, image, face)
    assert mesh is not None
    return mesh


def shape(mesh: Mesh, name: str) -> float:
    return float(mesh.blendshapes[BLENDSHAPES.index(name)])


def test_the_face_is_as_large_as_asked_with_its_surroundings(models: Models, person: Portrait) -> None:
    (face, *others) = detect(models, np.ascontiguousarray(person.texture[..., :3]))
    assert not others
    assert 195 <= face.box[2] <= 245
    assert person.texture.shape[1] >= 2.7 * face.box[2]


def test_lids_close_and_open(models: Models, person: Portrait) -> None:
    rest, shut = seen(models, person, Look()), seen(models, person, Look(lids=1))
    for eye in ("eyeBlinkLeft", "eyeBlinkRight"):
        assert shape(shut, eye) > shape(rest, eye) + 0.4


def test_the_jaw_drops(models: Models, person: Portrait) -> None:
    assert shape(seen(models, person, Look(jaw=0.75)), "jawOpen") > shape(seen(models, person, Look()), "jawOpen") + 0.3


@pytest.mark.parametrize("degrees", [-20, 20])
def test_the_head_turns(models: Models, person: Portrait, degrees: float) -> None:
    turned = seen(models, person, Look(yaw=degrees)).pose.yaw - seen(models, person, Look()).pose.yaw
    assert turned == pytest.approx(degrees, abs=5)


@pytest.mark.parametrize("degrees", [-20, 20])
def test_the_head_nods(models: Models, person: Portrait, degrees: float) -> None:
    turned = seen(models, person, Look(pitch=degrees)).pose.pitch - seen(models, person, Look()).pose.pitch
    assert turned / degrees > 0.6


def test_the_screen_colours_the_face_and_hardly_the_room(person: Portrait) -> None:
    face, room = tint(person, Knobs(noise=0), red=True) - tint(person, Knobs(noise=0), red=False)
    assert face > 0.02
    assert room < face / 3


def tint(person: Portrait, knobs: Knobs, *, red: bool) -> np.ndarray:
    """Share of red in linear light on the nose and in an upper corner."""
    image = Sensor(knobs, np.random.default_rng(0)).develop(person.texture, linear((255, 64, 64) if red else (64, 64, 255)))
    x, y = (int(value) for value in person.points[1, :2])
    places = [image[y - 8 : y + 8, x - 8 : x + 8], image[:40, -40:]]
    means = [linear(tuple(place.reshape(-1, 3).mean(0)[::-1])) for place in places]
    return np.array([mean[0] / mean.sum() for mean in means])


def test_exposure_recovers_from_the_dark(person: Portrait) -> None:
    sensor = Sensor(Knobs(ambient=0.1, screen=0), np.random.default_rng(0))
    pictures = [sensor.develop(person.texture, GREY).mean() for _ in range(120)]
    assert pictures[0] < 60
    assert pictures[-1] > 90


def test_noise_has_the_strength_asked_for(person: Portrait) -> None:
    def developed(noise: float) -> Image:
        return Sensor(Knobs(noise=noise), np.random.default_rng(0)).develop(person.texture, GREY)

    difference = developed(3).astype(float) - developed(0)
    assert difference.std() == pytest.approx(3, abs=0.3)


def test_dark_skin_is_darker_and_the_room_is_not(models: Models, person: Portrait) -> None:
    picture = np.ascontiguousarray(person.texture[..., :3])
    (face, *_) = detect(models, picture)
    mesh = landmarks(models, picture, face)
    assert mesh is not None
    light, dark = (portrait(picture, face, mesh, Knobs(skin=skin)) for skin in (1.0, 0.35))
    x, y = (int(value) for value in light.points[1, :2])
    cheek = slice(y - 5, y + 5), slice(x + 30, x + 40)
    assert dark.texture[cheek][..., :3].mean() < 0.75 * light.texture[cheek][..., :3].mean()
    assert np.array_equal(dark.texture[:40, -40:], light.texture[:40, -40:])
    assert detect(models, np.ascontiguousarray(dark.texture[..., :3]))


def test_the_screen_is_averaged_over_the_exposure() -> None:
    screen = Screen()
    screen.paint((255, 0, 0), 1000)
    screen.paint((0, 255, 0), 1300)
    assert screen.light(1200) == pytest.approx((1, 0, 0))
    red, green, _ = screen.light(1310)
    assert 0.2 < red < 0.8
    assert red + green == pytest.approx(1)
