"""What an interrupted attack detection report had judged already, so that the same command goes on where it was.

One line of JSON for each sample, beside the report, removed when the report is done. A line counts again only for the same bytes (of the
sample and of its challenge), level, weights and version. It holds decisions and numbers, no picture and no embedding.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec

from openekyc.engine.runtime import Models
from openekyc.engine.values import Cue
from openekyc.reports.judged import Judged, Kind
from openekyc.reports.manifest import Sample
from openekyc.reports.measure import measure, recorded

JOURNAL = "judged.jsonl"


class Entry(msgspec.Struct, frozen=True):
    """One judged sample; `key` is made of all that decided."""

    key: str
    kind: Kind
    cues: tuple[Cue, ...]
    seconds: float


def resumed(models: Models, samples: Iterable[Sample], out: Path, *, rendered: bool = False) -> Iterator[Judged]:
    """Every sample judged, in order; what the journal in `out` knows is not judged again. Raises ChallengeInvalid."""
    path, engine = out / JOURNAL, _engine(models)
    known = read(path)
    for sample in samples:
        key = _key(engine, sample)
        if key not in known:
            one = next(measure(models, [sample]))
            known[key] = Entry(key, one.kind, one.cues, one.seconds)
            append(path, known[key])
        entry = known[key]
        yield Judged(sample, entry.kind, recorded(entry.cues) if rendered else entry.cues, entry.seconds)


def read(path: Path) -> dict[str, Entry]:
    """What an earlier run left; lines that were cut off are left out."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except msgspec.DecodeError:
            continue
        found[entry.key] = entry
    return found


def append(path: Path, entry: Entry) -> None:
    """One more line, for the owner alone. It begins with the break, so that a line cut off before spoils none."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(b"\n" + msgspec.json.encode(entry))


def _engine(models: Models) -> bytes:
    return version("openekyc").encode() + msgspec.json.encode(sorted(models.files.items()))


def _key(engine: bytes, sample: Sample) -> str:
    parts = [engine, str(sample.level).encode(), _digest(sample.path), _digest(sample.challenge) if sample.challenge else b""]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().encode()
