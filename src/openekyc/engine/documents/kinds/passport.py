"""Passports of every country, and other documents with a machine-readable zone: the zone is the truth, print only fills gaps.

The first line of a TD3 zone has no check digit, so a filler misread as a letter goes unseen there: the printed name decides about what
hangs on after the last name.
"""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks, dates
from openekyc.engine.documents.fields import collect, derived, today
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Pages, Zone
from openekyc.engine.documents.words import folded

_TAIL = re.compile(r"(?:[\s<]+[CKESLAV]{1,3})+$")  # what fillers are misread as


def zone_of(pages: Pages) -> Zone | None:
    """The zone of whichever side has one."""
    return next((page.zone for page in pages.values() if page.zone), None)


def _parse(pages: Pages) -> tuple[Field, ...]:
    zone = zone_of(pages)
    if zone is None:
        return ()
    sheet, read = sheets(pages, ())["front"], zone.fields
    surname, given = (settled(read.get(name, ""), sheet) for name in ("surname", "given"))
    lines = (*zone.lines, "")
    return collect(
        derived("LicenseNumber", read.get("number", "")),
        derived("FullName", f"{surname} {given}".strip()),
        derived("Surname", surname),
        derived("GivenName", given),
        derived("Birthday", zone_day(zone, "birth")),
        derived("Sex", sex(zone)),
        derived("DateOfExpiration", zone_day(zone, "expiry")),
        derived("IssuingCountry", read.get("issuer", "")),
        derived("NationalityCode", read.get("nationality", "")),
        derived("PassportCodeFirst", lines[0]),
        derived("PassportCodeSecond", lines[1]),
    )


def settled(name: str, sheet: Sheet) -> str:
    """A name of the zone; a tail that only fillers could have left goes if the print shows the name without it."""
    cut = _TAIL.sub("", name)
    if cut == name or not cut or _printed(sheet, name) or not _printed(sheet, cut):
        return name
    return cut


def _printed(sheet: Sheet, name: str) -> bool:
    wanted = folded(name)
    return any(wanted in folded(line.text) for line in sheet.lines if "<" not in line.text)


def zone_day(zone: Zone, member: str) -> str:
    """A date of the zone as YYYY-MM-DD; "" where it is unknown or no day of the calendar."""
    found = dates.from_zone(zone.fields.get(member, ""), born=member == "birth", today=today())
    return found.isoformat() if found else ""


def sex(zone: Zone) -> str:
    """M, F or X (unspecified)."""
    said = zone.fields.get("sex", "")
    return said if said in {"M", "F", "X"} else "X" if said in {"", "<"} else ""


def _check(fields: Mapping[str, str], zone: Zone | None) -> tuple[int, ...]:
    if zone is None:
        return ()
    birth, expiry = zone.fields.get("birth", ""), zone.fields.get("expiry", "")
    known = [bool(dates.from_zone(day, born=born, today=today())) for day, born in ((birth, True), (expiry, False)) if day.isdigit()]
    return checks.verdict([zone.valid, *known], [checks.in_order(fields, "Birthday", "DateOfExpiration")])


KIND = Kind(
    name="MLIDPassport",
    title="passport",
    sides=("front",),
    scripts=frozenset({"latin"}),
    anchors={"front": ("PASSPORT", "PASSEPORT", "P<")},
    fields=(
        "LicenseNumber", "FullName", "Surname", "GivenName", "Birthday", "Sex", "DateOfExpiration", "IssuingCountry", "NationalityCode",
        "PassportCodeFirst", "PassportCodeSecond",
    ),
    number="9 signs",
    rules="all check digits of the zone; birth before expiry",
    parse=_parse,
    check=_check,
    passport=True,
)  # fmt: skip
