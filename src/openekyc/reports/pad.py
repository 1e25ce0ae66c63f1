"""From judged samples to the presentation attack detection report: ISO/IEC 30107-3 terms, every rate with its interval.

APCER: attacks of one species taken for bona fide. BPCER: bona fide presentations taken for attacks. APNRR and BPNRR: no response.
RIAPAR: accepted attacks of a species plus bona fide presentations that were not accepted; no face is compared here, so it is the one of
this part of the system alone.
"""

from collections.abc import Sequence
from importlib.metadata import version

import msgspec
import numpy as np

from openekyc.engine.runtime import Models
from openekyc.reports.judged import Judged, Outcome, decided, outcome, score, score_names
from openekyc.reports.rates import Rate, Separation, rate_of, separation

TITLE = "Self-test of presentation attack detection"

Rates = dict[str, Rate]


class Errors(msgspec.Struct, frozen=True):
    """What one way of deciding gets wrong."""

    bpcer: Rate
    apcer: Rates
    worst: str | None  # the species with the highest APCER


class Point(Separation, frozen=True):
    """One cue by itself: how well its score separates, overall and against each species, and its own decisions at the shipped bar."""

    species: dict[str, Separation]
    alone: Errors


class PadReport(msgspec.Struct, frozen=True):
    """The whole report. `non_response` holds the rate over all samples and those of `bona_fide` and each species."""

    title: str
    openekyc: str
    weights: dict[str, str]  # file -> SHA-256
    thresholds: dict[str, float]  # of the cues whose score is held against one
    rendered: bool
    samples: dict[str, int]
    subjects: int
    bpcer: Rate
    apcer: Rates
    worst_species: str | None
    non_response: dict[str, Rate | float | None]
    riapar: dict[str, float]
    cues: dict[str, Point]
    ablation: dict[str, Errors]
    reasons: dict[str, dict[str, int]]


def report(models: Models, judged: Sequence[Judged], *, rendered: bool = False) -> PadReport:
    """The report over all judged samples."""
    whole = errors(judged, [one.outcome for one in judged])
    return PadReport(
        title=TITLE,
        openekyc=version("openekyc"),
        weights={item.file: item.sha256 for item in models.files.values()},
        thresholds={passive.cue: passive.input.threshold for passive in models.silent},
        rendered=rendered,
        samples={group: len(own) for group, own in groups(judged).items()},
        subjects=len({one.sample.subject for one in judged}),
        bpcer=whole.bpcer,
        apcer=whole.apcer,
        worst_species=whole.worst,
        non_response=non_response(judged),
        riapar=riapar(judged),
        cues={name: point(judged, name) for name in score_names(judged)},
        ablation={name: _without(judged, name) for name in score_names(judged) if "." not in name},
        reasons={group: _reasons(own) for group, own in groups(judged).items()},
    )


def groups(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """`bona_fide` first, then the species by name."""
    names = sorted({one.sample.group for one in judged}, key=lambda name: (name != "bona_fide", name))
    return {name: [one for one in judged if one.sample.group == name] for name in names}


def errors(judged: Sequence[Judged], outcomes: Sequence[Outcome]) -> Errors:
    """BPCER and the APCER of each species for outcomes in the order of the samples."""
    pairs = list(zip(judged, outcomes, strict=True))
    live = [(found == "attack", one.sample.subject) for one, found in pairs if one.sample.label == "bona_fide"]
    apcer = {}
    for species in groups([one for one in judged if one.sample.label == "attack"]):
        own = [(found == "bona_fide", one.sample.subject) for one, found in pairs if one.sample.group == species]
        apcer[species] = _rate(own)
    return Errors(_rate(live), apcer, max(apcer, key=lambda name: apcer[name].rate or 0.0, default=None))


def _rate(pairs: Sequence[tuple[bool, str]]) -> Rate:
    return rate_of([wrong for wrong, _ in pairs], [subject for _, subject in pairs])


def non_response(judged: Sequence[Judged]) -> dict[str, Rate | float | None]:
    """Over everything, and for bona fide presentations (BPNRR) and each species (APNRR)."""

    def of(own: Sequence[Judged]) -> Rate:
        return _rate([(one.outcome == "none", one.sample.subject) for one in own])

    return {**msgspec.structs.asdict(of(judged)), "bona_fide": of([]), **{name: of(own) for name, own in groups(judged).items()}}


def riapar(judged: Sequence[Judged]) -> dict[str, float]:
    """Of each species, and of the worst one; empty unless there are both attacks and bona fide presentations."""
    accepted = {name: float(np.mean([one.outcome == "bona_fide" for one in own])) for name, own in groups(judged).items()}
    if "bona_fide" not in accepted or len(accepted) < 2:
        return {}
    refused = 1.0 - accepted.pop("bona_fide")
    sums = {name: round(share + refused, 6) for name, share in accepted.items()}
    return {"worst": max(sums.values()), **sums}


def point(judged: Sequence[Judged], name: str) -> Point:
    """One cue by itself."""
    whole = _separation(judged, name)
    by_group = groups(judged)
    live = by_group.pop("bona_fide", [])
    species = {kind: _separation([*live, *own], name) for kind, own in by_group.items()}
    said = decided(name.split(".")[0])
    alone: list[Outcome] = [_ALONE.get(said(one) or "", "none") for one in judged]
    return Point(**msgspec.structs.asdict(whole), species=species, alone=errors(judged, alone))


_ALONE: dict[str, Outcome] = {"pass": "bona_fide", "deny": "attack"}


def _separation(judged: Sequence[Judged], name: str) -> Separation:
    scored = [(value, one.sample) for one in judged if (value := score(one, name)) is not None]
    values = np.array([value for value, _ in scored], dtype=np.float64)
    live = np.array([sample.label == "bona_fide" for _, sample in scored], dtype=np.bool_)
    return separation(values, live, [sample.subject for _, sample in scored])


def _without(judged: Sequence[Judged], name: str) -> Errors:
    return errors(judged, [outcome(one.cues, without=name) for one in judged])


def _reasons(judged: Sequence[Judged]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in judged:
        if one.reason:
            found[one.reason] = found.get(one.reason, 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))
