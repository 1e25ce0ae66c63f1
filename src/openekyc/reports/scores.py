"""`scores.csv`: every sample with what every cue said, or every pair with its score."""

import csv
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

from openekyc.engine.compare.similarity import similarity
from openekyc.reports.embeddings import Acquired
from openekyc.reports.judged import Judged
from openekyc.reports.match import Scored
from openekyc.reports.pairs import Pairs

FIXED = ("path", "label", "species", "subject", "level", "kind", "outcome", "reason", "seconds")


def write_scores(path: Path, judged: Sequence[Judged]) -> None:
    """One line for each sample, one column for each cue's decision and each of its numbers."""
    rows = [row(one) for one in judged]
    columns = [*FIXED, *sorted({name for one in rows for name in one} - set(FIXED))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def row(judged: Judged) -> dict[str, object]:
    """One line: the manifest's fields, the outcome, then `<cue>` for the decision and `<cue>.<number>`."""
    sample = judged.sample
    found: dict[str, object] = {
        "path": sample.name,
        "label": sample.label,
        "species": sample.species,
        "subject": sample.subject,
        "level": sample.level,
        "kind": judged.kind,
        "outcome": judged.outcome,
        "reason": judged.reason,
        "seconds": round(judged.seconds, 3),
    }
    for cue in judged.cues:
        found[cue.name] = cue.decision
        found |= {f"{cue.name}.{name}": value for name, value in cue.numbers.items()}
    return found


MATCH = ("a", "b", "same", "subject_a", "subject_b", "cosine", "similarity", "code_a", "code_b")


def write_match_scores(path: Path, pairs: Pairs, acquired: Mapping[str, Acquired], scored: Scored) -> None:
    """One line for each listed pair; cosine and similarity are empty if one of the pictures could not be acquired."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MATCH)
        for pair, cosine in zip(pairs.pairs, scored.cosines.tolist(), strict=True):
            scores = (round(cosine, 6), similarity(cosine)) if isfinite(cosine) else ("", "")
            people = pairs.subjects[pair.a], pairs.subjects[pair.b]
            writer.writerow((pair.a, pair.b, int(pair.same), *people, *scores, acquired[pair.a].code, acquired[pair.b].code))
