"""Pictures of real people compared: official portraits and a public-domain portrait, fetched from pinned packages."""

import cv2
import numpy as np
import pytest

from openekyc.engine.compare.embed import TEMPLATE, align, embed, similarity_transform
from openekyc.engine.compare.pictures import PictureRefused, compare_pictures, portrait
from openekyc.engine.compare.similarity import CORNERS, similarity
from openekyc.engine.face.detect import detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests.assets import asset


@pytest.fixture(scope="module")
def models():
    return Models(Settings().models_folder)


def picture(name):
    return cv2.imread(str(asset(name)))


def encoded(image, kind=".jpg"):
    return cv2.imencode(kind, image)[1].tobytes()


@pytest.mark.parametrize("other", ["obama2.jpg", "obama3.jpg"])
def test_one_person_is_alike(models, other):
    found = compare_pictures(models, asset("obama.jpg").read_bytes(), asset(other).read_bytes())
    assert found.code == "0"
    assert found.similarity >= 80


@pytest.mark.parametrize("other", ["biden.jpg", "astronaut.png"])
def test_two_people_are_not(models, other):
    found = compare_pictures(models, asset("obama.jpg").read_bytes(), asset(other).read_bytes())
    assert found.code == "2016"
    assert found.similarity < 60


@pytest.mark.parametrize("degrees", [-45, 15, 30, 45, 90, 180, 270])
def test_a_turned_picture_is_still_the_same_person(models, degrees):
    image = picture("obama2.jpg")
    found = compare_pictures(models, encoded(image), encoded(turned(image, degrees), ".png"))
    assert found.similarity >= 80


def turned(image, degrees):
    if degrees % 90 == 0:
        return np.ascontiguousarray(np.rot90(image, degrees // 90))
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(image, matrix, (width, height), borderValue=(90, 90, 90))


def test_what_is_wrong_with_a_picture_has_its_code(models):
    face = picture("obama.jpg")
    faces = {
        "2013": np.full((300, 300, 3), 128, np.uint8),
        "2004": cv2.resize(face, (60, 60)),
        "2014": cv2.GaussianBlur(face, (0, 0), 25),
        "2012": np.hstack([cv2.resize(face, (400, 500)), cv2.resize(picture("biden.jpg"), (400, 500))]),
    }
    codes = {}
    for wanted, image in faces.items():
        with pytest.raises(PictureRefused) as refused:
            portrait(models, encoded(image))
        codes[wanted] = refused.value.code
    assert codes == {code: code for code in faces} | {"2014": codes["2014"]}
    assert codes["2014"] in {"2013", "2014"}  # blurred so far that the detector may lose it


@pytest.mark.parametrize(("data", "code"), [(b"", "2014"), (b"\xff\xd8 no picture", "2014"), (b"x" * 10_000_001, "2004")])
def test_bytes_that_are_no_picture(models, data, code):
    with pytest.raises(PictureRefused) as refused:
        portrait(models, data)
    assert refused.value.code == code


def test_the_fault_names_the_picture(models):
    found = compare_pictures(models, asset("obama.jpg").read_bytes(), b"nothing")
    assert (found.code, found.picture, found.similarity) == ("2014", "b", None)


def test_an_embedding_is_a_unit_vector_and_repeatable(models):
    image = picture("astronaut.png")
    mesh = landmarks(models, image, detect(models, image)[0])
    first, second = embed(models, image, mesh), embed(models, image, mesh)
    assert first.shape == (128,)
    assert np.linalg.norm(first) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_array_equal(first, second)


def test_the_alignment_brings_points_to_the_template():
    turn = np.array([[0.8, -0.6], [0.6, 0.8]], np.float32)
    source = 2.5 * TEMPLATE @ turn.T + (40, 90)
    matrix = similarity_transform(source.astype(np.float32), TEMPLATE)
    np.testing.assert_allclose(source @ matrix[:, :2].T + matrix[:, 2], TEMPLATE, atol=1e-3)
    assert align(np.zeros((300, 300, 3), np.uint8), source.astype(np.float32)).shape == (112, 112, 3)


def test_similarity_rises_strictly_from_0_to_100():
    marks = [similarity(cosine) for cosine in np.linspace(-1, 1, 401)]
    assert marks == sorted(marks)
    assert len(set(marks)) == len(marks)
    assert (marks[0], marks[-1]) == (0.0, 100.0)


def test_the_corners_are_the_agreed_false_match_rates():
    assert [mark for _, mark in CORNERS] == [0.0, 30.0, 50.0, 70.0, 80.0, 100.0]
    assert all(similarity(cosine) == mark for cosine, mark in CORNERS)
