"""The report commands on real pixels, from manifest to page."""

import csv
import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from openekyc.cli import exits
from openekyc.cli.main import run
from openekyc.engine.media import open_video
from openekyc.reports import measure as measuring
from openekyc.reports.manifest import Sample
from tests.assets import asset
from tests.recordings import encode, grey_ramp


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """Two people, a crude replay of one of them, a recording, and three samples in which nobody can be found."""
    for name in ("biden.jpg", "obama.jpg"):
        shutil.copy(asset(name), tmp_path / name)
    shutil.copy(asset("carphone_pristine.mp4"), tmp_path / "talk.bin")  # told by its content, not its name
    cv2.imwrite(str(tmp_path / "screen.png"), on_a_screen(cv2.imread(str(asset("obama.jpg")))))
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((200, 200, 3), 127, np.uint8))
    (tmp_path / "noise.jpg").write_bytes(b"\xff\xd8 no picture")
    (tmp_path / "grey.webm").write_bytes(encode(grey_ramp(30)))
    (tmp_path / "challenge.json").write_text('{"steps": [{"kind": "gesture", "gesture": "nod", "prompt_ms": 500, "end_ms": 3500}]}')
    (tmp_path / "manifest.csv").write_text(
        "path,label,species,subject,level,challenge\n"
        "biden.jpg,bona_fide,,P1,,\nobama.jpg,bona_fide,,P2,,\ntalk.bin,bona_fide,,P3,1,\ntalk.bin,bona_fide,,P3,2,challenge.json\n"
        "blank.png,bona_fide,,P4,,\nscreen.png,attack,screen,P2,,\nnoise.jpg,attack,screen,P5,,\ngrey.webm,attack,screen,P6,1,\n"
    )
    return tmp_path / "manifest.csv"


def on_a_screen(picture: np.ndarray) -> np.ndarray:
    """Pale, blurred, with scan lines."""
    pale = cv2.addWeighted(cv2.GaussianBlur(picture, (0, 0), 1.5), 0.7, np.full_like(picture, 255), 0.25, 0)
    pale[::3] = pale[::3] // 4 * 3
    return pale


def test_pad_report_counts_every_sample(samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "report"
    assert run(["pad-report", "--manifest", str(samples), "--out", str(out), "--json"]) == exits.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["bpcer"]["n"], found["apcer"]["screen"]["n"]) == (5, 3)
    assert found["bpcer"]["low"] <= found["bpcer"]["rate"] <= found["bpcer"]["high"] > 0
    assert found["non_response"]["bona_fide"]["rate"] == pytest.approx(2 / 5)  # the blank picture, and a face too small to judge
    assert found["non_response"]["screen"]["rate"] == pytest.approx(2 / 3)
    assert set(found["cues"]["silent"]["apcer_at_bpcer"]) == {"1%", "5%"}
    assert found["cues"]["silent"]["auc"] is not None
    assert found["cues"]["gestures"]["alone"]["bpcer"]["errors"] == 1  # nobody nodded at the prompt
    assert json.loads((out / "report.json").read_text()) == found
    assert "Self-test" in (out / "index.html").read_text()
    rows = list(csv.DictReader((out / "scores.csv").open()))
    assert [row["kind"] for row in rows] == ["picture"] * 2 + ["recording"] * 2 + ["picture"] * 2 + ["unreadable", "recording"]
    assert [row["outcome"] for row in rows][4] == "none"
    assert all(0 <= float(row["silent.live"]) <= 1 for row in rows[:4])


def test_an_interrupted_pad_report_goes_on_where_it_was(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line for line in samples.read_text().splitlines() if "talk.bin" not in line]
    samples.write_text("\n".join(lines))
    out, asked = tmp_path / "report", []
    whole = measuring.judge

    def judge(models: object, sample: Sample) -> object:
        asked.append(sample.name)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return whole(models, sample)  # type: ignore[arg-type]

    monkeypatch.setattr(measuring, "judge", judge)
    command = ["pad-report", "--manifest", str(samples), "--out", str(out), "--json"]
    run(command)
    assert len(list(csv.DictReader((out / "scores.csv").open()))) == 3
    (out / "judged.jsonl").open("ab").write(b'\n{"key": "cut o')
    capsys.readouterr()
    assert run(command) == exits.DONE
    found = json.loads(capsys.readouterr().out)
    assert asked == [line.split(",")[0] for line in lines[1:5]] + [line.split(",")[0] for line in lines[4:]]
    assert sum(found["samples"].values()) == len(lines) - 1
    assert not (out / "judged.jsonl").exists()


