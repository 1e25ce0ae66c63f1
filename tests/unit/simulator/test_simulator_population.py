"""People, lights, cameras and gestures by seed; strangers; recordings rendered to files."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from openekyc.engine.challenge_file import evidence
from openekyc.engine.compare.embed import cosine
from openekyc.engine.runtime import Models
from openekyc.reports.manifest import read_manifest
from openekyc.simulator.population import LIGHTS, PEOPLE, REPORTED, SKIN, Cast, presentation, skin_of
from openekyc.simulator.rendering import MANIFEST, render
from openekyc.simulator.sessions import Order
from openekyc.simulator.subject import load_embedded


def test_a_seed_is_always_the_same_presentation() -> None:
    assert presentation(12345) == presentation(12345)
    assert presentation(12345) != presentation(12346)


@pytest.mark.parametrize("first", [0, 40, REPORTED])
def test_forty_seeds_show_everybody(first: int) -> None:
    assert sorted(presentation(seed).person for seed in range(first, first + len(PEOPLE))) == sorted(PEOPLE)


@pytest.mark.parametrize("first", [1, REPORTED, 999])
def test_sixty_seeds_hold_every_combination_once(first: int) -> None:
    shown = [presentation(seed) for seed in range(first, first + 60)]
    assert set(Counter((one.light, one.camera, one.gesture) for one in shown).values()) == {1}


def test_presentations_keep_within_what_the_conditions_say() -> None:
    for shown in map(presentation, range(300)):
        low, high = LIGHTS[shown.light]
        assert low <= shown.knobs.screen / shown.knobs.ambient <= high
        assert 10 <= shown.knobs.fps <= 30
        assert shown.person in PEOPLE
        assert shown.knobs.skin == skin_of(shown.person)
        assert SKIN[0] <= shown.knobs.skin <= SKIN[1]


def test_people_differ_and_stay_themselves(models: Models) -> None:
    first, again, other = (load_embedded(models, person) for person in (4, 4, 9))
    assert cosine(first, again) > 0.999
    assert cosine(first, other) < 0.9


def test_a_stranger_is_somebody_else_to_the_recogniser(models: Models) -> None:
    stranger = Cast(models).stranger(4)
    assert cosine(load_embedded(models, 4), load_embedded(models, stranger)) < 0.3


def test_renders_what_the_reports_read(models: Models, tmp_path: Path) -> None:
    orders = [Order("live", 4, 2, ("blink",)), Order("photo", 1, 3)]
    names = list(render(Cast(models), orders, tmp_path))
    live, photo = read_manifest(tmp_path / MANIFEST)
    assert [live.name, photo.name] == names
    assert (live.label, live.level, photo.group, photo.level) == ("bona_fide", 4, "photo", 1)
    assert live.challenge is not None
    judged = evidence(live.path.read_bytes(), live.challenge.read_bytes(), 4)
    assert [type(step).__name__ for step in judged.challenge.steps] == ["HoldStep", "GestureStep", "LightStep", "HoldStep"]
    assert len(judged.trace.frames) > 100
    assert judged.trace.frames[-1].now_ms == pytest.approx(judged.trace.steps[-1].end_ms + 1000, abs=300)


def test_a_seed_is_rendered_the_same_twice(models: Models, tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        list(render(Cast(models), [Order("photo", 3, 5)], tmp_path / name))
        files.append(next((tmp_path / name).glob("*.json")).read_bytes())
    assert files[0] == files[1]
    assert msgspec.json.decode(files[0])["steps"][1]["kind"] == "light"
