"""Indonesian identity card (KTP): a column of labels, each value behind a colon."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks, dates
from openekyc.engine.documents.fields import collect, digits, dmy, pick, taken, upper
from openekyc.engine.documents.layout import Sheet, middle, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, tidy

_LABELS = (
    "NIK", "Nama", "Tempat/Tgl Lahir", "Jenis kelamin", "Gol. Darah", "Alamat", "RT/RW", "Kel/Desa", "Kecamatan", "Agama",
    "Status Perkawinan", "Pekerjaan", "Kewarganegaraan", "Berlaku Hingga", "PROVINSI", "KABUPATEN", "KOTA",
)  # fmt: skip


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    born = sheet.right("Tempat/Tgl Lahir")
    return collect(
        taken("LicenseNumber", _number(sheet), _sixteen),
        taken("FullName", sheet.going_on(sheet.right("Nama"), pattern=LATIN_NAME), upper),
        taken("Birthday", born, dmy),
        taken("BirthPlace", born, _place),
        taken("Sex", sheet.right("Jenis kelamin"), _sex),
        taken("BloodType", sheet.right("Gol. Darah"), _blood),
        taken("FormattedAddress", sheet.going_on(sheet.right("Alamat")), upper),
        taken("Street", sheet.right("RT/RW"), pick(r"\d{2,3}\s*/\s*\d{2,3}")),
        taken("Village", sheet.going_on(sheet.right("Kel/Desa"), rows=2), upper),
        taken("Area", sheet.going_on(sheet.right("Kecamatan"), rows=2), upper),
        taken("Religion", sheet.right("Agama"), upper),
        taken("MaritalStatus", sheet.right("Status Perkawinan"), upper),
        taken("Occupation", sheet.going_on(sheet.right("Pekerjaan"), rows=2), upper),
        taken("Nationality", sheet.right("Kewarganegaraan"), upper),
        taken("DueDate", sheet.right("Berlaku Hingga"), _due),
        taken("IssuedDate", _issued(sheet), dmy),
        taken("Province", sheet.right("PROVINSI"), upper),
        taken("City", _city(sheet), upper),
    )


def _number(sheet: Sheet) -> Line | None:
    found = sheet.right("NIK")
    return found if found and _sixteen(found.text) else next((row for row in sheet.rows() if _sixteen(row.text)), None)


def _sixteen(text: str) -> str:
    found = re.search(r"(?<!\w)[0-9OoQDIlSBZ]{16}(?!\w)", re.sub(r"(?<=[0-9OIlSB?L])\s+(?=[0-9OIlSBL])", "", tidy(text)))
    return digits(found.group()) if found else ""


def _place(text: str) -> str:
    return tidy(re.split(r"[,.]?\s*\d{1,2}\s*[-/.]", upper(text))[0])


def _sex(text: str) -> str:
    """Printed LAKI-LAKI or PEREMPUAN."""
    word = upper(text)
    return "PEREMPUAN" if word.startswith("PEREM") else "LAKI-LAKI" if re.match(r"LA[KX][I1L]", word) else ""


def _blood(text: str) -> str:
    found = re.match(r"(AB|[ABO0])\s?([+-]?)(?![A-Z])", upper(text))
    return found[1].replace("0", "O") + found[2] if found else "-" if re.match(r"\s*-", text.split(":")[-1]) else ""


def _due(text: str) -> str:
    return dmy(text) or ("SEUMUR HIDUP" if re.search("SEUMUR|HIDUP", upper(text)) else "")


def _issued(sheet: Sheet) -> Line | None:
    """The date under the portrait: on the right, in the lower half, without a label."""
    found = [line for line in sheet.lines if dmy(line.text) and line.box[0] > 600 and middle(line) > 250]
    return max(found, key=middle, default=None)


def _city(sheet: Sheet) -> Line | None:
    """The row under the province."""
    found = sheet.find("PROVINSI")
    if found is None:
        return sheet.search(r"(?i)^((?:KOTA|KABUPATEN)\s.+)")
    below = [line for line in sheet.lines if line is not found.line and 0 < middle(line) - middle(found.line) < 3 * found.line.box[3]]
    return next((line for line in sorted(below, key=middle) if re.fullmatch(r"[A-Z. -]{4,}", upper(line.text))), None)


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    found = fields.get("LicenseNumber", "")
    inside, printed = checks.ktp_birth(found), dates.parse(fields.get("Birthday", ""))
    same = inside == (printed.day, printed.month, printed.year % 100) if inside and printed else None
    formed = [checks.form(fields, "LicenseNumber", r"\d{16}"), checks.is_date(fields, "Birthday", "IssuedDate")]
    return checks.verdict(formed, [same, checks.agree_sex(fields, "Sex", checks.ktp_female(found))])


KIND = Kind(
    name="IndonesiaIDCard",
    title="Indonesian identity card",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("PROVINSI", "NIK", "TEMPAT/TGL LAHIR", "KEWARGANEGARAAN", "BERLAKU HINGGA", "KECAMATAN")},
    fields=(
        "LicenseNumber", "FullName", "Birthday", "Sex", "BloodType", "FormattedAddress", "Street", "Village", "Area", "Religion",
        "MaritalStatus", "Occupation", "Nationality", "DueDate", "IssuedDate", "Province", "City",
    ),
    number="16 digits",
    rules="form; birth date (women: day + 40) and sex against print",
    parse=_parse,
    check=_check,
)  # fmt: skip
