"""Indonesian driving licence (SIM): numbered fields on new cards, labels on old ones."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, derived, dmy, number, taken, upper
from openekyc.engine.documents.layout import Sheet, bottom, sheets, stacked
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, tidy

_LABELS = (
    "SURAT IZIN MENGEMUDI", "DRIVING LICENSE", "INDONESIA", "KEPOLISIAN", "Nama", "Alamat", "Tempat & Tgl. Lahir", "Tempat", "Pekerjaan",
    "No. SIM", "Berlaku s/d", "Tinggi", "SPECIMEN",
)  # fmt: skip
MOST_ROWS = 4  # of one item
_DAY = r"\d{2}\s?-\s?\d{2}\s?-\s?\d{4}"


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    whole = _item(sheet, 1, LATIN_NAME) or sheet.going_on(sheet.right("Nama"), pattern=LATIN_NAME)
    last, first = _split(upper(whole.text)) if whole else ("", "")
    name = taken("FirstName", whole, lambda _text: first)
    born = _item(sheet, 2) or sheet.value("Tempat & Tgl. Lahir", "Tempat", pattern=_DAY)
    return collect(
        derived("LastName", last, name),
        name,
        number("LicenseNumber", sheet, "9999-9999-999999", "999999999999"),
        taken("Birthday", born, dmy),
        taken("Address", _block(sheet), upper),
        taken("ExpirationDate", _lone_day(sheet), dmy),
        derived("IssuedCountry", "IDN"),
    )


def _item(sheet: Sheet, number: int, pattern: str = r"\S") -> Line | None:
    """The row that begins with its number and a full stop, and the rows up to the next number in which it goes on."""
    rows = sheet.rows()
    start = next((index for index, row in enumerate(rows) if re.match(rf"{number}\s?[.,]\s*\S", tidy(row.text))), None)
    if start is None:
        return None
    parts = [Line(re.sub(rf"^\W*{number}\s?[.,]\s*", "", rows[start].text), rows[start].score, rows[start].box)]
    for row in rows[start + 1 : start + MOST_ROWS]:
        apart = row.box[1] - bottom(parts[-1]) > row.box[3]
        if apart or re.match(r"\d\s?[.,]\s*\D", tidy(row.text)) or not re.search(pattern, tidy(row.text)) or sheet.is_label(row):
            break
        parts.append(row)
    return stacked(parts)


def _block(sheet: Sheet) -> Line | None:
    return _item(sheet, 4) or sheet.block("Alamat", rows=4)


def _lone_day(sheet: Sheet) -> Line | None:
    """The validity stands by itself or after `Berlaku s/d`; the birth date shares its row with a place."""
    labelled = sheet.value("Berlaku s/d", pattern=_DAY)
    return labelled or next((line for line in reversed(sheet.lines) if re.fullmatch(_DAY, tidy(line.text))), None)


def _split(whole: str) -> tuple[str, str]:
    """Last word and the others. A single name is a first name."""
    words = whole.split()
    return (words[-1], " ".join(words[:-1])) if len(words) > 1 else ("", whole)


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.form(fields, "LicenseNumber", r"\d{12}|\d{4}-\d{4}-\d{6}"), checks.is_date(fields, "Birthday", "ExpirationDate")]
    return checks.verdict(formed, [checks.in_order(fields, "Birthday", "ExpirationDate")])


KIND = Kind(
    name="IndonesiaDrivingLicense",
    title="Indonesian driving licence",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("SURAT IZIN MENGEMUDI", "DRIVING LICENSE", "INDONESIA")},
    fields=("LastName", "FirstName", "LicenseNumber", "Birthday", "Address", "ExpirationDate", "IssuedCountry"),
    number="9999-9999-999999 or 12 digits",
    rules="form; birth before expiry",
    parse=_parse,
    check=_check,
)
