"""Mainland identity card: labels and values in one row, the number with a check digit at the foot; authority and validity on the back."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks, dates
from openekyc.engine.documents.fields import as_day, chinese_name, collect, derived, han_name, sex_han, shaped, taken
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import HAN_NAME, tidy

_LABELS = ("姓名", "性别", "民族", "出生", "住址", "公民身份号码", "中华人民共和国", "居民身份证", "签发机关", "有效期限")
_UNTIL = r"(\d{4}\.\d{2}\.\d{2})\s*[-—–]\s*(\d{4}\.\d{2}\.\d{2}|长期|長期)"


def _parse(pages: Pages) -> tuple[Field, ...]:
    both = sheets(pages, _LABELS)
    front, back = both["front"], both["back"]
    address = taken("Address", front.block("住址", rows=4), han_name)
    return collect(
        taken("FullName", front.going_on(front.right("姓名"), pattern=HAN_NAME), chinese_name),
        taken("Sex", front.value("性别", pattern="[男女]"), sex_han),
        taken("Nation", front.right("民族"), _nation),
        taken("Birthday", _birth(front), as_day),
        address,
        taken("LicenseNumber", _number(front), eighteen),
        derived("FormattedAddress", address.value if address else "", address),
        taken("Authority", back.right("签发机关"), han_name),
        taken("ValidDate", _validity(back), validity),
    )


def _nation(text: str) -> str:
    """Alone in its box, 回 is often taken for its frame; no people is called so."""
    return re.sub("^[口□Oo0]$", "回", han_name(text))


def _birth(sheet: Sheet) -> Line | None:
    return sheet.value("出生", pattern=r"\d{4}") or next((row for row in sheet.rows() if re.search(r"\d{4}\s*年.*日", row.text)), None)


def _number(sheet: Sheet) -> Line | None:
    return next((line for line in (*sheet.lines, *sheet.rows()) if eighteen(line.text)), None)


def eighteen(text: str) -> str:
    """17 digits and a digit or X."""
    closed = re.sub(r"(?<=[0-9OIlSB])\s+(?=[0-9OIlSBXx])", "", re.sub(r"[^\x00-\x7f]", " ", tidy(text)))
    read = shaped("9" * 17 + "X")(closed)
    return read if re.fullmatch(r"\d{17}[\dX]", read) else ""


def _validity(sheet: Sheet) -> Line | None:
    return next((row for row in sheet.rows() if re.search(_UNTIL, row.text)), None) or sheet.value("有效期限", pattern=r"\d{4}")


def validity(text: str) -> str:
    """`2010.01.01-2030.01.01`, or until 长期."""
    found = re.search(_UNTIL, re.sub(r"(?<=\d)\s*[.,]\s*(?=\d)", ".", tidy(text)))
    return f"{found[1]}-{found[2].replace('長', '长')}" if found else ""


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    found = fields.get("LicenseNumber", "")
    born, printed = checks.mainland_birth(found), dates.parse(fields.get("Birthday", ""))
    female = int(found[16]) % 2 == 0 if re.fullmatch(r"\d{17}[\dX]", found) else None
    formed = [checks.form(fields, "LicenseNumber", checks.mainland), checks.is_date(fields, "Birthday")]
    return checks.verdict(formed, [born == printed if born and printed else None, checks.agree_sex(fields, "Sex", female)])


KIND = Kind(
    name="MainlandIDCard",
    title="mainland identity card",
    sides=("front", "back"),
    scripts=frozenset({"latin", "han"}),
    labels=_LABELS,
    anchors={"front": ("公民身份号码", "民族", "住址"), "back": ("中华人民共和国", "签发机关", "有效期限")},
    fields=("FullName", "Sex", "Nation", "Birthday", "Address", "LicenseNumber", "FormattedAddress", "Authority", "ValidDate"),
    number="17 digits and a digit or X",
    rules="ISO 7064 mod 11-2; birth date and sex against print",
    parse=_parse,
    check=_check,
)
