"""Which layout draws which kind. The same kind, number and seed is always the same card."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from openekyc.engine.documents.values import KindName
from openekyc.simulator.cards import han, latin, siamese
from openekyc.simulator.cards.casting import Cast, PlainCast
from openekyc.simulator.cards.customs import CustomCast
from openekyc.simulator.cards.sketch import Plate, Sketch, Style, is_zone
from openekyc.simulator.cards.typesetting import over_rows
from openekyc.simulator.cards.wear import worn

LAYOUTS: Mapping[KindName, Callable[[Random, Cast], Sketch]] = {
    "HK": han.hong_kong,
    "ML": latin.malaysia_id,
    "IndonesiaIDCard": latin.indonesia_id,
    "PhilippinesVoteID": latin.philippines_vote,
    "PhilippinesDrivingLicense": latin.philippines_licence,
    "PhilippinesTinID": latin.philippines_tin,
    "PhilippinesSSSID": latin.philippines_sss,
    "PhilippinesUMID": latin.philippines_umid,
    "MLIDPassport": latin.passport,
    "MacaoIDCard": han.macao,
    "ThailandIDCard": siamese.thailand_id,
    "MainlandIDCard": han.mainland,
    "SingaporeIDCard": han.singapore,
    "JapanIDCard": han.japan_id,
    "MLDrivingLicense": latin.malaysia_licence,
    "IndonesiaDrivingLicense": latin.indonesia_licence,
    "ThailandDrivingLicense": siamese.thailand_licence,
    "SingaporeDrivingLicense": latin.singapore_licence,
    "JapanDrivingLicense": han.japan_licence,
    "TaiWanIDCard": han.taiwan,
    "HMTPermit": han.permit,
}


def sketch(kind: KindName, number: int, seed: int, style: Style = "plain") -> Sketch:
    """The card `number` of a kind: short names on a clean card (plain), or names and addresses as long as they are, on cards with folds,
    stamps and strokes, zones in OCR-B (varied)."""
    if style == "plain":
        return LAYOUTS[kind](Random(f"{kind}/{number}/{seed}"), PlainCast())  # noqa: S311 invented people need no secrecy
    random = Random(f"{kind}/{number}/{seed}/varied")  # noqa: S311
    drawn = over_rows(LAYOUTS[kind](random, CustomCast()), random)
    return worn(replace(drawn, sides={side: _in_ocrb(plate) for side, plate in drawn.sides.items()}), random)


def _in_ocrb(plate: Plate) -> Plate:
    return replace(plate, texts=tuple(replace(text, face="ocrb") if is_zone(text) else text for text in plate.texts))
