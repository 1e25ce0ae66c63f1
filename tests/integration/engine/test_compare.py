"""Pictures of real people compared: official portraits and a public-domain portrait, fetched from pinned packages."""

import cv2
import numpy as np
import pytest

from openekyc.engine.compare.embed import TEMPLATE, align, cosine, embed, embed_points, five_points, similarity_transform
from openekyc.engine.compare.find import upright
from openekyc.engine.compare.match import match
from openekyc.engine.compare.pictures import PictureRefused, compare_pictures, portrait
from openekyc.engine.compare.similarity import CORNERS, similarity
from openekyc.engine.face.detect import FRAME_SIDE, area, detect, others
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.quality import box_detail
from openekyc.engine.picture import decode_picture
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


def portrait_on_a_card(name, height):
    """Cut as on a document, grey, pale and soft."""
    image = picture(name)
    x, y, width, tall = (int(value) for value in max(detect(Models(Settings().models_folder), image), key=lambda face: face.box[2]).box)
    cut = image[max(y - 3 * tall // 8, 0) : y + 11 * tall // 8, max(x - width // 3, 0) : x + 4 * width // 3]
    small = cv2.resize(cut, (int(cut.shape[1] * height / cut.shape[0]), height), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 0.6), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return (40 + 0.75 * grey.astype(np.float32)).astype(np.uint8)


def test_a_cards_portrait_may_be_smaller_than_a_photograph(models):
    card, selfie = encoded(portrait_on_a_card("obama.jpg", 70), ".png"), asset("obama2.jpg").read_bytes()
    assert compare_pictures(models, card, selfie).code in {"2004", "2014"}
    found = compare_pictures(models, card, selfie, card=True)
    assert (found.code, found.picture) == ("0", "")
    assert compare_pictures(models, card, asset("biden.jpg").read_bytes(), card=True).code == "2016"


def test_a_bystander_does_not_make_a_picture_ambiguous(models):
    person, other = cv2.resize(picture("obama.jpg"), (400, 500)), cv2.resize(picture("biden.jpg"), (400, 500))
    canvas = np.full((500, 800, 3), 120, np.uint8)
    canvas[:, 200:600], canvas[250:, 600:] = person, cv2.resize(other, (200, 250))
    found = compare_pictures(models, encoded(canvas), asset("obama2.jpg").read_bytes())
    assert found.similarity >= 70


def head(models, name, width):
    """A head with some room, drawn so that the face's box is `width` pixels wide."""
    image = picture(name)
    x, y, wide, tall = max(detect(models, image), key=lambda face: face.box[2]).box
    left, top = max(int(x - 0.35 * wide), 0), max(int(y - 0.35 * tall), 0)
    cut = image[top : int(y + 1.3 * tall), left : int(x + 1.35 * wide)]
    return cv2.resize(cut, None, fx=width / wide, fy=width / wide, interpolation=cv2.INTER_AREA)


def behind(models, person, other, *, larger, blur=0.0):
    """One person in a corner, somebody else in the middle; `larger`: how many times the area the first one's face has."""
    canvas = np.full((1000, 1500, 3), 120, np.uint8)
    first, second = head(models, person, 200), head(models, other, 200 / larger**0.5)
    first = cv2.GaussianBlur(first, (0, 0), blur) if blur else first
    height, width = second.shape[:2]
    canvas[: first.shape[0], : first.shape[1]] = first
    top, left = 500 - height // 2, 750 - width // 2
    canvas[top : top + height, left : left + width] = second
    return encoded(canvas, ".png")


def test_of_a_reference_picture_the_foremost_person_is_compared_with_a_notice(models):
    shown = behind(models, "obama.jpg", "biden.jpg", larger=2.9)
    assert upright(models, decode_picture(shown)).ambiguous  # by prominence alone it is not clear who is meant
    same = compare_pictures(models, shown, asset("obama2.jpg").read_bytes())
    assert (same.code, same.notices_a, same.notices_b) == ("0", ("other_faces",), ())


def test_a_person_held_small_in_a_picture_is_never_the_one_compared(models):
    """Whoever of the two is the attacker: held small, the attacker is not compared; held large, the picture vouches for nobody else."""
    held = behind(models, "obama.jpg", "biden.jpg", larger=2.9)
    found = compare_pictures(models, held, asset("biden.jpg").read_bytes())
    assert (found.code, found.notices_a) == ("2016", ("other_faces",))


def test_in_a_recording_nobody_is_chosen_a_frame_like_that_shows_two_people(models):
    """`conditions.face` refuses a recording whose frames show company, however large and sharp the first face is."""
    frame = decode_picture(behind(models, "obama.jpg", "biden.jpg", larger=2.9))
    faces = detect(models, frame, FRAME_SIDE)
    first = max(faces, key=area)
    assert box_detail(frame, first) > max(box_detail(frame, face) for face in faces if face is not first)
    assert others(faces) == 1


@pytest.mark.parametrize("less", [{"larger": 1.5}, {"larger": 2.1}, {"larger": 2.9, "blur": 2.5}])
def test_equals_and_a_blurred_person_before_a_sharp_one_stay_ambiguous(models, less):
    found = compare_pictures(models, behind(models, "obama.jpg", "biden.jpg", **less), asset("obama2.jpg").read_bytes())
    assert (found.code, found.notices_a) == ("2012", ())


def test_the_person_who_is_verified_supplies_the_document_so_nobody_is_chosen_there(models):
    with pytest.raises(PictureRefused) as refused:
        portrait(models, behind(models, "obama.jpg", "biden.jpg", larger=2.9), card=True)
    assert refused.value.code == "2012"


def test_a_picture_of_one_person_has_no_notice(models):
    assert portrait(models, asset("obama.jpg").read_bytes()).notices == ()


def test_a_sparing_comparison_says_the_same(models):
    pictures = asset("obama.jpg").read_bytes(), asset("obama2.jpg").read_bytes()
    assert compare_pictures(models, *pictures, sparing=True) == compare_pictures(models, *pictures)


def page_with(portrait_name, second_name, scale):
    """A page with a portrait on the left and another picture, paler and smaller, nearer to its middle."""
    person, other = cv2.resize(picture(portrait_name), (320, 400)), picture(second_name)
    other = cv2.resize(other, (int(320 * scale), int(400 * scale)))
    canvas = np.full((700, 1000, 3), 215, np.uint8)
    canvas[150:550, 20:340] = person
    height, width = other.shape[:2]
    canvas[200 : 200 + height, 420 : 420 + width] = (other * 0.6 + 86).astype(np.uint8)
    return canvas


def test_a_ghost_portrait_is_no_second_person(models):
    ghost = page_with("obama.jpg", "obama.jpg", 0.75)
    assert compare_pictures(models, encoded(ghost), asset("obama2.jpg").read_bytes()).code == "0"


@pytest.mark.parametrize(("second", "scale"), [("biden.jpg", 0.9), ("obama.jpg", 1.0)])
def test_another_person_or_an_equal_picture_stays_ambiguous(models, second, scale):
    found = compare_pictures(models, encoded(page_with("obama.jpg", second, scale)), asset("obama2.jpg").read_bytes())
    assert found.code == "2012"


@pytest.mark.parametrize(
    ("name", "code"),
    [("dark", "2014"), ("overexposed", "2014"), ("masked", "2017"), ("shaded", "2017"), ("half", "2013"), ("small", "2014")],
)
def test_a_picture_that_cannot_be_used_says_why(models, name, code):
    with pytest.raises(PictureRefused) as refused:
        portrait(models, encoded(spoilt(models, name), ".png"))
    assert refused.value.code == code


def spoilt(models, name):
    image = picture("obama2.jpg")
    face = detect(models, image)[0]
    mesh = landmarks(models, image, face)
    x, _, width, _ = (int(value) for value in face.box)
    apart = float(np.linalg.norm(mesh.points[468, :2] - mesh.points[473, :2]))
    if name == "dark":
        return (image * 0.06).astype(np.uint8)
    if name == "overexposed":
        return np.clip(image.astype(int) * 3 + 150, 0, 255).astype(np.uint8)
    if name == "half":
        return image[:, x + width // 2 :]
    if name == "small":
        canvas = np.full_like(image, 120)
        tiny = cv2.resize(image, None, fx=25 / width, fy=25 / width, interpolation=cv2.INTER_AREA)
        canvas[400 : 400 + tiny.shape[0], 250 : 250 + tiny.shape[1]] = tiny
        return canvas[300:600, 150:450]
    if name == "masked":
        cv2.fillPoly(image, [mesh.points[[234, 132, 172, 136, 152, 365, 397, 361, 454, 280, 195, 50], :2].astype(int)], (220, 190, 150))
    else:
        for iris in (468, 473):
            centre = tuple(mesh.points[iris, :2].astype(int).tolist())
            cv2.ellipse(image, centre, (int(0.45 * apart), int(0.36 * apart)), 0, 0, 360, (25, 20, 20), -1)
    return image


def test_an_exif_orientation_is_followed(models):
    sideways = np.ascontiguousarray(np.rot90(picture("obama2.jpg")))  # to be shown a quarter turn clockwise: orientation 6
    jpeg = encoded(sideways)
    exif = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
    marked = jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]
    assert compare_pictures(models, marked, asset("obama2.jpg").read_bytes()).similarity >= 90


def test_a_large_face_is_averaged_down_and_looks_as_its_small_copy_does(models):
    image = picture("obama2.jpg")
    points = five_points(landmarks(models, image, detect(models, image)[0]))
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert cosine(embed_points(models, image, points), embed_points(models, small, points / 2)) > 0.99


@pytest.mark.parametrize(("data", "code"), [(b"", "2014"), (b"\xff\xd8 no picture", "2014"), (b"x" * 20_000_001, "2004")])
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


@pytest.mark.parametrize(("card", "hint"), [(True, "document_not_accepted"), (False, "try_again")])
def test_only_of_a_documents_portrait_the_person_is_told_to_look_at_the_document(models, card, hint):
    assert match(models, None, b"no picture", 70.0, card=card).hint == hint
