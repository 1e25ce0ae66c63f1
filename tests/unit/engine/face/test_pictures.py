"""Detection, mesh, pose and quality on photographs of real faces."""

from functools import cache

import cv2
import numpy as np
import pytest

from openekyc.engine.face.detect import FRAME_SIDE, detect, others
from openekyc.engine.face.landmarks import BLENDSHAPES, Roi, landmarks
from openekyc.engine.face.quality import quality
from openekyc.engine.face.values import Face, Image, Mesh, Quality
from openekyc.engine.media import decode_picture
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests.assets import asset

NOSE, CHIN = 4, 152


@cache
def models() -> Models:
    return Models(Settings().models_folder)


@cache
def picture(name: str = "astronaut.png") -> Image:
    return decode_picture(asset(name).read_bytes())


def look(image: Image) -> tuple[Face, Mesh]:
    face = detect(models(), image)[0]
    mesh = landmarks(models(), image, face)
    assert mesh is not None
    return face, mesh


def measured(image: Image) -> Quality:
    return quality(image, *look(image))


def turned(image: Image, degrees: float) -> Image:
    height, width = image.shape[:2]
    return cv2.warpAffine(image, cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1), (width, height))


@pytest.mark.parametrize("name", ["astronaut.png", "obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg"])
def test_one_face_is_found_with_its_points_inside_the_box(name: str) -> None:
    faces = detect(models(), picture(name))
    x, y, width, height = faces[0].box
    assert others(faces) == 0
    assert faces[0].score > 0.8
    assert ((faces[0].points >= (x, y)) & (faces[0].points <= (x + width, y + height))).all()


def test_faces_come_by_falling_size() -> None:
    image = np.zeros((512, 1024, 3), np.uint8)
    image[:320, :320] = cv2.resize(picture(), (320, 320))
    image[:, 512:] = picture()
    found = detect(models(), image)
    assert [face.box[0] > 512 for face in found] == [True, False]
    assert others(found) == 1


def test_small_faces_are_found_at_the_working_size_of_recordings() -> None:
    image = np.full((480, 640, 3), 120, np.uint8)
    image[100:280, 200:380] = cv2.resize(picture(), (180, 180), interpolation=cv2.INTER_AREA)
    (face,) = detect(models(), image, FRAME_SIDE)
    assert face.box[2] < 60
    assert landmarks(models(), image, face) is not None


def test_nothing_is_found_where_there_is_no_face() -> None:
    assert detect(models(), np.full((200, 300, 3), 77, np.uint8)) == ()


def test_a_mesh_lies_on_the_face_and_detector_and_mesh_agree() -> None:
    face, mesh = look(picture())
    assert mesh.points.shape == (478, 3)
    assert mesh.blendshapes.shape == (len(BLENDSHAPES),) == (52,)
    assert mesh.presence > 0.9
    eyes = np.linalg.norm(mesh.points[468, :2] - mesh.points[473, :2])
    assert np.linalg.norm(mesh.points[468, :2] - face.points[0]) < 0.15 * eyes
    assert np.linalg.norm(mesh.points[473, :2] - face.points[1]) < 0.15 * eyes
    assert mesh.points[CHIN, 1] > mesh.points[NOSE, 1]
    assert mesh.points[NOSE, 2] < mesh.points[CHIN, 2]  # nearer


def test_a_mesh_found_again_from_itself_stays_where_it_was() -> None:
    _, first = look(picture())
    second = landmarks(models(), picture(), first)
    assert second is not None
    eyes = np.linalg.norm(first.points[468, :2] - first.points[473, :2])
    assert np.abs(second.points[:, :2] - first.points[:, :2]).mean() < 0.01 * eyes


def test_no_mesh_where_there_is_no_face() -> None:
    assert landmarks(models(), picture(), Roi(60, 420, 120, 0.0)) is None


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_roll_follows_the_picture(degrees: float) -> None:
    _, straight = look(picture())
    _, tilted = look(turned(picture(), degrees))
    assert tilted.pose.roll - straight.pose.roll == pytest.approx(degrees, abs=4)


def test_yaw_changes_its_sign_in_the_mirror() -> None:
    _, plain = look(picture("obama2.jpg"))
    _, mirrored = look(np.ascontiguousarray(picture("obama2.jpg")[:, ::-1]))
    assert plain.pose.yaw < -8  # he looks to the left of the picture
    assert mirrored.pose.yaw == pytest.approx(-plain.pose.yaw, abs=2.5)
    assert mirrored.pose.pitch == pytest.approx(plain.pose.pitch, abs=2.5)


def test_sharpness_and_exposure_fall_as_they_should() -> None:
    plain = measured(picture())
    assert measured(cv2.GaussianBlur(picture(), (0, 0), 4)).sharpness < plain.sharpness / 4
    dark = measured((picture() * 0.15).astype(np.uint8))
    assert dark.luma < plain.luma / 4
    assert dark.dark > 0.5 > plain.dark
    glaring = measured(np.clip(picture().astype(int) + 110, 0, 255).astype(np.uint8))
    assert glaring.bright > 0.3 > plain.bright


def test_size_is_in_pixels() -> None:
    twice = cv2.resize(picture(), None, fx=2, fy=2)
    assert measured(twice).size == pytest.approx(2 * measured(picture()).size, rel=0.03)
    assert measured(twice).width == pytest.approx(2 * measured(picture()).width, rel=0.06)


@pytest.mark.parametrize("name", ["astronaut.png", "obama.jpg", "biden.jpg"])
def test_hidden_parts_are_told_from_open_faces(name: str) -> None:
    _, mesh = look(picture(name))
    eyes = float(np.linalg.norm(mesh.points[468, :2] - mesh.points[473, :2]))
    masked, shaded = picture(name).copy(), picture(name).copy()
    cv2.fillPoly(masked, [mesh.points[[234, 132, 172, 136, 152, 365, 397, 361, 454, 280, 195, 50], :2].astype(int)], (220, 190, 150))
    for iris in (468, 473):
        centre = tuple(mesh.points[iris, :2].astype(int).tolist())
        cv2.ellipse(shaded, centre, (int(0.45 * eyes), int(0.36 * eyes)), 0, 0, 360, (25, 20, 20), -1)
    assert measured(picture(name)).covered < 0.3
    assert measured(masked).covered > 0.7
    assert measured(shaded).covered > 0.7
