"""`scores.csv`: every sample with what every cue said."""

import csv
from collections.abc import Sequence
from pathlib import Path

from openekyc.reports.judged import Judged

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
