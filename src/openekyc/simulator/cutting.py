"""Recordings that no camera made, cut from others. Each function makes one kind of `forgeries.FORGERIES`: what to submit of `Material`."""

from random import Random

import cv2
import msgspec
import numpy as np

from openekyc.engine.face.values import Floats, Image
from openekyc.engine.values import Trace
from openekyc.simulator.footage import Asked, Film, Footage, encode, fitting
from openekyc.simulator.knobs import CODECS, Codec

FPS = 15.0
TAIL_MS = 1000.0
TINT = (0.15, 0.5)  # how much a full colour adds, as a share of the picture's own light


class Material(msgspec.Struct, frozen=True):
    """What a forger works with: today's challenge, the recording to begin with (today's own for `FRESH`), another of the same person if
    there is one, and one of somebody else."""

    asked: Asked
    own: Footage
    twin: Footage
    other: Footage
    random: Random


Forged = tuple[bytes, Trace]


def again(m: Material) -> Forged:
    return m.own.video, m.own.trace


def fitted(m: Material) -> Forged:
    return m.own.video, fitting(m.asked, m.own.samples)


def made(m: Material, film: Film, codec: Codec = "h264-mkv", bits: int = 1_500_000) -> Forged:
    """A film as a recording, with the trace that fits it."""
    video, samples = encode(film, codec, FPS, bits)
    return video, fitting(m.asked, samples)


def reencoded(m: Material) -> Forged:
    return made(m, m.own.film(), m.random.choice(CODECS), 500_000)


def cropped(m: Material) -> Forged:
    film = m.own.film()
    height, width = film[0][1].shape[:2]
    left, right, top, bottom = (m.random.uniform(0.04, 0.1) for _ in range(4))
    box = slice(int(top * height), int((1 - bottom) * height)), slice(int(left * width), int((1 - right) * width))
    return made(m, [(at, np.asarray(cv2.resize(image[box], (width, height)), np.uint8)) for at, image in film])


def mirrored(m: Material) -> Forged:
    tones = np.asarray(255 * (np.arange(256) / 255) ** m.random.choice((0.8, 1.25)), np.uint8)
    return made(m, [(at, np.asarray(cv2.LUT(cv2.flip(image, 1), tones), np.uint8)) for at, image in m.own.film()])


def speed(m: Material) -> Forged:
    factor = m.random.choice((m.random.uniform(0.85, 0.95), m.random.uniform(1.05, 1.15)))
    return made(m, [(at / factor, image) for at, image in m.own.film()])


def recut_only(m: Material) -> Forged:
    return made(m, recut(m.own, m.asked))


def looped(m: Material) -> Forged:
    return made(m, _loop(m, swing=False))


def swung(m: Material) -> Forged:
    return made(m, _loop(m, swing=True))


def two_people(m: Material) -> Forged:
    prompt = m.asked.prompt_ms() / 1000
    return made(m, [*_until(recut(m.other, m.asked), prompt), *_since(recut(m.own, m.asked), prompt)])


def two_takes(m: Material) -> Forged:
    shine = m.asked.light().begin_ms / 1000
    return made(m, [*_until(recut(m.own, m.asked), shine), *_since(recut(m.twin, m.asked), shine)])


def concatenated(m: Material) -> Forged:
    lead = m.random.uniform(2, 4)
    return made(m, [*_until(m.other.film(), lead), *((at + lead, image) for at, image in m.own.film())])


def truncated(m: Material) -> Forged:
    video, trace = recut_only(m)
    if m.random.random() < 0.5:
        return video[: int(len(video) * m.random.uniform(0.4, 0.9))], trace
    light = m.asked.light()
    return made(m, _until(recut(m.own, m.asked), (light.begin_ms + light.end_ms) / 2000))


def patched(m: Material) -> Forged:
    """`own` is today's live film; the twin's colours come in when the colours are asked for."""
    shine = m.asked.light().begin_ms / 1000
    return made(m, [*_until(m.own.film(), shine), *_since(recut(m.twin, m.asked), shine)])


def tinted(m: Material) -> Forged:
    return _tint(m, whole=True)


def tinted_face(m: Material) -> Forged:
    return _tint(m, whole=False)


def recut(footage: Footage, asked: Asked) -> Film:
    """The film with its prompt and its colours at the moments of another challenge; what lies between is played quicker or slower."""
    old, new = (_marks(one) for one in (footage.asked, asked))
    film = footage.film()
    times = np.array([at for at, _ in film])
    wanted = np.arange(0, new[-1], 1 / FPS)
    sources = np.interp(wanted, new, old)
    return [(float(at), film[int(np.argmin(np.abs(times - source)))][1]) for at, source in zip(wanted, sources, strict=True)]


def _marks(asked: Asked) -> list[float]:
    light = asked.light()
    marks = (0.0, asked.prompt_ms(), light.begin_ms, light.end_ms, asked.end_ms() + TAIL_MS)
    return [mark / 1000 for mark in marks]


def _loop(m: Material, *, swing: bool) -> Film:
    """Seconds with the gesture again and again; one round begins half a second before today's prompt."""
    begin = m.own.asked.prompt_ms() / 1000 - 0.5
    part = [image for at, image in m.own.film() if begin <= at < begin + 4.0]
    round_ = [*part, *reversed(part)] if swing else part
    phase = round((m.asked.prompt_ms() / 1000 - 0.5) * FPS)
    count = int((m.asked.end_ms() + TAIL_MS) / 1000 * FPS)
    return [(place / FPS, round_[(place - phase) % len(round_)]) for place in range(count)]


def _until(film: Film, end: float) -> Film:
    return [(at, image) for at, image in film if at < end]


def _since(film: Film, begin: float) -> Film:
    return [(at, image) for at, image in film if at >= begin]


def _tint(m: Material, *, whole: bool) -> Forged:
    film, light = recut(m.own, m.asked), m.asked.light()
    still = [image for at, image in film if at < 0.9]
    calm, strength = [*still, *reversed(still)], m.random.uniform(*TINT)
    mask = np.ones((1, 1, 1), np.float32) if whole else _oval(film[0][1])
    frames, lag = [], m.random.uniform(0.05, 0.2)
    for place, (at, image) in enumerate(film):
        since = 1000 * (at - lag) - light.begin_ms
        if not 0 <= since < light.end_ms - light.begin_ms:
            frames.append((at, image))
            continue
        colour = m.asked.colours[min(int(since // m.asked.colours[0].duration_ms), len(m.asked.colours) - 1)]
        added = strength * (np.array((colour.blue, colour.green, colour.red)) / 255) ** 2.2
        factor = (1 + added * mask) ** (1 / 2.2)
        frames.append((at, np.asarray(np.clip(calm[place % len(calm)] * factor, 0, 255), np.uint8)))
    return made(m, frames)


def _oval(image: Image) -> Floats:
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    away = np.hypot((x - width / 2) / (0.2 * width), (y - height / 2) / (0.32 * height))
    return np.asarray(np.clip((1.1 - away) / 0.2, 0, 1)[..., None], np.float32)
