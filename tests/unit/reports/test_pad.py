"""The attack detection report: what counts as what, and that nothing is dropped."""

import csv
import re
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from openekyc.engine.values import Cue
from openekyc.reports.judged import outcome
from openekyc.reports.pad import PadReport, report
from openekyc.reports.pad_page import page
from openekyc.reports.scores import write_scores
from tests.unit.reports.samples import FACE, NO_FACE, judged, silent

MODELS = SimpleNamespace(
    files={"n": SimpleNamespace(file="net.onnx", sha256="00ff")},
    silent=[SimpleNamespace(cue="silent", input=SimpleNamespace(threshold=0.5))],
)

SAMPLES = [
    judged("bona_fide", "A", FACE, silent(0.9)),
    judged("bona_fide", "B", FACE, silent(0.4)),
    judged("bona_fide", "C", NO_FACE),
    judged("bona_fide", "D", FACE, silent(0.8)),
    judged("attack", "A", FACE, silent(0.1)),
    judged("attack", "B", FACE, silent(0.6)),
    judged("attack", "<C>", NO_FACE, species="replay"),
    judged("attack", "D", FACE, silent(0.7), species="replay"),
]


@pytest.fixture
def found() -> PadReport:
    return report(MODELS, SAMPLES)  # type: ignore[arg-type]


def test_every_sample_is_counted_and_no_face_is_no_response(found: PadReport) -> None:
    assert (found.bpcer.errors, found.bpcer.n) == (1, 4)
    assert {name: (rate.errors, rate.n) for name, rate in found.apcer.items()} == {"print": (1, 2), "replay": (1, 2)}
    assert found.samples == {"bona_fide": 4, "print": 2, "replay": 2}
    plain = msgspec.to_builtins(found)["non_response"]
    assert (plain["n"], plain["errors"]) == (8, 2)
    assert {name: plain[name]["errors"] for name in ("bona_fide", "print", "replay")} == {"bona_fide": 1, "print": 0, "replay": 1}


def test_riapar_adds_accepted_attacks_and_unaccepted_people(found: PadReport) -> None:
    assert found.riapar == {"worst": 1.0, "print": 1.0, "replay": 1.0}  # half of each species, half of the people


def test_the_json_has_the_promised_shape(found: PadReport) -> None:
    plain = msgspec.json.decode(msgspec.json.encode(found))
    for rate in (plain["bpcer"], plain["apcer"]["print"], plain["non_response"], plain["non_response"]["bona_fide"]):
        assert {"rate", "n", "low", "high"} <= set(rate)
    cue = plain["cues"]["silent"]
    assert set(cue["apcer_at_bpcer"]) == {"1%", "5%"}
    assert cue["auc"] == pytest.approx(7 / 9)
    assert (cue["bona_fide"], cue["attacks"]) == (3, 3)
    assert "self-test" in plain["title"].lower()


def test_a_cue_left_out_lets_through_what_it_alone_stopped(found: PadReport) -> None:
    without = found.ablation["silent"]
    assert (without.bpcer.errors, without.apcer["print"].errors) == (0, 2)


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        (("pass", "pass"), "bona_fide"),
        (("pass", "deny"), "attack"),
        (("retry", "deny"), "attack"),
        (("retry", "pass"), "none"),
        (("recorded", "pass"), "bona_fide"),
        ((), "none"),
    ],
)
def test_a_denial_outweighs_a_cue_that_cannot_judge(decisions: tuple[str, ...], expected: str) -> None:
    assert outcome([Cue(f"cue{place}", decision) for place, decision in enumerate(decisions)]) == expected  # type: ignore[arg-type]


def test_only_one_kind_of_sample_is_a_report_without_curves() -> None:
    found = report(MODELS, SAMPLES[:4])  # type: ignore[arg-type]
    assert (found.apcer, found.riapar, found.cues["silent"].auc) == ({}, {}, None)
    assert "<svg" in page(found, SAMPLES[:4])


def test_the_page_stands_alone_and_counts_in_every_sentence(found: PadReport) -> None:
    text = page(found, SAMPLES)
    assert "Self-test" in re.findall(r"<title>(.*?)</title>", text)[0]
    assert not re.search(r"(src|href)=|<script|url\(|https?://(?!www\.w3\.org/2000/svg)", text)
    sentences = [words for words in re.findall(r"<p>(.*?)</p>", text) if re.search(r"\d %", words)]
    assert all(re.search(r"\d+ of \d+|\d+ bona fide samples|Intervals are", words) for words in sentences)
    assert len(sentences) > 6


def test_a_hostile_species_is_no_markup() -> None:
    samples = [*SAMPLES, judged("attack", "E", FACE, silent(0.2), species="<b>&\"'")]
    assert "<b>" not in page(report(MODELS, samples), samples)  # type: ignore[arg-type]


def test_scores_have_a_line_for_each_sample_and_its_cues(tmp_path: Path) -> None:
    write_scores(tmp_path / "scores.csv", SAMPLES)
    rows = list(csv.DictReader((tmp_path / "scores.csv").open()))
    assert len(rows) == len(SAMPLES)
    assert (rows[0]["silent"], rows[0]["silent.live"], rows[0]["outcome"]) == ("pass", "0.9", "bona_fide")
    assert (rows[2]["silent.live"], rows[2]["outcome"], rows[2]["reason"]) == ("", "none", "face: no face in the picture")
