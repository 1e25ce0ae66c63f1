"""Photographs of a document -> Card: the whole pipeline on one screen.

Decode, find the card and lay it flat, turn it upright and read it, see whether it is the kind that was asked for, read other scripts, parse
and check the fields, judge the photograph, cut out the portrait. Whatever is wrong with the pictures is a `problem` of the card, never an
exception.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import cv2
import msgspec
import numpy as np

from openekyc.engine.documents import anchors, warnings
from openekyc.engine.documents.decode import decode_card
from openekyc.engine.documents.doubts import doubts
from openekyc.engine.documents.find import CARD, PAGE, find_card, flatten, whole
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.kinds.japan_id import names_number
from openekyc.engine.documents.pieces import TURNS
from openekyc.engine.documents.portrait import find_portrait, jpeg
from openekyc.engine.documents.read import FAINT, Reading, read_scripts, read_side, written_part
from openekyc.engine.documents.values import Card, Field, Kind, KindName, Problem, Side
from openekyc.engine.face.values import Floats, Image
from openekyc.engine.stopwatch import Stopwatch
from openekyc.errors import MediaError

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

ENOUGH = 8.0  # evidence from which a shape that was found is taken for the card
FEWEST_LINES = 3  # fewer legible lines than this, and it may be no document at all
LEGIBLE = 0.7
WITHHELD = (
    "The picture shows a number that the law forbids to keep: it was not read any further and is erased. Photograph a side without it."
)


class Photograph(NamedTuple):
    """One side: the decoded frame, the card's corners in it (None: the whole frame or a part of it), the card as read, what its words say
    it is, and the whole frame as read, if it was."""

    frame: Image
    corners: Floats | None
    reading: Reading
    sighting: anchors.Sighting
    whole: Reading | None = None


def read_card(models: "Models", sides: Mapping[Side, bytes], kind: KindName, kinds: Mapping[KindName, Kind] = KINDS) -> Card:
    """Read the photographs of a document of the kind asked for, by side. What stands on a side that is missing is not read."""
    wanted, clock = kinds[kind], Stopwatch()
    photographs: dict[Side, Photograph] = {}
    for side, data in sides.items():
        try:
            frame = clock.run("decode", partial(decode_card, data))
        except MediaError as error:
            return Card(kind, "undecodable", notices=(error.message,), seconds=clock.seconds())
        photographs[side] = _photograph(models, frame, side, wanted, kinds, clock)
        page = photographs[side].reading.page
        if wanted.withheld(page) or names_number(page):
            return Card(kind, "wrong_side", notices=(WITHHELD,), withheld=True, seconds=clock.seconds())
    card = _judged(photographs, wanted)
    problem, seen = _problem(models, photographs, wanted)
    if problem:
        return msgspec.structs.replace(card, problem=problem, seen_kind=seen, seconds=clock.seconds())
    readings = {side: clock.run("scripts", partial(read_scripts, models, p.reading, wanted.scripts)) for side, p in photographs.items()}
    card = clock.run("fields", lambda: _with_fields(card, readings, wanted))
    card = clock.run("portrait", lambda: _with_portrait(models, card, readings, wanted))
    return msgspec.structs.replace(card, seconds=clock.seconds())


def _photograph(models: "Models", frame: Image, side: Side, kind: Kind, kinds: Mapping[KindName, Kind], clock: Stopwatch) -> Photograph:
    """The card as found in the frame; the whole frame, or the part of it that holds text, if that shows more of a document."""
    choices: list[Photograph] = []

    def add(flat: Image, corners: Floats | None) -> bool:
        reading = clock.run("read", partial(read_side, models, flat, side))
        sighting = clock.run("kind", partial(anchors.sight, reading.page, kind, kinds))
        choices.append(Photograph(frame, corners, reading, sighting))
        return _convincing(choices[-1], kind)

    found = clock.run("find", partial(find_card, frame))
    if found is not None and add(clock.run("find", partial(flatten, frame, found.corners, passport=kind.passport)), found.corners):
        return choices[0]
    if add(clock.run("find", partial(whole, frame, passport=kind.passport)), None):
        return choices[-1]
    part = written_part(choices[-1].reading)
    if part is not None:
        all_of_it = choices[-1].reading
        add(clock.run("find", partial(whole, part, passport=kind.passport)), None)
        choices[-1] = choices[-1]._replace(whole=all_of_it)
    return max(choices, key=lambda choice: choice.sighting.evidence)


def _convincing(choice: Photograph, kind: Kind) -> bool:
    """Whether this is the kind asked for beyond doubt, so that nothing else has to be tried."""
    if kind.passport:
        return choice.reading.page.zone is not None and choice.reading.page.zone.valid
    return choice.sighting.anchored and choice.sighting.evidence >= ENOUGH


def _problem(models: "Models", photographs: Mapping[Side, Photograph], kind: Kind) -> tuple[Problem, KindName | None]:
    """What keeps the pictures from being read as the kind asked for, and the kind they show instead."""
    for side, photograph in photographs.items():
        page, sighting = photograph.reading.page, photograph.sighting
        if sighting.other:
            return "wrong_kind", sighting.other
        if sighting.other_side:
            return "wrong_side", None
        legible = [line for line in page.lines if line.score >= LEGIBLE and len(line.text) > 1]
        if not sighting.anchored and len(legible) < FEWEST_LINES:
            shown = photograph.corners is not None or (
                side == kind.portrait and find_portrait(models, photograph.reading.image) is not None
            )
            return ("unreadable" if shown else "not_a_card"), None
        if not sighting.anchored and kind.anchors.get(side) and not _could_be(page.side, kind, photograph):
            return "not_a_card", None
    return "", None


def _could_be(side: Side, kind: Kind, photograph: Photograph) -> bool:
    """Whether a page without any anchor still yields the fields that matter."""
    names = {field.name for field in kind.parse({side: photograph.reading.page}) if field.value}
    return any(name in names for name in kind.key_fields)


def _judged(photographs: Mapping[Side, Photograph], kind: Kind) -> Card:
    """The flattened sides, the zone, and what the photographs are warned about."""
    codes, unchecked = set[int](), set[int]()
    numbers: dict[str, float] = {}
    for side, photograph in photographs.items():
        judged = warnings.judge(_seen(photograph))
        codes |= set(judged.found)
        unchecked |= set(judged.unchecked)
        numbers |= {f"{side}_{name}": value for name, value in judged.numbers.items()}
    extent = PAGE if kind.passport else CARD
    flat = {side: jpeg(_canonical(photograph.reading.image, extent)) for side, photograph in photographs.items()}
    ordered, unknown = (tuple(sorted(some, reverse=True)) for some in (codes, unchecked))
    zone = next((photograph.reading.page.zone for photograph in photographs.values() if photograph.reading.page.zone), None)
    return Card(kind.name, zone=zone, warnings=ordered, unchecked=unknown, rectified=flat, numbers=numbers)


def _seen(photograph: Photograph) -> warnings.Seen:
    """What is judged of a photograph. With its text it is turned upright."""
    frame, corners, reading = photograph.frame, photograph.corners, photograph.reading
    if corners is not None:
        density = float(np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1).max()) / CARD[0]
        return warnings.Seen(reading.image, corners, frame, density, reading.boxes)
    whole_frame = photograph.whole or reading
    density = max(frame.shape[:2]) / CARD[0]
    upright = np.asarray(cv2.rotate(frame, TURNS[whole_frame.turn]), np.uint8) if whole_frame.turn else frame
    scale = np.array(upright.shape[1::-1], np.float32) / np.array(whole_frame.image.shape[1::-1], np.float32)
    lines = zip(whole_frame.page.lines, whole_frame.boxes, strict=True)
    written: list[Floats] = [np.asarray(box * scale, np.float32) for line, box in lines if line.score >= FAINT and len(line.text) > 1]
    return warnings.Seen(reading.image, None, upright, density, reading.boxes, written)


def _canonical(image: Image, extent: tuple[int, int]) -> Image:
    """At the size that boxes refer to; a frame of another shape keeps it."""
    scale = extent[0] / image.shape[1]
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _with_fields(card: Card, readings: Mapping[Side, Reading], kind: Kind) -> Card:
    pages = {side: reading.page for side, reading in readings.items()}
    notices = tuple(dict.fromkeys(notice for reading in readings.values() for notice in reading.notices))
    fields = kind.parse(pages)
    values = {field.name: field.value for field in fields if field.value}
    problem: Problem = "" if _complete(values, pages.keys() >= set(kind.sides), kind) else "unreadable"
    return msgspec.structs.replace(
        card,
        problem=problem,
        fields=_in_order(fields, kind),
        warnings=(*card.warnings, *(() if problem else kind.check(values, card.zone))),
        notices=(*notices, *kind.hints(values), *(() if problem else doubts(kind, pages, fields))),
    )


def _complete(values: Mapping[str, str], all_sides: bool, kind: Kind) -> bool:
    """Every field that matters, or any field while a side is missing."""
    return all(name in values for name in kind.key_fields) if all_sides else bool(values)


def _in_order(fields: tuple[Field, ...], kind: Kind) -> tuple[Field, ...]:
    return tuple(sorted(fields, key=lambda field: kind.fields.index(field.name) if field.name in kind.fields else len(kind.fields)))


def _with_portrait(models: "Models", card: Card, readings: Mapping[Side, Reading], kind: Kind) -> Card:
    if kind.portrait is None or kind.portrait not in readings:
        return card
    portrait = find_portrait(models, readings[kind.portrait].image)
    if portrait is None:
        return msgspec.structs.replace(card, problem=card.problem or "no_portrait")
    return msgspec.structs.replace(card, portrait=jpeg(portrait))
