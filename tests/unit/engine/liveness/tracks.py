"""Tracks and traces made of numbers, for the rules that need no pixels."""

from dataclasses import replace

import numpy as np

from openekyc.engine.face.values import Mesh, Observation, Pose, Quality, Track
from openekyc.engine.values import FrameSample, Trace

GOOD = Quality(size=70.0, width=200.0, sharpness=120.0, luma=120.0, dark=0.02, bright=0.01, covered=0.05)


def mesh(blink=0.1, jaw=0.0, lips=0.02, yaw=0.0, pitch=0.0, x=320.0) -> Mesh:
    points = np.zeros((478, 3), np.float32)
    points[:, 0] = np.linspace(x - 100, x + 100, 478)
    points[:, 1] = 240.0
    points[78, :2], points[308, :2] = (x - 25, 300), (x + 25, 300)
    points[13, :2], points[14, :2] = (x, 300 - lips * 25), (x, 300 + lips * 25)
    shapes = np.zeros(52, np.float32)
    shapes[[9, 10]], shapes[25] = blink, jaw
    return Mesh(points, shapes, Pose(yaw, pitch, 0.0), 1.0)


def observation(index: int, time: float, face: Mesh | None = None, rgb=(100.0, 100.0, 100.0)) -> Observation:
    return Observation(index, time, None, face, GOOD if face else None, 0, rgb)


def track(observations, **changes) -> Track:
    duration = observations[-1].time if observations else 0.0
    fps = (len(observations) - 1) / duration if duration else 0.0
    whole = Track(640, 480, duration, len(observations), fps, tuple(observations), (), (), truncated=False)
    return replace(whole, **changes)


def acted(seconds=10.0, fps=30.0, **curves) -> Track:
    """A person whose mesh follows `curves`: name -> function of the time."""
    times = np.arange(0, seconds, 1 / fps)
    return track([observation(i, float(t), mesh(**{name: curve(t) for name, curve in curves.items()})) for i, t in enumerate(times)])


def bumps(*starts: float, length=0.2, rest=0.1, peak=0.7):
    """Rest, and a plateau of `length` seconds at each start."""
    return lambda t: peak if any(start <= t < start + length for start in starts) else rest


def trace_of(seen: Track, offset_ms: float, noise=0.0, seed=1) -> Trace:
    """The frames as a client would report them whose clock read `offset_ms` at the recording's first frame."""
    random = np.random.default_rng(seed)

    def sample(seen: Observation) -> FrameSample:
        return FrameSample(seen.time * 1000 + offset_ms, tuple(float(level + random.normal(0, noise)) for level in seen.frame_rgb))

    return Trace(frames=tuple(map(sample, seen.observations)))
