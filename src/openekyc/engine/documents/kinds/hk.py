"""Hong Kong identity card, 2003 and 2018. Names and number carry no label: rows decide."""

import re
from collections.abc import Mapping
from datetime import date

from openekyc.engine.documents import checks, dates
from openekyc.engine.documents.fields import collect, derived, dmy, has, number, pick, sex_letter, taken
from openekyc.engine.documents.layout import Sheet, middle, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import folded, is_han, tidy

_LABELS = ("出生日期", "Date of Birth", "簽發日期", "Date of Issue", "香港永久性居民身份證", "香港居民身份證", "HONG KONG", "IDENTITY CARD")
_NEW_SINCE = date(2018, 11, 26)
_LATIN = r"^[A-Za-z][A-Za-z ,.'-]*$"
_NOT_NAMES = re.compile(r"SAMPLE|SPECIMEN|IDENTITY|HONGKONG|DATEOF|樣本|樣板")


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    born = sheet.search(r"(?<!\d)\d{2}\s?[-.]\s?\d{2}\s?[-.]\s?\d{4}(?!\d)")
    issue = taken("CurrentIssueDate", sheet.search(r"(?:^|(?<=[^\d(-]))(\d{2}\s?-\s?\d{2}\s?-\s?\d{2})(?![\d-])"), _close)
    english = _english(sheet, middle(born) if born else 400.0)
    return collect(
        taken("ChineseName", _chinese(sheet, english)),
        taken("FullName", english, _comma),
        taken("RegistrationNumber", sheet.search(r"(?:^|\s)(\d{4}(?:\s*\d{4}){1,5})$"), _telegraph),
        taken("Sex", _sex(sheet, born), sex_letter),
        taken("Birthday", born, dmy),
        derived("Permanent", _permanent(sheet)),
        number("LicenseNumber", sheet, "A999999(X)", "AA999999(X)"),
        taken("Symbol", sheet.search(r"\*{1,3}\s?[A-Z]{1,4}\b"), _close),
        taken("IssuedDate", sheet.search(r"[(]\s?\d{2}\s?-\s?\d{2}\s?[)]"), _close),
        issue,
        derived("HKIDVersion", _version(issue), issue),
    )


def _english(sheet: Sheet, end: float) -> Line | None:
    """The first rows of Latin letters above the birth date that belong together, those with a comma before all others."""
    found = [line for line in sheet.between(0, end) if re.fullmatch(r"[A-Za-z][A-Za-z ,.'-]{2,}", tidy(line.text))]
    found = [line for line in found if not _NOT_NAMES.search(folded(line.text)) and not sheet.is_label(line)]
    wholes = [whole for line in sorted(found, key=middle) if (whole := sheet.going_on(line, pattern=_LATIN))]
    return next((whole for whole in wholes if re.search(r"[,.]", whole.text)), wholes[0] if wholes else None)


def _chinese(sheet: Sheet, english: Line | None) -> Line | None:
    """The Han row next above the English name."""
    if english is None:
        return None
    above = [line for line in sheet.between(0, middle(english)) if is_han(line.text) and len(tidy(line.text)) <= 8]
    above = [line for line in above if not _NOT_NAMES.search(folded(line.text)) and line.box[0] < english.box[0] + english.box[2]]
    return next((line for line in reversed(above) if not sheet.is_label(line)), None)


def _sex(sheet: Sheet, born: Line | None) -> Line | None:
    beside = [line for line in sheet.row(born) if sex_letter(line.text)] if born else []
    return beside[0] if beside else sheet.search(r"[男女]\s?[MF]\b")


def _comma(text: str) -> str:
    """`LEE. Chi Nan` is `LEE, Chi Nan`: the family name is in capitals and ends with a comma."""
    found = re.match(r"([A-Za-z' -]{2,}?)\s?[.,]\s*(?=[A-Za-z])", tidy(text))
    return f"{found[1].upper()}, {tidy(text)[found.end() :]}" if found else tidy(text)


def _telegraph(text: str) -> str:
    return " ".join(re.findall(r"\d{4}", re.sub(r"\D", "", text)))


def _close(text: str) -> str:
    return re.sub(r"\s+", "", pick(r".*")(text))


def _permanent(sheet: Sheet) -> str:
    if has(sheet, "永久性", "PERMANENT"):
        return "1"
    return "0" if has(sheet, "居民身份證", "IDENTITY CARD") else "-1"


def _version(issue: Field | None) -> str:
    day = dates.short(issue.value) if issue else None
    return "" if day is None else "HKID-2018" if day >= _NEW_SINCE else "HKID-2003"


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.form(fields, "LicenseNumber", checks.hkid), checks.is_date(fields, "Birthday", "CurrentIssueDate")]
    issued, born = dates.short(fields.get("CurrentIssueDate", "")), dates.parse(fields.get("Birthday", ""))
    return checks.verdict(formed, [born < issued if born and issued else None])


KIND = Kind(
    name="HK",
    title="Hong Kong identity card",
    sides=("front",),
    scripts=frozenset({"latin", "han"}),
    labels=_LABELS,
    anchors={
        "front": ("香港永久性居民身份證", "香港居民身份證", "HONG KONG PERMANENT IDENTITY CARD", "HONG KONG IDENTITY CARD"),
    },
    fields=(
        "ChineseName", "FullName", "RegistrationNumber", "Sex", "Birthday", "Permanent", "LicenseNumber", "Symbol", "IssuedDate",
        "CurrentIssueDate", "HKIDVersion",
    ),
    number="A123456(3)",
    rules="mod 11; dates exist, birth before issue",
    parse=_parse,
    check=_check,
)  # fmt: skip
