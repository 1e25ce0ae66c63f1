"""Names and addresses as long as they are in each country: from one word to six, on one row to three.

The shares are rough: what public registers and field reports say of how many words names have, not a census.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from openekyc.engine.documents.values import KindName
from openekyc.simulator.cards import words
from openekyc.simulator.cards.casting import Chinese, Thai


class CustomCast:
    """Whose names are drawn word by word."""

    def chinese(self, random: Random) -> tuple[Chinese, Chinese]:
        """One surname in three has two signs; one given name in five has one; one woman in twenty puts her husband's name first."""
        surname = Chinese(*random.choice(words.CHINESE_SURNAMES))
        if random.random() < 0.05:
            own = random.choice(words.CHINESE_SURNAMES)
            surname = Chinese(surname[0] + own[0], f"{surname[1]} {own[1]}", surname[2] + own[2])
        signs = random.sample(words.CHINESE_GIVEN, 1 if random.random() < 0.2 else 2)
        return surname, Chinese("".join(s[0] for s in signs), " ".join(s[1] for s in signs), "".join(s[2] for s in signs))

    def singaporean(self, random: Random) -> tuple[str, str, str]:
        """Chinese (some with a Western name), Malay or Indian."""
        share = random.random()
        if share < 0.6:
            surname, given = self.chinese(random)
            western = f"{random.choice(words.WESTERN)} " if random.random() < 0.35 else ""
            return f"{western}{surname.roman} {given.roman}".upper(), surname.simplified + given.simplified, "CHINESE"
        if share < 0.85:
            return _muslim(random), "", "MALAY"
        return _indian(random, ("S/O", "D/O")), "", "INDIAN"

    def macanese(self, random: Random) -> tuple[str, str]:
        """One in three Portuguese: two to four given names and one to three surnames."""
        if random.random() < 0.65:
            surname, given = self.chinese(random)
            return surname.roman, given.roman.upper()
        return _several(random, words.PORTUGUESE_LAST, (0.3, 0.45, 0.25)), _several(random, words.PORTUGUESE_FIRST, (0.2, 0.5, 0.3))

    def malay(self, random: Random) -> str:
        """Malay with the father's name, Chinese, Indian, or of Sarawak."""
        share = random.random()
        if share < 0.6:
            return _muslim(random)
        if share < 0.8:
            return f"{random.choice(words.HOKKIEN)} {random.choice(words.HOKKIEN_GIVEN)}"
        if share < 0.95:
            return _indian(random, ("A/L", "A/P"))
        return f"{random.choice(words.WESTERN)} ANAK {random.choice(words.MALAY_MEN)}"

    def indonesian(self, random: Random) -> str:
        """One word to five."""
        return _several(random, words.INDONESIAN, (0.1, 0.32, 0.35, 0.15, 0.08))

    def filipino(self, random: Random) -> tuple[str, str, str]:
        """One to four given names, some with JR; last and middle name of one to three words."""
        first = _several(random, words.FILIPINO_FIRST, (0.3, 0.45, 0.18, 0.07)) + (" JR" if random.random() < 0.06 else "")
        last, middle = random.sample(words.FILIPINO_LAST, 2)
        return last, first, middle

    def thai(self, random: Random) -> Thai:
        """Last names of two to four parts."""
        first, english_first = random.choice(words.THAI_FIRST)
        parts = random.sample(words.THAI_SYLLABLES, random.choice((2, 2, 3, 3, 4)))
        title, english_title = random.choice((("นาย", "Mr."), ("น.ส.", "Miss"), ("นาง", "Mrs.")))
        return Thai(title, english_title, first, english_first, "".join(p[0] for p in parts), "".join(p[1] for p in parts).capitalize())

    def japanese(self, random: Random) -> tuple[str, str]:
        """One to four signs each."""
        return random.choice(words.JAPANESE_LAST), random.choice(words.JAPANESE_FIRST)

    def european(self, random: Random) -> tuple[str, str]:
        """Of passports: Spanish, Portuguese, Arabic and Malay names, and short ones of letters that look like fillers."""
        return random.choice((_spanish, _portuguese, _arabic, _short, _one_word))(random)

    def address(self, random: Random, kind: KindName) -> tuple[str, ...]:
        """Two to five rows."""
        return _ADDRESSES[kind](random)


def _several(random: Random, choice: Sequence[str], shares: Sequence[float]) -> str:
    """So many words of a list; `shares` of one, two, three ..."""
    (count,) = random.choices(range(1, len(shares) + 1), shares)
    return " ".join(random.sample(choice, count))


def _muslim(random: Random) -> str:
    woman = random.random() < 0.5
    own = _several(random, words.MALAY_WOMEN if woman else words.MALAY_MEN, (0.2, 0.5, 0.3))
    return f"{own} {'BINTI' if woman else 'BIN'} {_several(random, words.MALAY_MEN, (0.5, 0.4, 0.1))}"


