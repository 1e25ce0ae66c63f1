"""How well a client's frame colours agree with its own recording, and with those of others: what the cue `trace` has its bar by.

    python -m tools.trace_agreement [--films 180] [--others 30] [--first 30000]

Live people of tuning seeds are rendered and encoded as in the rig, at level 4. Each recording is then aligned, as the engine does, with
the colours its own client saw and with those of `--others` other clients. Takes about 3 CPU-seconds a film.
"""

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from random import Random
from typing import NamedTuple

import msgspec

from openekyc.engine.face.values import Observation, Track
from openekyc.engine.liveness.align import AGREES, VARIES, Alignment, align
from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.runtime import Models
from openekyc.engine.values import FrameSample, Trace
from openekyc.reports.intervals import wilson
from openekyc.sessions.challenge import draw
from openekyc.settings import Settings
from openekyc.simulator.population import Cast, presentation
from openekyc.simulator.rendering import LIMITS, Take
from openekyc.simulator.run import capture


class Film(NamedTuple):
    """A recording's frames and what its client saw of them."""

    seen: Track
    told: tuple[FrameSample, ...]


class Watched(Take):
    """Keeps the client's frames too."""

    told: tuple[FrameSample, ...] = ()

    def trace(self, batch: Trace) -> int:
        self.told += batch.frames
        return super().trace(batch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=180)
    parser.add_argument("--others", type=int, default=30)
    parser.add_argument("--first", type=int, default=30_000, help="first seed; none of those whose figures are reported")
    chosen = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        films = list(pool.map(film, range(chosen.first, chosen.first + chosen.films)))
        _say("its own client's", pool.map(_own, films))
        _say("other clients'", pool.map(_strange, *zip(*_pairs(films, chosen.others), strict=True), chunksize=50))


@lru_cache(1)
def _cast() -> Cast:
    return Cast(Models(Settings().models_folder))


def film(seed: int) -> Film:
    """Somebody live, at level 4; of the recording nothing but times and mean colours."""
    shown = presentation(seed)
    take = Watched(draw(4, (shown.gesture,), nonce="", rng=Random(seed)))
    capture(take, _cast().camera("live", shown), LIMITS)
    frames = [(frame.time, frame.mean_rgb) for frame in open_video(bytes(take.video), MediaLimits())]
    seen = tuple(Observation(place, time, None, None, None, 0, rgb) for place, (time, rgb) in enumerate(frames))
    return Film(Track(0, 0, frames[-1][0], len(frames), 0.0, seen, (), (), truncated=False), take.told)


def _pairs(films: Sequence[Film], others: int) -> Iterator[tuple[Film, Film]]:
    random = Random(7)
    for own in films:
        yield from ((own, other) for other in random.sample(films, min(others, len(films))) if other is not own)


def _own(one: Film) -> Alignment:
    return align(one.seen, Trace(frames=one.told))


def _strange(own: Film, other: Film) -> Alignment:
    """The client's frames in their times, with the other's colours; begun anew where that film was shorter."""
    rgb = [frame.rgb for frame in other.told]
    frames = (msgspec.structs.replace(frame, rgb=rgb[place % len(rgb)]) for place, frame in enumerate(own.told))
    return align(own.seen, Trace(frames=tuple(frames)))


def _say(whose: str, found: Iterator[Alignment]) -> None:
    every = list(found)
    agreements = sorted(one.agreement for one in every)
    still, denied = sum(not one.varies for one in every), sum(one.varies and one.agreement < AGREES for one in every)
    low, high = wilson(denied / len(every), len(every))
    print(f"{whose} colours: {len(every)} traces, {still} vary by less than {VARIES}, {denied} denied ", end="")
    print(f"({100 * denied / len(every):.2f} % [{100 * low:.2f}, {100 * high:.2f}]); agreement {agreements[0]:.2f} to {agreements[-1]:.2f}")


if __name__ == "__main__":
    main()
