"""The page of the presentation attack detection report. Every sentence with a rate says how many samples it rests on."""

from collections.abc import Iterator, Sequence

import numpy as np

from openekyc.reports.judged import Judged, score
from openekyc.reports.pad import Errors, PadReport, Point, groups
from openekyc.reports.page import document, figure, heading, paragraph, percent, plural, table, told
from openekyc.reports.plots import det_plot, histograms
from openekyc.reports.rates import Rate, Scores, det

NOTICE = (
    "This is a self-test, run by whoever made this page on samples of their own choice. It is no certification, it says nothing about "
    "kinds of attack that are not among the samples (masks, real-time face swaps, injected cameras), and no error among n subjects only "
    "shows a rate under about 3/n."
)
METHOD = (
    "Terms of ISO/IEC 30107-3. A rate's samples include those without a response, so none is dropped. Intervals are 95 %, from resampling "
    "whole subjects; where no error, or nothing but errors, was seen they state what that many subjects leave possible. RIAPAR adds the "
    "share of a species' attacks that were accepted to the share of bona fide presentations that were not."
)
PICTURES = "A picture has no time: the silent cue alone judges it, and its quality is noted without deciding."
RENDERED = "The samples are rendered faces: the silent cue was recorded and decided nothing."


def page(report: PadReport, judged: Sequence[Judged]) -> str:
    """The whole page."""
    counts = ", ".join(f"{plural(count, 'sample')} {name}" for name, count in report.samples.items())
    return document(
        report.title,
        [
            heading(f"{report.title} ({counts}; {plural(report.subjects, 'subject')})", 1),
            paragraph(NOTICE, "note"),
            *_summary(report, judged),
            *_ablation(report),
            *(part for name, point in report.cues.items() for part in _cue(report, judged, name, point)),
            *_unanswered(report),
            *_made_by(report),
        ],
    )


def _summary(report: PadReport, judged: Sequence[Judged]) -> Iterator[str]:
    yield heading("What the system decided")
    yield paragraph(f"BPCER, bona fide presentations taken for attacks: {told(report.bpcer)}.")
    for species, rate in report.apcer.items():
        yield paragraph(f"APCER of {species}, attacks taken for bona fide: {told(rate)}.")
    if report.worst_species:
        yield paragraph(f"The species that counts is the worst one: {report.worst_species}, {told(report.apcer[report.worst_species])}.")
    for group, unanswered in report.non_response.items():
        if isinstance(unanswered, Rate):
            yield paragraph(f"No response for {_named(group)}: {told(unanswered)}.")
    if report.riapar:
        yield table(("RIAPAR", "sum of both shares", "samples"), _riapar(report))
    yield paragraph(METHOD)
    if any(one.kind == "picture" for one in judged):
        yield paragraph(PICTURES)
    if report.rendered:
        yield paragraph(RENDERED, "note")


def _named(group: str) -> str:
    return "bona fide presentations (BPNRR)" if group == "bona_fide" else f"attacks of {group} (APNRR)"


def _riapar(report: PadReport) -> Iterator[tuple[str, str, str]]:
    live = report.samples["bona_fide"]
    for species, value in report.riapar.items():
        own = sum(n for name, n in report.samples.items() if name != "bona_fide") if species == "worst" else report.samples[species]
        yield species, percent(value), f"{live} bona fide, {plural(own, 'attack')}"


def _ablation(report: PadReport) -> Iterator[str]:
    yield heading("What each cue contributes")
    yield paragraph("Error rates with one cue left out, the others deciding as before; then with one cue deciding alone.")
    whole = Errors(report.bpcer, report.apcer, report.worst_species)
    rows = [("all cues", whole), *((f"without {name}", errors) for name, errors in report.ablation.items())]
    rows += [(f"{name} alone", point.alone) for name, point in report.cues.items() if "." not in name]
    columns = ("decided by", "BPCER", *(f"APCER {species}" for species in report.apcer))
    yield table(columns, [(name, _short(errors.bpcer), *map(_short, errors.apcer.values())) for name, errors in rows])


def _short(rate: Rate) -> str:
    return f"{percent(rate.rate)} ({rate.errors}/{rate.n})"


def _cue(report: PadReport, judged: Sequence[Judged], name: str, point: Point) -> Iterator[str]:
    yield heading(f"Cue {name}")
    yield paragraph(f"Scores of {point.bona_fide} bona fide samples and {plural(point.attacks, 'attack')}: {_separated(point)}")
    for species, one in point.species.items():
        if one.auc is not None:
            at = ", ".join(f"{percent(rate)} at BPCER {level}" for level, rate in one.apcer_at_bpcer.items())
            words = f"AUC {one.auc:.3f}, EER {percent(one.eer)}, APCER {at}"
            yield paragraph(f"Against {species} ({one.attacks} attacks, {one.bona_fide} bona fide samples): {words}.")
    rows = [(group, _scores(own, name)) for group, own in groups(judged).items()]
    bar = report.thresholds.get(name)
    if bar is not None:
        yield paragraph(f"The broken line is the threshold, {bar:g}: scores under it are refused.")
    yield figure(histograms(rows, f"{name}: scores by kind", bar))
    if point.auc is not None:
        yield figure(det_plot(_curves(rows), f"{name}: detection error trade-off"))


def _separated(point: Point) -> str:
    if point.auc is None:
        return "too few to tell the two apart."
    around, bounds = point.auc_interval, point.eer_interval
    area = f"AUC {point.auc:.3f}" + (f" (95 % interval {around[0]:.3f} to {around[1]:.3f})" if around else "")
    equal = f"EER {percent(point.eer)}" + (f" (95 % interval {percent(bounds[0])} to {percent(bounds[1])})" if bounds else "")
    at = ", ".join(f"{percent(rate)} at BPCER {level}" for level, rate in point.apcer_at_bpcer.items())
    return f"{area}, {equal}, APCER {at} (thresholds set on these very samples, so optimistic)."


def _scores(judged: Sequence[Judged], name: str) -> Scores:
    return np.array([value for one in judged if (value := score(one, name)) is not None], dtype=np.float64)


def _curves(rows: Sequence[tuple[str, Scores]]) -> list[tuple[str, Scores, Scores]]:
    live = next((scores for group, scores in rows if group == "bona_fide"), np.zeros(0))
    attacks = [(group, scores) for group, scores in rows if group != "bona_fide" and len(scores)]
    if len(attacks) > 1:
        attacks.append(("all attacks", np.concatenate([scores for _, scores in attacks])))
    return [(f"{group} ({len(scores)} against {len(live)})", *det(live, scores)) for group, scores in attacks]


def _unanswered(report: PadReport) -> Iterator[str]:
    if any(report.reasons.values()):
        yield heading("Why samples were refused or got no response")
        rows = [(f"{group}: {reason}", str(count)) for group, found in report.reasons.items() for reason, count in found.items()]
        yield table(("kind and reason", "samples"), rows)


def _made_by(report: PadReport) -> Iterator[str]:
    yield heading("Made with")
    yield paragraph(f"openekyc {report.openekyc}. Every sample's cues are in scores.csv, these figures in report.json.")
    yield table(("weights", "SHA-256"), report.weights.items())
