"""Japanese driving licence: labels 氏名, 住所, 交付, 番号; dates in eras, the expiry in both calendars."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import as_day, collect, derived, han_name, shaped, taken
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import tidy

_LABELS = (
    "氏名", "住所", "交付", "番号", "免許の", "条件等", "種類", "運転免許証", "公安委員会", "二・小・原", "二小原", "他",
    "二種", "優良", "見本",
)  # fmt: skip
JAPANESE_NAME = r"^[\u2e80-\u9fff\u3005\u3040-\u30ff・\s]+$"
_ERA = "明治|大正|昭和|平成|令和"


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    issued = _row(sheet, "交付")
    expiry = taken("ExpirationDate", _expiry(sheet), as_day)
    name = taken("FullName", _whole_name(sheet), _name)
    return collect(
        taken("LicenseNumber", _number(sheet), _twelve),
        name,
        derived("FullNameLocal", name.value if name else "", name),
        taken("Birthday", _birth(sheet), as_day),
        taken("Address", sheet.block("住所", rows=3), japanese_address),
        taken("IssuedDate", issued, as_day),
        taken("RegistrationNumber", issued, _serial),
        expiry,
        derived("DueDate", expiry.value if expiry else "", expiry),
        taken("IssuedAuthority", sheet.search(r"[\u4e00-\u9fff]*公安委員会"), han_name),
        derived("IssuedCountry", "JPN"),
    )


def _row(sheet: Sheet, label: str) -> Line | None:
    return sheet.right(label)


def _whole_name(sheet: Sheet) -> Line | None:
    """The name without the birth date that ends its row, with the rows in which it goes on."""
    row = _row(sheet, "氏名")
    name = Line(re.split(rf"{_ERA}|\d", row.text)[0], row.score, row.box) if row else None
    return sheet.going_on(name, pattern=JAPANESE_NAME)


def _birth(sheet: Sheet) -> Line | None:
    """The row of the name ends with the birth date; else the first era date followed by 生."""
    for row in (_row(sheet, "氏名"), *sheet.rows()):
        if row and re.search(rf"({_ERA}).*日\s*生", row.text):
            return row
    return None


def _expiry(sheet: Sheet) -> Line | None:
    return next((row for row in sheet.rows() if re.search(r"まで|有効", row.text) and as_day(row.text)), None)


def _number(sheet: Sheet) -> Line | None:
    found = sheet.value("番号", pattern=r"[0-9OIl]{4}")
    return found if found and _twelve(found.text) else sheet.search(r"第?\s*((?:\d\s*){12})\s*号?")


def _twelve(text: str) -> str:
    return shaped("9" * 12)(re.sub(r"(?<=[0-9OIl])\s+(?=[0-9OIl])", "", re.sub(r"[第号號]", " ", tidy(text))))


def _name(text: str) -> str:
    return han_name(re.split(rf"{_ERA}|\d", text)[0])


def _serial(text: str) -> str:
    found = re.search(r"日\s*(\d{3,6})\b", tidy(text))
    return found[1] if found else ""


def japanese_address(text: str) -> str:
    """Hyphens between block numbers as plain ones, no spaces."""
    closed = re.sub(r"\s+", "", tidy(text))
    return re.sub(r"(?<=\d)[ー一―‐−-](?=\d)", "-", closed)


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.form(fields, "LicenseNumber", r"\d{12}"), checks.is_date(fields, "Birthday", "ExpirationDate", "IssuedDate")]
    return checks.verdict(
        formed, [checks.in_order(fields, "Birthday", "IssuedDate"), checks.in_order(fields, "IssuedDate", "ExpirationDate")]
    )


def _hints(fields: Mapping[str, str]) -> tuple[str, ...]:
    number = fields.get("LicenseNumber", "")
    if re.fullmatch(r"\d{12}", number) and checks.japan_licence_digit(number[:10]) != number[10]:
        return ("The eleventh digit of the licence number is not the one expected over the first ten (unofficial rule).",)
    return ()


KIND = Kind(
    name="JapanDrivingLicense",
    title="Japanese driving licence",
    sides=("front",),
    scripts=frozenset({"latin", "han", "kana"}),
    labels=_LABELS,
    anchors={"front": ("運転免許証", "公安委員会", "免許の条件等", "まで有効", "交付")},
    fields=(
        "LicenseNumber", "FullName", "FullNameLocal", "Birthday", "Address", "IssuedDate", "RegistrationNumber", "ExpirationDate",
        "DueDate",
        "IssuedAuthority", "IssuedCountry",
    ),
    number="12 digits",
    rules="form; dates in order",
    unofficial="eleventh digit, mod 11",
    parse=_parse,
    check=_check,
    hints=_hints,
)  # fmt: skip
