"""The page of the match report. Every sentence with a rate says how many pairs and people it rests on."""

from collections.abc import Iterator

import numpy as np

from openekyc.engine.compare.similarity import CORNERS
from openekyc.reports import match_rates
from openekyc.reports.match import MatchReport, Scored
from openekyc.reports.page import document, figure, heading, paragraph, percent, plural, table, told
from openekyc.reports.plots import det_plot, histograms

NOTICE = (
    "This is a self-test, run by whoever made this page on pictures of their own choice. It is no certification. Impostors are any other "
    "people of the list: people of one family, age and origin are harder to tell apart, and nothing here says by how much. A rate that "
    "was chosen by looking at these pictures is too good for others."
)
METHOD = (
    "FNMR: share of the listed pairs of one person that do not match. FMR: share of all pairs of pictures of different people that do, "
    "listed or not. The FNMR at an FMR takes the lowest threshold that does not exceed that FMR on these very pictures; with fewer pairs "
    "than 1 / FMR it is the highest impostor. The equal error rate and the accuracy are those of the listed pairs; accuracy takes each of "
    "ten blocks at the threshold that is best on the other nine. Intervals are 95 %, from drawing whole people, 400 times."
)
FAILURES = (
    "A picture without a usable face has no score. Such pictures count in the failure to acquire; once more given are the rates in which "
    "their genuine pairs count as not matched (the false reject rate) and their other pairs as told apart."
)
RULES = {
    "named": "The list names each picture's subject.",
    "pairs and file names": (
        "Subjects are derived: pictures that a pair calls the same are of one person, and so are those whose names differ in their last "
        "number only."
    ),
    "pairs": (
        "Subjects are derived from the pairs alone: pictures that no chain of pairs calls the same count as different people. If that is "
        "wrong for some, they raise the thresholds and the rates; name the subjects in the columns subject_a and subject_b."
    ),
}
AXES = ("FNMR (one person taken for two)", "FMR (two people taken for one)")


def page(report: MatchReport, scored: Scored) -> str:
    """The whole page."""
    counts = report.counts
    listed = f"{counts.genuine} genuine and {plural(counts.impostor, 'impostor pair')}"
    return document(
        report.title,
        [
            heading(f"{report.title} ({listed}; {plural(counts.pictures, 'picture')} of {plural(counts.subjects, 'subject')})", 1),
            paragraph(NOTICE, "note"),
            *_summary(report),
            *_marks(report),
            *_curves(report, scored),
            *_failures(report),
            *_made_by(report),
        ],
    )


def _summary(report: MatchReport) -> Iterator[str]:
    yield heading("How well people are told apart")
    yield table(("measure", "value", "95 % interval", "rests on"), rows(report))
    yield paragraph(METHOD)
    yield paragraph(RULES[report.subjects_by])


def rows(report: MatchReport) -> list[tuple[str, str, str, str]]:
    """What a person wants to know first, in words."""
    counts, bounds = report.counts, report.intervals
    listed = f"{counts.compared_genuine} genuine, {counts.compared_impostor} impostor pairs, {counts.subjects} subjects"
    crossed = f"{counts.compared_genuine} genuine pairs of {counts.subjects_in_genuine} subjects, {counts.cross_identity} impostor pairs"
    found = [
        ("equal error rate", percent(report.eer, 2), _span(bounds.eer), listed),
        ("equal error rate against all impostors", percent(report.eer_cross_identity, 2), "", crossed),
        ("accuracy, ten folds", _accuracy(report), _span(bounds.accuracy), listed),
    ]
    for name, rate in report.fnmr_at_fmr.items():
        mark = report.similarity_at_fmr[name]
        at = "" if mark is None else f" (similarity {mark:.1f})"
        found.append((f"FNMR at FMR {name}{at}", percent(rate, 2), _span(bounds.fnmr_at_fmr[name]), crossed))
    failed = f"{counts.failed} of {plural(counts.pictures, 'picture')}"
    found.append(("failure to acquire", percent(report.failure_to_acquire, 2), _span(bounds.failure_to_acquire), failed))
    whole = report.with_failures
    every = f"{counts.genuine} genuine pairs, failed pictures among them"
    found += [(f"the same with failures, FMR {name}", percent(rate, 2), "", every) for name, rate in whole.fnmr_at_fmr.items()]
    found.append(("accuracy with failures", percent(whole.accuracy, 2), "", plural(counts.pairs, "pair")))
    return found


def _accuracy(report: MatchReport) -> str:
    if report.accuracy is None or report.accuracy_deviation is None:
        return "-"
    return f"{percent(report.accuracy, 2)} (deviation {percent(report.accuracy_deviation, 2)})"


def _span(bounds: tuple[float, float]) -> str:
    return f"{percent(bounds[0], 2)} to {percent(bounds[1], 2)}"


def _marks(report: MatchReport) -> Iterator[str]:
    yield heading("At the shipped marks")
    for name, mark in report.marks.items():
        fmr = mark.fmr
        share = "-" if fmr.rate is None else f"{fmr.rate:.2e} ({fmr.errors} of {fmr.n} pairs; {fmr.low:.1e} to {fmr.high:.1e})"
        yield paragraph(f"Similarity {name} (cosine {mark.cosine:.4f}): FMR {share}.")
        yield paragraph(f"FNMR at {name}: {told(mark.fnmr)}; with failures {told(mark.fnmr_with_failures)}.")


def _curves(report: MatchReport, scored: Scored) -> Iterator[str]:
    yield heading("Scores")
    kept = scored.compared
    groups = [("genuine", scored.cosines[kept & scored.same]), ("impostor", scored.cosines[kept & ~scored.same])]
    mark = next(cosine for cosine, value in CORNERS if value == 70.0)
    yield paragraph("Cosines of the listed pairs. The broken line is similarity 70.")
    yield figure(histograms(groups, "Cosines of the listed pairs", mark))
    if report.eer_cross_identity is not None:
        fnmr, fmr = match_rates.curve(scored.genuine, scored.others)
        drawn = np.flatnonzero(np.append(True, (np.diff(fnmr) != 0) | (np.diff(fmr) != 0)))
        name = f"{report.counts.compared_genuine} genuine pairs"
        yield figure(det_plot([(name, fnmr[drawn], fmr[drawn])], "Detection error trade-off", AXES, 1e-5))


def _failures(report: MatchReport) -> Iterator[str]:
    yield heading("Pictures that could not be acquired")
    yield paragraph(FAILURES)
    if report.failures:
        yield table(("code and reason", "pictures"), [(reason, str(count)) for reason, count in report.failures.items()])


def _made_by(report: MatchReport) -> Iterator[str]:
    yield heading("Made with")
    yield paragraph(f"openekyc {report.openekyc}. Every listed pair is in scores.csv, these figures in report.json.")
    yield table(("weights", "SHA-256"), report.weights.items())
