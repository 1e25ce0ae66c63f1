"""Macao resident identity card: printed in Chinese and Portuguese, a TD1 zone on the back."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, derived, dmy, number, sex_letter, taken, upper
from openekyc.engine.documents.kinds.passport import sex, zone_day, zone_of
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.witness import plain
from openekyc.engine.documents.words import LATIN_NAME

_LABELS = (
    "姓", "名", "姓氏", "APELIDO", "NOME", "性別", "SEXO", "出生日期", "DATA DE NASCIMENTO", "有效期至", "VALIDO ATE", "VÁLIDO ATÉ",
    "首次發出日期", "DATA DA PRIMEIRA EMISSÃO", "本次發出日期", "DATA DE EMISSÃO", "身高", "ALTURA", "身份證編號", "NÚMERO DO BIR",
    "BILHETE DE IDENTIDADE DE RESIDENTE", "澳門特別行政區", "永久性居民身份證", "出生地", "LOCAL DE NASCIMENTO",
)  # fmt: skip


def _parse(pages: Pages) -> tuple[Field, ...]:
    front, zone = sheets(pages, _LABELS)["front"], zone_of(pages)
    read = zone.fields if zone else {}
    (first, _), (last, _) = _names(front, zone)
    lines = (*zone.lines, "", "") if zone else ("", "")
    return collect(
        first,
        last,
        taken("Birthday", front.value("出生日期", "DATA DE NASCIMENTO", pattern=_DAY), dmy) or _zone_dmy("Birthday", zone, "birth"),
        taken("ExpirationDate", front.value("有效期至", "VÁLIDO ATÉ", pattern=_DAY), dmy) or _zone_dmy("ExpirationDate", zone, "expiry"),
        number("LicenseNumber", front, "9999999(9)") or derived("LicenseNumber", zone_number(zone)),
        taken("Sex", front.value("性別", "SEXO", pattern=r"[男女MF]"), sex_letter) or derived("Sex", sex(zone) if zone else ""),
        derived("IssuedCountry", read.get("issuer", "") or "MAC"),
        derived("Field1", lines[0]),
        derived("Field2", lines[1]),
    )


_DAY = r"\d{2}\s*[-/. ]\s*\d{2}\s*[-/. ]\s*\d{4}"


def _latin(sheet: Sheet, *labels: str) -> Line | None:
    return sheet.rows_of(*labels, pattern=r"^[A-Za-zÀ-ÿ' -]{2,}$", going_on=LATIN_NAME)


def _names(front: Sheet, zone: Zone | None) -> tuple[tuple[Field | None, str], tuple[Field | None, str]]:
    """First and last name, each with what is not sure about it."""
    first = _name("FirstName", _latin(front, "NOME", "名"), zone, "given")
    return first, _name("LastName", _latin(front, "APELIDO", "姓"), zone, "surname")


def _name(name: str, line: Line | None, zone: Zone | None, member: str) -> tuple[Field | None, str]:
    """The zone's name, unless it was too long for the zone and the print goes on."""
    printed, said = taken(name, line, upper), zone.fields.get(member, "") if zone else ""
    whole, part = "".join(plain(printed.value).split()) if printed else "", said.replace(" ", "")
    if not said or (whole.startswith(part) and len(whole) > len(part)):
        return printed, f"{name}: too long for the zone; taken from the print." if said else ""
    if zone and not "".join(zone.lines[-1:]).endswith("<") and whole != part:
        return derived(name, said), f"{name}: it may be cut short in the zone; compare the print."
    return derived(name, said), f"{name}: print and zone differ; compare them." if whole and whole != part else ""


def _notes(pages: Pages) -> tuple[str, ...]:
    names = _names(sheets(pages, _LABELS)["front"], zone_of(pages))
    return tuple(notice for _, notice in names if notice)


def _zone_dmy(name: str, zone: Zone | None, member: str) -> Field | None:
    day = zone_day(zone, member) if zone else ""
    return derived(name, "-".join(reversed(day.split("-"))))


def zone_number(zone: Zone | None) -> str:
    """The number as it is printed: in the zone its own check digit follows the seven digits directly."""
    found = re.fullmatch(r"(\d{7})(\d)", zone.fields.get("number", "")) if zone else None
    return f"{found[1]}({found[2]})" if found else ""


def _check(fields: Mapping[str, str], zone: Zone | None) -> tuple[int, ...]:
    formed = [
        zone.valid if zone else None,
        checks.form(fields, "LicenseNumber", checks.macao),
        checks.is_date(fields, "Birthday", "ExpirationDate"),
    ]
    agreeing = [
        checks.agree(fields, zone, "LicenseNumber", "number"),
        checks.agree_day(fields, zone, "Birthday", "birth"),
        checks.agree_day(fields, zone, "ExpirationDate", "expiry"),
        checks.agree(fields, zone, "Sex", "sex"),
        checks.in_order(fields, "Birthday", "ExpirationDate"),
    ]
    return checks.verdict(formed, agreeing)


KIND = Kind(
    name="MacaoIDCard",
    title="Macao resident identity card",
    sides=("front", "back"),
    scripts=frozenset({"latin", "han"}),
    labels=_LABELS,
    anchors={
        "front": ("澳門特別行政區", "居民身份證", "BILHETE DE IDENTIDADE DE RESIDENTE", "APELIDO"),
        "back": ("I<MAC",),
    },
    fields=("FirstName", "LastName", "Birthday", "ExpirationDate", "LicenseNumber", "Sex", "IssuedCountry", "Field1", "Field2"),
    number="9999999(9), first 1, 5 or 7",
    rules="form; check digits of the zone; number, sex and dates of both sides agree",
    parse=_parse,
    check=_check,
    notes=_notes,
)  # fmt: skip