def _indian(random: Random, between: Sequence[str]) -> str:
    return f"{random.choice(words.TAMIL)} {random.choice(between)} {_several(random, words.TAMIL, (0.7, 0.3))}"


def _spanish(random: Random) -> tuple[str, str]:
    return _several(random, words.SPANISH_LAST, (0.1, 0.9)), _several(random, words.SPANISH_FIRST, (0.3, 0.5, 0.2))


def _portuguese(random: Random) -> tuple[str, str]:
    return _several(random, words.PORTUGUESE_LAST, (0.4, 0.6)), _several(random, words.PORTUGUESE_FIRST, (0.3, 0.5, 0.2))


def _arabic(random: Random) -> tuple[str, str]:
    return random.choice(words.ARABIC_LAST), _several(random, words.ARABIC_FIRST, (0.3, 0.4, 0.3))


def _short(random: Random) -> tuple[str, str]:
    return random.choice(words.SHORT_LAST), random.choice(words.SHORT_FIRST)


def _one_word(random: Random) -> tuple[str, str]:
    return random.choice(words.SPANISH_LAST), random.choice(words.FILIPINO_FIRST)


def _malaysia(random: Random) -> tuple[str, ...]:
    town, state = random.choice(words.TOWNS_MALAYSIA)
    street = f"{random.randrange(1, 300)}{random.choice(('', 'A', '-2'))} {random.choice(words.STREETS_MALAYSIA)} {random.randrange(1, 30)}"
    rows = (random.choice(("NO ", "LOT ", "")) + street, f"{random.choice(words.PLACES_MALAYSIA)} {random.randrange(1, 9)}", town, state)
    return rows if random.random() < 0.8 else (random.choice(words.PLACES_MALAYSIA), *rows)


def _indonesia(random: Random) -> tuple[str, ...]:
    number = random.choice((f"NO. {random.randrange(1, 200)}", f"NO. {random.randrange(1, 50)}/{random.randrange(1, 20)}", "KM 12"))
    return (f"{random.choice(words.STREETS_INDONESIA)} {number}",)


def _indonesia_licence(random: Random) -> tuple[str, ...]:
    return *_indonesia(random), f"RT {random.randrange(1, 20):03} RW {random.randrange(1, 20):03} BANDUNG"


def _manila(random: Random) -> tuple[str, ...]:
    house = random.choice(("BLK {0} LOT {1}", "{0}", "UNIT {0}-B", "{0}-{1}")).format(random.randrange(1, 99), random.randrange(1, 40))
    village = (f"{random.choice(words.VILLAGES_MANILA)},",) if random.random() < 0.7 else ()
    return f"{house} {random.choice(words.STREETS_MANILA)},", *village, random.choice(words.CITIES_MANILA)


def _singapore(random: Random) -> tuple[str, ...]:
    street = random.choice(words.STREETS_SINGAPORE)
    return (
        f"APT BLK {random.randrange(1, 900)}{random.choice('ABC ')}".strip() + f" {street}",
        f"#{random.randrange(2, 40):02}-{random.randrange(1, 1500):02}",
    )


def _china(random: Random) -> tuple[str, ...]:
    return (
        random.choice(words.PLACES_CHINA),
        f"{random.choice(words.STREETS_CHINA)}{random.randrange(1, 400)}号{random.randrange(1, 9)}栋{random.randrange(101, 2900)}",
    )


def _taiwan(random: Random) -> tuple[str, ...]:
    street = f"{random.choice(words.STREETS_TAIWAN)}{random.randrange(1, 400)}巷{random.randrange(1, 40)}號{random.randrange(2, 20)}樓"
    return random.choice(words.PLACES_TAIWAN) + f"{random.randrange(1, 20)}鄰", street


def _japan(random: Random) -> tuple[str, ...]:
    house = random.choice(words.HOUSES_JAPAN)
    street = f"{random.randrange(1, 9)}丁目{random.randrange(1, 30)}番{random.randrange(1, 30)}号"
    return (random.choice(words.PLACES_JAPAN) + street + (f"{house}{random.randrange(101, 1500)}号室" if house else ""),)


def _thailand(random: Random) -> tuple[str, ...]:
    near, far = random.choice(words.PLACES_THAI)
    return f"{random.randrange(1, 999)}/{random.randrange(1, 99)} หมู่ที่ {random.randrange(1, 15)} {near}", far


_ADDRESSES: Mapping[KindName, Callable[[Random], tuple[str, ...]]] = {
    "ML": _malaysia,
    "MLDrivingLicense": _malaysia,
    "IndonesiaIDCard": _indonesia,
    "IndonesiaDrivingLicense": _indonesia_licence,
    "PhilippinesVoteID": _manila,
    "PhilippinesDrivingLicense": _manila,
    "PhilippinesTinID": _manila,
    "PhilippinesUMID": _manila,
    "MainlandIDCard": _china,
    "TaiWanIDCard": _taiwan,
    "SingaporeIDCard": _singapore,
    "JapanDrivingLicense": _japan,
    "JapanIDCard": _japan,
    "ThailandIDCard": _thailand,
}