def test_pad_report_of_rendered_faces_records_the_silent_cue(samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples.write_text("path,label,species,subject\nscreen.png,attack,screen,P2\n")
    assert run(["pad-report", "--manifest", str(samples), "--out", str(tmp_path), "--rendered"]) == exits.DONE
    assert "APCER screen" in capsys.readouterr().out
    row = next(csv.DictReader((tmp_path / "scores.csv").open()))
    assert row["silent"] in ("recorded", "pass")
    assert "rendered faces" in (tmp_path / "index.html").read_text()


def test_gesture_report_finds_what_a_talking_man_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = asset("carphone_pristine.mp4")
    shutil.copy(clip, tmp_path / "talk.mp4")
    (tmp_path / "noise.mp4").write_bytes(b"\0\0\0\x20ftypisom nothing")
    spans = [
        ("blink", 1.35, 1.5),
        ("blink", 3.0, 3.15),
        ("ignore:blink", 3.6, 4.0),
        ("mouth", 1.8, 2.15),
        ("mouth", 3.4, 4.0),
        ("nod", 1, 2),
    ]
    events = [{"action": action, "start": start, "end": end} for action, start, end in spans]
    labels = [{"clip": "talk.mp4", "kind": "live", "events": events}, {"clip": "noise.mp4", "kind": "live", "events": []}]
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    out = tmp_path / "report"
    assert run(["gesture-report", "--manifest", str(tmp_path / "labels.json"), "--out", str(out), "--json"]) == exits.DONE
    found = json.loads(capsys.readouterr().out)
    assert {name: (one["hits"], one["labels"]) for name, one in found["gestures"].items()} == {
        "blink": (2, 2),
        "mouth": (2, 2),
        "nod": (0, 1),
        "shake": (0, 0),
    }
    assert (found["recall"], found["false_per_minute"]) == (0.8, 0.0)
    assert found["clips"][1]["fault"]
    assert sorted(path.name for path in out.iterdir()) == ["001-talk.svg", "002-noise.svg", "index.html", "report.json"]


@pytest.fixture
def long_talk(tmp_path: Path) -> Path:
    """Two minutes of nothing, then the talking man, who blinks and opens his mouth; one label lies after the end."""
    nothing = [np.full((144, 176, 3), 127, np.uint8)] * 60
    talk = [(frame.time, frame.image) for frame in open_video(asset("carphone_pristine.mp4").read_bytes())]
    times = [2.0 * index for index in range(60)] + [125.0 + time for time, _ in talk]
    (tmp_path / "long.webm").write_bytes(encode([*nothing, *(image for _, image in talk)], times=times))
    spans = [("blink", 126.35, 126.5), ("mouth", 126.8, 127.15), ("nod", 500.0, 501.0)]
    events = [{"action": action, "start": start, "end": end} for action, start, end in spans]
    (tmp_path / "labels.json").write_text(json.dumps([{"clip": "long.webm", "events": events}]))
    return tmp_path / "labels.json"


def test_gesture_report_reads_a_recording_of_any_length(long_talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gesture-report", "--manifest", str(long_talk), "--json"]) == exits.DONE
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["total"]["hits"], found["total"]["labels"], found["clips"][0]["fault"]) == (2, 2, "")
    assert found["clips"][0]["seconds"] == pytest.approx(129, abs=0.2)
    assert found["clips"][0]["late_labels"] == 1
    assert "long.webm ends at 129.0 s; not counted: 1 label after that." in err


def test_gesture_report_leaves_longer_recordings_out_and_names_them(
    long_talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["gesture-report", "--manifest", str(long_talk), "--longest", "60", "--json"]
    assert run(command) == exits.REFUSED  # nothing is left
    assert "long.webm is left out, with 3 labels: longer than 60 s." in capsys.readouterr().err
    shutil.copy(asset("carphone_pristine.mp4"), tmp_path / "talk.mp4")
    label = {"clip": "talk.mp4", "events": [{"action": "blink", "start": 1.35, "end": 1.5}]}
    long_talk.write_text(json.dumps([*json.loads(long_talk.read_text()), label]))
    assert run([*command, "--out", str(tmp_path / "out")]) == exits.DONE
    found = json.loads(capsys.readouterr().out)
    assert found["left_out"] == [{"clip": "long.webm", "reason": "longer than 60 s", "labels": 3}]
    assert (found["total"]["labels"], found["recall"], len(found["clips"])) == (1, 1.0, 1)
    assert "long.webm is left out" in (tmp_path / "out" / "index.html").read_text()


def test_match_report_tells_two_people_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("biden.jpg", "obama.jpg", "obama2.jpg", "obama3.jpg", "astronaut.png"):
        shutil.copy(asset(name), tmp_path / name)
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((200, 200, 3), 127, np.uint8))
    (tmp_path / "noise.jpg").write_bytes(b"\xff\xd8 no picture")
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "pairs.csv").write_text(
        "a,b,same\nobama.jpg,obama2.jpg,1\nobama.jpg,obama3.jpg,1\nobama2.jpg,blank.png,1\nbiden.jpg,noise.jpg,1\n"
        "obama.jpg,biden.jpg,0\nobama3.jpg,astronaut.png,0\nobama2.jpg,empty.jpg,0\n"
    )
    out, arguments = tmp_path / "report", ["match-report", "--pairs", str(tmp_path / "pairs.csv"), "--out", str(tmp_path / "report")]
    assert run([*arguments, "--keep-embeddings"]) == exits.DONE
    assert "equal error rate" in capsys.readouterr().out
    assert len((out / "embeddings.jsonl").read_bytes().splitlines()) == 9  # the first is empty
    assert run([*arguments, "--json"]) == exits.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["eer"], found["accuracy"], found["fnmr_at_fmr"]) == (0, 1, {"1e-2": 0, "1e-3": 0, "1e-4": 0})
    assert found["failure_to_acquire"] == pytest.approx(3 / 8)
    assert found["with_failures"]["fnmr_at_fmr"]["1e-3"] == pytest.approx(2 / 4)
    assert found["counts"]["cross_identity"] == 3 + 3 + 1  # three pictures of one person with one each of two others, and these
    assert found["marks"]["80"]["fnmr"]["high"] > 0.5  # one person only
    assert json.loads((out / "report.json").read_text()) == found
    assert "Self-test" in (out / "index.html").read_text()
    rows = list(csv.DictReader((out / "scores.csv").open()))
    assert [row["code_b"] for row in rows] == ["0", "0", "2013", "2014", "0", "0", "2014"]
    assert [row["cosine"] != "" for row in rows] == [True, True, False, False, True, True, False]
    assert not (out / "embeddings.jsonl").exists()


