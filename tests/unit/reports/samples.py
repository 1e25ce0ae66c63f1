"""Judged samples made by hand."""

from pathlib import Path

from openekyc.engine.values import Cue
from openekyc.reports.judged import Judged
from openekyc.reports.manifest import Sample


def judged(label: str, subject: str, *cues: Cue, species: str = "print") -> Judged:
    """A sample with these cues."""
    kind = "" if label == "bona_fide" else species
    return Judged(Sample(2, f"{subject}.jpg", Path("x"), label, kind, subject), "picture", cues)  # type: ignore[arg-type]


def silent(live: float) -> Cue:
    """The silent cue at its shipped kind of bar."""
    return Cue("silent", "pass" if live >= 0.5 else "deny", reason="" if live >= 0.5 else "looks like a picture", numbers={"live": live})


FACE = Cue("face", "pass")
NO_FACE = Cue("face", "retry", reason="no face in the picture")
