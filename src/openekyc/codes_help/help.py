"""The shape of the help on one code."""

import msgspec


class Advice(msgspec.Struct, frozen=True):
    """Why a code comes and what to do. Whole sentences, English."""

    cause: str
    remedy: str


class Help(msgspec.Struct, frozen=True):
    """The same with the meaning in a few words, in English and Chinese as answers carry it."""

    meaning: str
    chinese: str  # "" where no answer carries it
    cause: str
    remedy: str
