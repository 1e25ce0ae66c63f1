"""Who stands on the cards: the two casts of invented people that layouts draw from."""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple, Protocol

from openekyc.engine.documents.values import KindName
from openekyc.simulator.cards import people


class Chinese(NamedTuple):
    """A name or a part of one: traditional, romanised, simplified."""

    traditional: str
    roman: str
    simplified: str


class Thai(NamedTuple):
    """A name in Thai and in English."""

    title: str
    english_title: str
    first: str
    english_first: str
    last: str
    english_last: str


class Cast(Protocol):
    """Names and addresses by the customs of each country; a module may be one."""

    def chinese(self, random: Random) -> tuple[Chinese, Chinese]:
        """Surname and given names."""

    def singaporean(self, random: Random) -> tuple[str, str, str]:
        """Name in Latin letters, name in Han signs (empty for most who are not Chinese), race."""

    def macanese(self, random: Random) -> tuple[str, str]:
        """Last and first names."""

    def malay(self, random: Random) -> str:
        """Whole name of a Malaysian."""

    def indonesian(self, random: Random) -> str:
        """Whole name."""

    def filipino(self, random: Random) -> tuple[str, str, str]:
        """Last, first and middle name."""

    def thai(self, random: Random) -> Thai:
        """Title, first and last name."""

    def japanese(self, random: Random) -> tuple[str, str]:
        """Last and first name."""

    def european(self, random: Random) -> tuple[str, str]:
        """Surname and given names in a passport."""

    def address(self, random: Random, kind: KindName) -> tuple[str, ...]:
        """The address by its rows."""


def _numbered(before: str, after: str, most: int = 99) -> Callable[[Random], tuple[str, ...]]:
    return lambda random: (f"{before}{random.randrange(1, most)}{after}",)


def _japan_licence(random: Random) -> tuple[str, ...]:
    return (f"東京都千代田区永田町{random.randrange(1, 9)}-{random.randrange(1, 9)}-{random.randrange(1, 30)}",)


def _japan_id(random: Random) -> tuple[str, ...]:
    return (f"東京都千代田区霞が関{random.randrange(1, 9)}丁目{random.randrange(1, 9)}番{random.randrange(1, 30)}号",)


def _singapore(random: Random) -> tuple[str, ...]:
    return f"APT BLK {random.randrange(100, 900)} ANG MO KIO AVENUE 3", f"#0{random.randrange(2, 9)}-{random.randrange(100, 200)}"


def _malaysia(random: Random) -> tuple[str, ...]:
    return f"NO {random.randrange(1, 99)} JALAN MAWAR {random.randrange(1, 9)}", "TAMAN SRI INDAH", "31400 IPOH", "PERAK"


_PLAIN_ADDRESSES: Mapping[KindName, Callable[[Random], tuple[str, ...]]] = {
    "ML": _malaysia,
    "MLDrivingLicense": lambda random: (f"NO {random.randrange(1, 99)} LORONG CEMPAKA", "TAMAN BAHAGIA", "43000 KAJANG SELANGOR"),
    "IndonesiaIDCard": _numbered("JL. MELATI NO. ", ""),
    "IndonesiaDrivingLicense": lambda random: (f"JL. KENANGA NO. {random.randrange(1, 99)}", "RT 003 RW 005 BANDUNG"),
    "PhilippinesVoteID": _numbered("", " MABINI STREET, ZAMBOANGA CITY"),
    "PhilippinesDrivingLicense": _numbered("", " RIZAL AVENUE, QUEZON CITY"),
    "PhilippinesTinID": _numbered("", " KATIPUNAN STREET, PASIG CITY"),
    "PhilippinesUMID": lambda random: (f"{random.randrange(1, 99)} MOLAVE STREET", "STA. ROSA, LAGUNA", "PHILIPPINES 4026"),
    "MainlandIDCard": lambda random: ("北京市东城区和平里", f"东街{random.randrange(1, 99)}号"),
    "TaiWanIDCard": lambda _random: ("臺北市中正區忠孝路1段1號",),
    "SingaporeIDCard": _singapore,
    "JapanDrivingLicense": _japan_licence,
    "JapanIDCard": _japan_id,
    "ThailandIDCard": lambda random: (f"{random.randrange(1, 99)} หมู่ที่ {random.randrange(1, 9)} ต.บางรัก", "อ.เมือง จ.นนทบุรี"),
}


class PlainCast:
    """Few short names, each on one row."""

    def chinese(self, random: Random) -> tuple[Chinese, Chinese]:
        """Surname and given names."""
        return Chinese(*random.choice(people.CHINESE_SURNAMES)), Chinese(*random.choice(people.CHINESE_GIVEN))

    def singaporean(self, random: Random) -> tuple[str, str, str]:
        """A Chinese name."""
        surname, given = self.chinese(random)
        return f"{surname.roman} {given.roman}".upper(), surname.simplified + given.simplified, "CHINESE"

    def macanese(self, random: Random) -> tuple[str, str]:
        """A Chinese name."""
        surname, given = self.chinese(random)
        return surname.roman, given.roman.upper()

    def malay(self, random: Random) -> str:
        """Whole name."""
        return random.choice(people.MALAY)

    def indonesian(self, random: Random) -> str:
        """Two words."""
        return random.choice(people.INDONESIAN)

    def filipino(self, random: Random) -> tuple[str, str, str]:
        """Last, first and middle name."""
        return random.choice(people.FILIPINO_LAST), random.choice(people.FILIPINO_FIRST), random.choice(people.FILIPINO_LAST)

    def thai(self, random: Random) -> Thai:
        """Two short words."""
        return Thai(*random.choice(people.THAI_NAMES), *random.choice(people.THAI_LAST))

    def japanese(self, random: Random) -> tuple[str, str]:
        """Two signs and two or three."""
        return random.choice(people.JAPANESE_NAMES)

    def european(self, random: Random) -> tuple[str, str]:
        """Surname and one or two given names."""
        return random.choice(people.EUROPEAN_NAMES)

    def address(self, random: Random, kind: KindName) -> tuple[str, ...]:
        """One street for each kind."""
        return _PLAIN_ADDRESSES[kind](random)
