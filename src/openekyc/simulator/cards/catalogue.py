"""Which layout draws which kind. The same kind, number and seed is always the same card."""

from collections.abc import Callable, Mapping
from random import Random

from openekyc.engine.documents.values import KindName
from openekyc.simulator.cards import han, latin, siamese
from openekyc.simulator.cards.sketch import Sketch

LAYOUTS: Mapping[KindName, Callable[[Random], Sketch]] = {
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


def sketch(kind: KindName, number: int, seed: int) -> Sketch:
    """The card `number` of a kind."""
    return LAYOUTS[kind](Random(f"{kind}/{number}/{seed}"))  # noqa: S311 invented people need no secrecy
