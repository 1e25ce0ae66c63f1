"""Sample by sample through the engine, one in memory at a time.

A recording is judged as an attempt of its level. A picture has no time, so only the silent cue judges it; its quality is noted and
does not decide. What cannot be decoded or shows no face is a sample without a response.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from openekyc.engine import verify
from openekyc.engine.challenge_file import evidence
from openekyc.engine.face.detect import detect, others
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.quality import quality
from openekyc.engine.face.values import Face, Image
from openekyc.engine.liveness import conditions, silent
from openekyc.engine.media import PictureLimits, decode_picture, picture_size, sniff
from openekyc.engine.runtime import Models
from openekyc.engine.values import LEVELS_WITH_GESTURES, Cue, Gesture
from openekyc.errors import MediaError
from openekyc.reports.judged import Judged, Kind
from openekyc.reports.manifest import Sample

PASSIVE = frozenset({"silent", "silent_own", "motion"})
LARGEST_PICTURE = 200_000_000  # bytes
ANYWHERE: tuple[Gesture, ...] = ("blink",)  # asked of a recording of level 2 that comes without a challenge file


def measure(models: Models, samples: Iterable[Sample]) -> Iterator[Judged]:
    """Judge each sample. Raises ChallengeInvalid."""
    for sample in samples:
        begin = time.perf_counter()
        kind, cues = judge(models, sample)
        yield Judged(sample, kind, cues, time.perf_counter() - begin)


def judge(models: Models, sample: Sample) -> tuple[Kind, tuple[Cue, ...]]:
    """What kind of file it is and what every cue says."""
    with sample.path.open("rb") as file:
        if _is(sniff, file.read(16)):
            file.seek(0)
            return "recording", _recording(models, file, sample)
    if sample.path.stat().st_size > LARGEST_PICTURE:
        return "unreadable", (_unanswered(f"the file is no recording and has more than {LARGEST_PICTURE} bytes"),)
    data = sample.path.read_bytes()
    return "picture" if _is(picture_size, data) else "unreadable", _picture(models, data)


def _is(opened: Callable[[bytes], object], data: bytes) -> bool:
    """By the first bytes, whatever the file is called."""
    try:
        opened(data)
    except MediaError:
        return False
    return True


def _recording(models: Models, file: BinaryIO, sample: Sample) -> tuple[Cue, ...]:
    own = verify.OWN_FILE
    if sample.challenge is not None:
        attempt = evidence(file.read(), _read(sample.challenge), sample.level, limits=own)
        return verify.verify(models, attempt, own).cues
    asked = ANYWHERE if sample.level in LEVELS_WITH_GESTURES else ()
    return verify.verify_file(models, file, sample.level, asked).cues


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1_000_000)  # far over what a challenge file may have


def _picture(models: Models, data: bytes) -> tuple[Cue, ...]:
    try:
        image = decode_picture(data, PictureLimits(size=LARGEST_PICTURE))
    except MediaError as error:
        return (_unanswered(error.message),)
    faces = detect(models, image)
    if not faces:
        return (_unanswered("no face in the picture"),)
    cue = Cue("face", "pass", numbers={"width": round(faces[0].box[2], 1), "others": float(others(faces))})
    return cue, _quality(models, image, faces[0]), *silent.judge_picture(models, image, faces[0].box)


def _quality(models: Models, image: Image, face: Face) -> Cue:
    mesh = landmarks(models, image, face)
    if mesh is None:
        return Cue("quality", "recorded", reason="no mesh fits the face")
    seen = quality(image, face, mesh)
    reasons = "; ".join(complaint.reason for complaint in conditions.complaints(seen, compare=False))
    return Cue("quality", "recorded", reason=reasons, numbers={name: round(getattr(seen, name), 3) for name in type(seen).__slots__})


def _unanswered(reason: str) -> Cue:
    return Cue("face", "retry", "1004", ("10",), reason)


def recorded(cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """The cues of a rendered face: the passive ones decide nothing."""
    return tuple(
        msgspec.structs.replace(cue, decision="recorded") if cue.name in PASSIVE and cue.decision in ("deny", "retry") else cue
        for cue in cues
    )