@pytest.mark.parametrize(
    ("command", "option", "name"),
    [("pad-report", "manifest", "manifest.csv"), ("gesture-report", "manifest", "labels.json"), ("match-report", "pairs", "pairs.csv")],
)
def test_a_faulty_manifest_is_refused_before_anything_is_measured(
    command: str, option: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("[]")
    assert run([command, f"--{option}", str(tmp_path / name), "--out", str(tmp_path / "out")]) == exits.REFUSED
    assert "->" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("command", "option", "text"),
    [
        ("pad-report", "manifest", "path,label,species,subject\ngone,bona_fide,,P1\n"),
        ("match-report", "pairs", "a,b,same\ngone,gone2,1\n"),
        ("card-report", "manifest", "path,back,kind,expected\ngone,,HK,\n"),
        ("gesture-report", "manifest", '[{"clip": "gone", "events": []}]'),
    ],
)
def test_a_file_that_is_not_there_is_refused_before_anything_is_measured(
    command: str, option: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list").write_text(text)
    assert run([command, f"--{option}", str(tmp_path / "list"), "--out", str(tmp_path / "out")]) == exits.REFUSED
    assert "there is no file 'gone'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_refused_first(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pad-report", "--manifest", str(samples), "--out", str(samples / "below-a-file")]) == exits.REFUSED
    assert "Cannot write" in capsys.readouterr().err
