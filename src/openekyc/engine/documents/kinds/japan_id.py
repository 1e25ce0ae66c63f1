"""Japanese individual number card (My Number card). Its number stands on the back, which the law keeps from most readers: only the front is
asked for, and a picture that shows the number is refused and erased."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import as_day, collect, han_name, sex_han, taken
from openekyc.engine.documents.kinds.japan_licence import JAPANESE_NAME, japanese_address
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Page, Pages, Zone

_LABELS = ("氏名", "住所", "性別", "生年月日", "個人番号カード", "電子証明書の有効期限", "臓器提供意思", "見本")


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    return collect(
        taken("FullName", sheet.going_on(sheet.right("氏名"), pattern=JAPANESE_NAME), han_name),
        taken("Birthday", _birth(sheet), as_day),
        taken("ExpirationDate", _expiry(sheet), as_day),
        taken("FormattedAddress", sheet.block("住所", rows=3), japanese_address),
        taken("Sex", sheet.value("性別", pattern="[男女]"), sex_han),
    )


_NUMBER = r"(?<!\d)\d{4}[\s・.-]*\d{4}[\s・.-]*\d{4}(?!\d)"
_NAMED = r"個\s*人\s*番\s*号(?!\s*カ)\D*(?:\d[\s・.-]*){8,}"


def names_number(page: Page) -> bool:
    """Whether so many digits stand beside the label of an individual number that it can be nothing else, though a few may be misread. This
    is asked of every picture, whatever kind of document was wanted."""
    return any(re.search(_NAMED, text) for text in _texts(page))


def _withheld(page: Page) -> bool:
    """Whether the individual number is legible: beside its label, or twelve digits whose check digit holds."""
    numbers = (re.sub(r"\D", "", found) for text in _texts(page) for found in re.findall(_NUMBER, text))
    return names_number(page) or any(checks.my_number_digit(number[:11]) == number[11] for number in numbers)


def _texts(page: Page) -> list[str]:
    return [line.text for line in page.lines] + [row.text for row in Sheet(page, _LABELS).rows()]


def _birth(sheet: Sheet) -> Line | None:
    return next((row for row in sheet.rows() if re.search(r"日\s*生", row.text) and as_day(row.text)), None)


def _expiry(sheet: Sheet) -> Line | None:
    """The card's own validity (... まで有効), not that of the certificates on its chip."""
    return next((row for row in sheet.rows() if re.search(r"まで", row.text) and as_day(row.text.split("電子")[0])), None)


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.is_date(fields, "Birthday", "ExpirationDate")]
    return checks.verdict(formed, [checks.in_order(fields, "Birthday", "ExpirationDate")])


KIND = Kind(
    name="JapanIDCard",
    title="Japanese individual number card",
    sides=("front",),
    scripts=frozenset({"latin", "han", "kana"}),
    labels=_LABELS,
    anchors={"front": ("個人番号カード", "電子証明書の有効期限", "セキュリティコード", "臓器提供意思", "まで有効", "性別")},
    fields=("FullName", "Birthday", "ExpirationDate", "FormattedAddress"),
    number="never read nor kept: protected by law",
    rules="birth before expiry",
    parse=_parse,
    check=_check,
    key_fields=("FullName", "Birthday"),
    withheld=_withheld,
)
