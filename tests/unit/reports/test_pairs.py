"""Lists of pairs: who is who, and what each fault is told as."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.reports.manifest import ManifestInvalid
from openekyc.reports.pairs import Pair, joined, person_by_name, read_pairs


def pairs(folder: Path, *lines: str, head: str = "a,b,same") -> Path:
    path = folder / "pairs.csv"
    path.write_text("\n".join([head, *lines]))
    for name in (cell for line in lines for cell in line.split(",")[:2] if cell):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    return path


def people(path: Path) -> list[set[str]]:
    found = read_pairs(path).subjects
    return sorted(({one for one in found if found[one] == name} for name in set(found.values())), key=sorted)


def test_numbered_names_are_one_person_even_where_no_pair_joins_them(tmp_path: Path) -> None:
    path = pairs(tmp_path, "x/Ann_1.jpg,x/Ann_2.jpg,1", "x/Ann_3.jpg,x/Bo_1.jpg,0", "x/Ann_1.jpg,x/Bo_2.jpg,0")
    assert people(path) == [{"x/Ann_1.jpg", "x/Ann_2.jpg", "x/Ann_3.jpg"}, {"x/Bo_1.jpg", "x/Bo_2.jpg"}]
    assert read_pairs(path).rule == "pairs and file names"


def test_names_that_contradict_a_pair_say_nothing(tmp_path: Path) -> None:
    path = pairs(tmp_path, "img1.jpg,img2.jpg,1", "img2.jpg,img3.jpg,1", "img1.jpg,img4.jpg,0")
    assert people(path) == [{"img1.jpg", "img2.jpg", "img3.jpg"}, {"img4.jpg"}]
    assert read_pairs(path).rule == "pairs"


def test_names_that_leave_one_person_only_say_nothing(tmp_path: Path) -> None:
    assert len(people(pairs(tmp_path, "img1.jpg,img2.jpg,1", "img3.jpg,img4.jpg,1"))) == 2


def test_named_subjects_count_before_names_of_files(tmp_path: Path) -> None:
    path = pairs(tmp_path, "a_1.jpg,a_2.jpg,0,P1,P2", "a_1.jpg,a_3.jpg,1,P1,", head="a,b,same,subject_a,subject_b")
    assert people(path) == [{"a_1.jpg", "a_3.jpg"}, {"a_2.jpg"}]
    assert read_pairs(path).rule == "named"


@pytest.mark.parametrize(
    ("picture", "person"),
    [
        ("images/Ann_Lee_0001.jpg", "images/Ann_Lee"),
        ("Ann_Lee/0001.jpg", "Ann_Lee"),
        ("x/Ann Lee 12.png", "x/Ann Lee"),
        ("selfie.jpg", ""),
    ],
)
def test_who_a_file_name_tells(picture: str, person: str) -> None:
    assert person_by_name(picture) == person


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("a.jpg,b.jpg,1", "b.jpg,c.jpg,1", "a.jpg,c.jpg,0"), "line 4"),
        (("a.jpg,b.jpg,maybe",), "line 2"),
        (("a.jpg,,1",), "line 2"),
        ((), "names no pair"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(ManifestInvalid, match=words):
        read_pairs(pairs(tmp_path, *lines))


@pytest.mark.parametrize("lines", [("a.jpg,b.jpg,1,P1,P2",), ("a.jpg,b.jpg,0,P1,P2", "a.jpg,c.jpg,0,P3,P4")])
def test_named_subjects_that_do_not_fit_are_refused(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(ManifestInvalid, match="line"):
        read_pairs(pairs(tmp_path, *lines, head="a,b,same,subject_a,subject_b"))


@pytest.mark.parametrize("name", ["gone.jpg", "sub", "x" * 300, "nul\0"])
def test_a_picture_that_is_not_there_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    path = pairs(tmp_path, "a.jpg,b.jpg,0")
    path.write_text(f"{path.read_text()}\na.jpg,{name},1", "utf-8")
    with pytest.raises(ManifestInvalid, match="line") as caught:
        read_pairs(path)
    assert caught.value.remedy


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match="same"):
        read_pairs(pairs(tmp_path, "a.jpg,b.jpg", head="a,b"))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=15))
def test_same_is_followed_through_any_chain(edges: list[tuple[int, int]]) -> None:
    found = joined([Pair(0, str(a), str(b), same=True) for a, b in edges], {})
    assert all(found[str(a)] == found[str(b)] for a, b in edges)
    groups = [{node for edge in edges for node in edge if found[str(node)] == name} for name in set(found.values())]
    assert all(not (set(edge) & group) or set(edge) <= group for group in groups for edge in edges)
    assert all(_connected(group, edges) for group in groups)


def _connected(group: set[int], edges: list[tuple[int, int]]) -> bool:
    seen = {next(iter(group))}
    for _ in group:
        seen |= {node for edge in edges if set(edge) & seen for node in edge}
    return seen == group
