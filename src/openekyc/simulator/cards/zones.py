"""Machine-readable zones with right check digits. Source: ICAO 9303 parts 4 and 5."""

from datetime import date

from openekyc.engine.documents.mrz import check_digit


def _filled(text: str, width: int) -> str:
    return text.replace(" ", "<").replace("-", "<")[:width].ljust(width, "<")


def _checked(text: str) -> str:
    return text + check_digit(text)


def passport(issuer: str, surname: str, given: str, number: str, born: date, sex: str, until: date) -> tuple[str, str]:
    """The two lines of TD3."""
    first = _filled(f"P<{issuer}{surname}<<{given}", 44)
    parts = _checked(_filled(number, 9)), issuer, _checked(f"{born:%y%m%d}"), sex, _checked(f"{until:%y%m%d}"), _checked("<" * 14)
    second = "".join(parts)
    return first, second + check_digit(second[:10] + second[13:20] + second[21:43])


def macao(number: str, surname: str, given: str, born: date, sex: str, until: date) -> tuple[str, str, str]:
    """The three lines of TD1, the number's own check digit standing with it."""
    first = "I<MAC" + _checked(_filled(number, 9)) + "<" * 15
    second = _checked(f"{born:%y%m%d}") + sex + _checked(f"{until:%y%m%d}") + "MAC" + "<" * 11
    composite = check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    return first, second + composite, _filled(f"{surname}<<{given}", 30)
