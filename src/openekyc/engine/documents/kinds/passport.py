"""Passports of every country, and other documents with a machine-readable zone: the zone is the truth, print only fills gaps.

The row of names has no check digit: the print is asked about them (`zone_names`), about the number and about the century of dates.
"""

from collections.abc import Mapping
from datetime import date

from openekyc.engine.documents import checks, dates, mrz
from openekyc.engine.documents.fields import collect, derived, today
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Pages, Zone
from openekyc.engine.documents.zone_names import sentences, settle


def zone_of(pages: Pages) -> Zone | None:
    """The zone of whichever side has one."""
    return next((page.zone for page in pages.values() if page.zone), None)


def _parse(pages: Pages) -> tuple[Field, ...]:
    zone = zone_of(pages)
    if zone is None:
        return ()
    sheet, read = sheets(pages, ())["front"], zone.fields
    surname, given, _ = settle(zone, sheet)
    days = printed_days(sheet)
    lines = (*zone.lines, "")
    return collect(
        derived("LicenseNumber", read.get("number", "")),
        derived("FullName", f"{surname} {given}".strip()),
        derived("Surname", surname),
        derived("GivenName", given),
        derived("Birthday", zone_day(zone, "birth", days)),
        derived("Sex", sex(zone)),
        derived("DateOfExpiration", zone_day(zone, "expiry", days)),
        derived("IssuingCountry", read.get("issuer", "")),
        derived("NationalityCode", read.get("nationality", "")),
        derived("PassportCodeFirst", lines[0]),
        derived("PassportCodeSecond", lines[1]),
    )


def _notes(pages: Pages) -> tuple[str, ...]:
    zone = zone_of(pages)
    return sentences(settle(zone, sheets(pages, ())["front"]).notices) if zone else ()


def printed_days(sheet: Sheet) -> frozenset[date]:
    """The whole dates that a side prints, which tell the century of the zone's."""
    found = (dates.parse(line.text) for line in sheet.lines if mrz.FILLER not in line.text)
    return frozenset(day for day in found if day)


def zone_day(zone: Zone, member: str, printed: frozenset[date] = frozenset()) -> str:
    """A date of the zone as YYYY-MM-DD, or what of it is known (YYYY-MM, YYYY); "" where it is unknown or no day of the calendar."""
    return dates.zone_text(zone.fields.get(member, ""), born=member == "birth", today=today(), printed=printed)


def sex(zone: Zone) -> str:
    """M, F or X (unspecified)."""
    said = zone.fields.get("sex", "")
    return said if said in {"M", "F", "X"} else "X" if said in {"", "<"} else ""


def _check(fields: Mapping[str, str], zone: Zone | None) -> tuple[int, ...]:
    if zone is None:
        return ()
    known = [dates.possible_zone_date(zone.fields.get(member, "")) for member in ("birth", "expiry")]
    return checks.verdict([zone.valid, *known], [checks.in_order(fields, "Birthday", "DateOfExpiration"), zone.number_printed])


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
    rules="all check digits of the zone; printed number; birth before expiry",
    parse=_parse,
    check=_check,
    notes=_notes,
    passport=True,
)  # fmt: skip
