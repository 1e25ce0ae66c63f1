"""Recall and false alarms per minute of the gesture events on labelled recordings.

    python tools/gesture_check.py FOLDER

FOLDER holds recordings and `labels.json`: [{clip, kind, events: [{action, start, end}]}], times in seconds. Spans called
`ignore:GESTURE` count neither as hit nor as false. An event hits a label if they overlap with 0.15 s of play.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

from openekyc.engine.face.track import Plan, track
from openekyc.engine.liveness.events import Event, events, signals
from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.runtime import Models
from openekyc.settings import Settings

PLAY_S = 0.15
WHOLE = Plan(every=((0.0, 1e9),), crops=0, stills=0)
GESTURES = ("blink", "mouth", "nod", "shake")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print each miss and each false alarm")
    options = parser.parse_args()
    models, sums = Models(Settings().models_folder), defaultdict(lambda: [0, 0, 0, 0.0])
    for clip in json.loads((options.folder / "labels.json").read_text()):
        video = open_video((options.folder / clip["clip"]).read_bytes(), MediaLimits(size=10**8, seconds=300.0, frames=20_000))
        seen = track(models, video, WHOLE)
        found = events(signals(seen))
        for gesture in GESTURES:
            hits, asked, false, free = compare(gesture, clip["events"], found, seen.duration)
            sums[gesture] = [a + b for a, b in zip(sums[gesture], (hits, asked, len(false), free), strict=True)]
            if options.show:
                print(f"{clip['clip']:22} {gesture:6} {hits}/{asked}  false at {[round(event.start, 2) for event in false]}")
    for gesture, (hits, asked, false, seconds) in sums.items():
        print(f"{gesture:6} recall {hits}/{asked}, {false} false in {seconds / 60:.2f} min outside labelled and ignored spans")


def compare(gesture: str, labels: list[dict], found: tuple[Event, ...], duration: float) -> tuple[int, int, list[Event], float]:
    """Hits, labels, false alarms and the seconds in which a false alarm would count."""
    own = [event for event in found if event.gesture == gesture]
    asked = [label for label in labels if label["action"] == gesture]
    ignored = [label for label in labels if label["action"] == f"ignore:{gesture}"]
    hits = sum(any(overlap(event, label) for event in own) for label in asked)
    false = [event for event in own if not any(overlap(event, label) for label in (*asked, *ignored))]
    return hits, len(asked), false, duration - covered([*asked, *ignored], duration)


def overlap(event: Event, label: dict) -> bool:
    return event.start <= label["end"] + PLAY_S and event.end >= label["start"] - PLAY_S


def covered(labels: list[dict], duration: float) -> float:
    total, reached = 0.0, 0.0
    for label in sorted(labels, key=lambda label: label["start"]):
        begin, end = max(label["start"], reached), min(label["end"], duration)
        total, reached = total + max(end - begin, 0.0), max(reached, end)
    return total


if __name__ == "__main__":
    main()
