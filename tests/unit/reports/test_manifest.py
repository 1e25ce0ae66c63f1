"""Manifests and labels: what is valid, and what each fault is told as."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.reports.labels import read_labels, unknown_actions
from openekyc.reports.manifest import ManifestInvalid, read_manifest

HEAD = b"path,label,species,subject\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    for name in ("a.jpg", "sub/b.webm", "c.json"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def manifest(folder: Path, *lines: str, head: str = "path,label,species,subject,level,challenge") -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join([head, *lines]))
    return path


def test_paths_are_relative_and_empty_subjects_stand_for_themselves(folder: Path) -> None:
    first, second, third = read_manifest(
        manifest(folder, "a.jpg,bona_fide,,P1,,", "sub/b.webm,attack,replay,,4,c.json", "a.jpg,attack,print,,,")
    )
    assert (first.path, first.group, first.subject, first.level) == (folder / "a.jpg", "bona_fide", "P1", 1)
    assert (second.path, second.group, second.level, second.challenge) == (folder / "sub/b.webm", "replay", 4, folder / "c.json")
    assert second.subject != third.subject


def test_optional_columns_may_be_missing_and_others_are_left_alone(folder: Path) -> None:
    path = manifest(folder, "a.jpg,attack,print,P1,x", head="path,label,species,subject,camera")
    assert read_manifest(path)[0].challenge is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("gone.jpg,bona_fide,,P1,,", "line 3: there is no file 'gone.jpg'"),
        (",bona_fide,,P1,,", "line 3: there is no file ''"),
        ("a.jpg,live,,P1,,", "line 3: the label 'live' is unknown"),
        ("a.jpg,attack,,P1,,", "line 3: an attack without a usable species"),
        ("a.jpg,attack,bona_fide,P1,,", "line 3: an attack without a usable species"),
        ("a.jpg,bona_fide,,P1,5,", "line 3: the level '5' is unknown"),
        ("a.jpg,bona_fide,,P1,3,", "line 3: level 3 without a challenge"),
        ("a.jpg,bona_fide,,P1,4,gone.json", "line 3: there is no file 'gone.json'"),
        ("a.jpg", "line 3: the label '' is unknown"),
    ],
)
def test_a_fault_is_told_with_its_line_and_a_remedy(folder: Path, line: str, told: str) -> None:
    with pytest.raises(ManifestInvalid, match="line 3") as caught:
        read_manifest(manifest(folder, "a.jpg,bona_fide,,P1,,", line))
    assert told in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    "content", [b"", b"path,label\n", b"path,label,species,subject\n", b"\xff\xfe\x00", b"path,label,species,subject\n\0"]
)
def test_a_useless_file_is_refused(folder: Path, content: bytes) -> None:
    (folder / "manifest.csv").write_bytes(content)
    with pytest.raises(ManifestInvalid):
        read_manifest(folder / "manifest.csv")


def test_what_spreadsheets_write_is_read(folder: Path) -> None:
    text = "\ufeffpath, label ,species,subject\r\na.jpg,bona_fide,,P1\r\n\r\nsub/b.webm,attack,replay,P2\r\n"
    (folder / "manifest.csv").write_bytes(text.encode())
    assert [sample.species for sample in read_manifest(folder / "manifest.csv")] == ["", "replay"]
    (folder / "labels.json").write_bytes('\ufeff[{"clip": "a.jpg",\r\n"events": []}]'.encode())
    assert read_labels(folder / "labels.json")[0].clip == "a.jpg"


@pytest.mark.parametrize("name", ["sub", "x" * 300])
def test_what_is_no_file_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ManifestInvalid):
        read_manifest(manifest(folder, f"{name},bona_fide,,P1,,"))
    (folder / "labels.json").write_text(f'[{{"clip": "{name}", "events": []}}]')
    with pytest.raises(ManifestInvalid):
        read_labels(folder / "labels.json")


def test_a_file_that_may_not_be_read_is_refused_with_its_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, opened = manifest(folder, "a.jpg,bona_fide,,P1,,"), Path.open

    def locked(path: Path, *arguments: object, **more: object) -> object:
        if path.name == "a.jpg":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(ManifestInvalid, match=r"line 2: the file 'a\.jpg' may not be read"):
        read_manifest(path)


@given(content=st.binary(max_size=300))
def test_any_bytes_are_samples_or_a_fault(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "manifest"
    path.write_bytes(HEAD + content)
    for read in (read_manifest, read_labels):
        with pytest.raises(ManifestInvalid):  # no file can be there
            read(path)


def test_labels_keep_ignored_spans_apart_and_name_unknown_actions(folder: Path) -> None:
    path = folder / "labels.json"
    path.write_text(
        '[{"clip": "a.jpg", "kind": "live", "events": [{"action": "blink", "start": 0, "end": 1},'
        ' {"action": "ignore:blink", "start": 2, "end": 999}, {"action": "wink", "start": 3, "end": 4}]}]'
    )
    clips = read_labels(path)
    assert [(span.start, span.end) for span in clips[0].labelled("blink")] == [(0, 1)]
    assert [span.end for span in clips[0].ignored("blink")] == [999]
    assert unknown_actions(clips) == ("wink",)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        '[{"clip": "gone.mp4", "events": []}]',
        '[{"clip": "a.jpg"}]',
        '[{"clip": "a.jpg", "events": [{"action": "blink", "start": 2, "end": 1}]}]',
        '[{"clip": "a.jpg", "events": [{"action": "blink", "start": -1, "end": 1}]}]',
    ],
)
def test_faulty_labels_are_refused_with_a_remedy(folder: Path, content: str) -> None:
    (folder / "labels.json").write_text(content)
    with pytest.raises(ManifestInvalid) as caught:
        read_labels(folder / "labels.json")
    assert caught.value.remedy
