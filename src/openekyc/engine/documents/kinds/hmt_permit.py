"""Travel permits between the mainland, Hong Kong, Macao and Taiwan: one layout, three titles."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import chinese_name, collect, han_name, pick, sex_han, shaped, taken, upper
from openekyc.engine.documents.layout import Sheet, middle, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import HAN_NAME, tidy

_LABELS = (
    "往来港澳通行证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "姓名", "出生日期", "性别", "有效期限", "签发机关", "签发地点",
    "换证次数", "证件号码", "SPECIMEN",
)  # fmt: skip
_LATIN = r"^[A-Z][A-Z' ,.-]*$"
_PERIOD = r"(\d{4}\.\d{2}\.\d{2})\s*[-—–]\s*(\d{4}\.\d{2}\.\d{2})"


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    return collect(
        taken("Name", sheet.rows_of("姓名", pattern="[\u4e00-\u9fff]{2}", going_on=HAN_NAME), chinese_name),
        taken("EnglishName", _english(sheet), _comma),
        taken("Number", _number(sheet), _numbered),
        taken("Sex", sheet.value("性别", pattern="[男女]"), sex_han),
        taken("ValidDate", next((row for row in sheet.rows() if _period(row.text)), None), _period),
        taken("IssueAuthority", sheet.value("签发机关", pattern="[\u4e00-\u9fff]"), han_name),
        taken("IssueAddress", sheet.value("签发地点", pattern="[\u4e00-\u9fff]"), han_name),
        taken("Birthday", sheet.value("出生日期", pattern=r"\d{4}"), pick(r"\d{4}\.\d{2}\.\d{2}")),
    )


def _english(sheet: Sheet) -> Line | None:
    """The Latin row under the Chinese name."""
    found = sheet.find("姓名")
    rows = [line for line in sheet.lines if found and middle(line) > middle(found.line) - 5 and _latin(line.text)]
    wholes = (sheet.going_on(line, pattern=_LATIN) for line in sorted(rows, key=middle) if not sheet.is_label(line))
    return next((whole for whole in wholes if whole and _comma(whole.text)), None)


def _latin(text: str) -> bool:
    return bool(re.search(_LATIN, tidy(text)))


def _comma(text: str) -> str:
    found = re.fullmatch(r"([A-Z' -]{1,60})\s?[,.]\s?([A-Z' -]{1,60})", upper(text))
    return f"{found[1].strip()}, {found[2].strip()}" if found else ""


def _number(sheet: Sheet) -> Line | None:
    return next((line for line in sheet.lines if _numbered(line.text)), None)


def _numbered(text: str) -> str:
    """C and eight digits, C, a letter and seven digits, H or M and eight or ten digits, or eight digits."""
    text = tidy(text)
    if re.search(r"\d[./-]\d|\d\s\d", text):
        return ""
    for shape in ("A9999999999", "A99999999", "AX9999999"):
        read = shaped(shape)(text)
        if re.fullmatch(r"C\d{8}|C[A-Z]\d{7}|[HM]\d{8}(\d{2})?", read):
            return read
    return shaped("99999999")(text)


def _period(text: str) -> str:
    found = re.search(_PERIOD, re.sub(r"(?<=\d)\s*[.,]\s*(?=\d)", ".", tidy(text)))
    return f"{found[1]}-{found[2]}" if found else ""


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    return checks.verdict([checks.is_date(fields, "Birthday")])


def _hints(fields: Mapping[str, str]) -> tuple[str, ...]:
    read = fields.get("Number", "")
    if read and not re.fullmatch(r"C\d{8}|C[A-Z]\d{7}|[HM]\d{8}(\d{2})?|\d{8}", read):
        return ("The number has none of the forms known for permits (unofficial rule).",)
    return ()


KIND = Kind(
    name="HMTPermit",
    title="travel permit (Hong Kong, Macao, Taiwan)",
    sides=("front",),
    scripts=frozenset({"latin", "han"}),
    labels=_LABELS,
    anchors={"front": ("往来港澳通行证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "签发地点", "通行证")},
    fields=("Name", "EnglishName", "Number", "Sex", "ValidDate", "IssueAuthority", "IssueAddress", "Birthday"),
    number="C, H or M and digits; 8 digits",
    rules="dates exist",
    unofficial="form of the number",
    parse=_parse,
    check=_check,
    hints=_hints,
    key_fields=("Number",),
)
