"""Taiwan identity card: labels in Chinese, years of the Republic, number at the foot; a serial number on the back."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import as_day, chinese_name, collect, number, pick, sex_han, taken
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import tidy

_LABELS = (
    "姓名",
    "出生",
    "年月日",
    "出生年月日",
    "性別",
    "發證日期",
    "統一編號",
    "中華民國國民身分證",
    "樣本",
    "父",
    "母",
    "配偶",
    "役別",
    "住址",
)
_ISSUE = r"[(（]\s*([^()（）]{1,6}?)\s*[)）]\s*[初补補换換領领]"


def _parse(pages: Pages) -> tuple[Field, ...]:
    both = sheets(pages, _LABELS)
    front = both["front"]
    days = [line for line in front.rows() if re.search(r"民[國国]", line.text) and as_day(line.text)]
    return collect(
        taken("FullName", front.going_on(front.right("姓名"), pattern=_NAME), _name),
        number("LicenseNumber", front, "A999999999"),
        taken("Sex", _sex(front), sex_han),
        taken("IssuedCountry", front.search(_ISSUE), pick(_CITY)),
        taken("RegistrationNumber", both["back"].search(r"(?<!\d)\d{10}(?!\d)")),
        taken("Birthday", days[0] if days else None, as_day),
        taken("IssuedDate", days[1] if len(days) > 1 else None, as_day),
    )


_NAME = r"^[^\W\d_][^\d<:(]*$"


def _name(text: str) -> str:
    """A name in Han, followed by its romanised form if the card prints one."""
    found = re.search("[A-Za-zÀ-ÿ]", tidy(text))
    cut = found.start() if found else len(text)
    latin = tidy(text)[cut:]
    if re.fullmatch(r"(?:\S\s+)*\S", latin):  # set wide: capitals begin its words
        latin = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", re.sub(r"\s+", "", latin))
    return f"{chinese_name(tidy(text)[:cut])} {latin}".strip()


_CITY = r"[^()（）\s]+"


def _sex(sheet: Sheet) -> Line | None:
    return sheet.value("性別", pattern="[男女]") or sheet.search("^[男女]$")


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    number = fields.get("LicenseNumber", "")
    female = {"1": False, "8": False, "2": True, "9": True}.get(number[1:2])
    formed = [checks.form(fields, "LicenseNumber", checks.taiwan), checks.is_date(fields, "Birthday", "IssuedDate")]
    return checks.verdict(formed, [checks.agree_sex(fields, "Sex", female), checks.in_order(fields, "Birthday", "IssuedDate")])


KIND = Kind(
    name="TaiWanIDCard",
    title="Taiwan identity card",
    sides=("front", "back"),
    scripts=frozenset({"latin", "han"}),
    labels=_LABELS,
    anchors={"front": ("中華民國國民身分證", "統一編號", "發證日期"), "back": ("配偶", "役別", "住址", "出生地")},
    fields=("FullName", "LicenseNumber", "Sex", "IssuedCountry", "RegistrationNumber"),
    number="A999999999",
    rules="weighted sum, mod 10; sex against print; dates in order",
    parse=_parse,
    check=_check,
)
