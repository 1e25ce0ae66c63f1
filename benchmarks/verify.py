"""What one verification costs: CPU-seconds of a level-4 attempt of about 8 s, against the floor of decoding and the networks alone.

    python -m benchmarks.verify [--clip FILE] [--runs N]

The floor, in the same run and process: decode every frame, convert those that were analysed, and one pass of each network per time
the verification needs its answer. Peak memory is that of a fresh process that did nothing but verify. Without --clip the
simulated subject is filmed; its challenge is shortened so that the clip lasts about 8 s. A clip is judged with the whole of it as
gesture window, and with light patches, but without a light verdict.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
import numpy as np

from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.runtime import Models
from openekyc.engine.values import Challenge, Colour, Evidence, FrameSample, GestureStep, HoldStep, LightStep, StepMark, Trace
from openekyc.engine.verify import CROPS, DETECT_S, plan, verify
from openekyc.settings import Settings

LIMITS = MediaLimits(seconds=30.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=Path, help="a recording to verify instead of the simulated subject")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    models = Models(Settings().models_folder)
    models.warm_up()
    if options.memory:
        verify(models, msgspec.msgpack.decode(options.memory.read_bytes(), type=Evidence))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    evidence = of_clip(options.clip) if options.clip else filmed(models)
    report(models, evidence, options.runs)


def report(models: Models, evidence: Evidence, runs: int) -> None:
    frames = [frame.time for frame in open_video(evidence.video, LIMITS)]
    verdict = verify(models, evidence)
    whole = least(lambda: verify(models, evidence), runs)
    floor = floor_parts(models, evidence, runs)
    print(f"clip: {len(frames)} frames, {frames[-1]:.1f} s, {len(evidence.video)} bytes; result {verdict.code}")
    print(f"verification: {whole:.2f} CPU-s (least of {runs}); stages {verdict.seconds}")
    print(f"floor: {sum(floor.values()):.2f} CPU-s; parts { ({name: round(value, 3) for name, value in floor.items()}) }")
    print(f"ratio: {whole / sum(floor.values()):.2f}")
    print(f"peak memory of a process that verified it: {peak_megabytes(evidence):.0f} MB")


def floor_parts(models: Models, evidence: Evidence, runs: int) -> dict[str, float]:
    """CPU-seconds of what cannot be avoided: decoding, and each network as often as this verification needs it."""
    wanted = plan(models, evidence)
    times = [frame.time for frame in open_video(evidence.video, LIMITS)]
    analysed = {index for index, moment in enumerate(times) if any(a <= moment <= b for a, b in wanted.every)}
    analysed |= set(np.searchsorted(times, np.arange(0, times[-1], 1 / wanted.rate)))
    crop, mesh, face = (
        np.zeros((1, 3, 128, 128), np.float32),
        np.zeros((1, 256, 256, 3), np.float32),
        np.zeros((1, 3, 112, 112), np.float32),
    )
    networks = {
        "mesh": (len(analysed), lambda: models.face_landmarks(mesh)),
        "blendshapes": (len(analysed), lambda: models.face_blendshapes(np.zeros((1, 146, 2), np.float32))),
        "detector": (round(times[-1] / DETECT_S), lambda: detector(models)),
        "silent": (CROPS, lambda: models.silent[0].network(crop)),
        "recognizer": (3, lambda: models.face_recognizer(face)),
    }
    decoding = least(lambda: decode(evidence.video, analysed), runs)
    return {"decode": decoding} | {name: count * least(call, 20) for name, (count, call) in networks.items()}


def decode(video: bytes, analysed: set[int]) -> None:
    for frame in open_video(video, LIMITS):
        if frame.index in analysed:
            _ = frame.image


def detector(models: Models) -> None:
    models.face_detector.setInputSize((320, 240))
    models.face_detector.detect(np.zeros((240, 320, 3), np.uint8))


def least(work: Callable[[], object], runs: int) -> float:
    def once() -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return min(once() for _ in range(runs))


def peak_megabytes(evidence: Evidence) -> float:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(msgspec.msgpack.encode(evidence))
        command = [sys.executable, "-m", "benchmarks.verify", "--memory", file.name]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]) / 1024


def filmed(models: Models) -> Evidence:
    """A simulated subject who blinks and reflects, in a challenge that takes 7 s and a tail."""
    from openekyc.sessions.challenge import draw
    from openekyc.simulator.knobs import Knobs
    from openekyc.simulator.subject import load_portrait, subject
    from tests.filmed import filmed as film

    light = next(step for step in draw(4, ["blink"], "", rng=Random(1)).steps if isinstance(step, LightStep))
    challenge = Challenge("", (HoldStep(400), GestureStep("blink", 2, 500, 2200), light, HoldStep(300)))
    return film(subject("live", load_portrait(models, Knobs()), Knobs()), challenge, 4)


def of_clip(path: Path) -> Evidence:
    """A recording with a made-up trace that asks for everything a level-4 attempt is asked for."""
    video = path.read_bytes()
    frames = [(frame.time, frame.mean_rgb) for frame in open_video(video, LIMITS)]
    half, end = frames[-1][0] * 500, frames[-1][0] * 1000
    colours = tuple(Colour(255, 64, 64, 300) for _ in range(12))
    trace = Trace(
        frames=tuple(FrameSample(moment * 1000, rgb) for moment, rgb in frames),
        steps=(StepMark(0, 0.0, half, 0.0), StepMark(1, half, end)),
    )
    return Evidence(video, Challenge("", (GestureStep("blink", 2, 0, int(half)), LightStep(colours))), trace, 4)


if __name__ == "__main__":
    main()
