"""A card's fields in the shapes that the API gives them out in: `NormalCardInfo`, the older `CardInfo`, and the JSON file beside them.

Pure and light. Values come as name -> value with the names of `NormalCardInfo`; what was not read is null. The older shape has names as
they are printed on the card, two of them misspelt in the contract: `Perkerjaan` and `KewargaNegaraan`.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from openekyc.engine.documents import dates
from openekyc.engine.documents.values import KindName

Values = Mapping[str, str]
Shape = dict[str, Any]

GENERAL = "GeneralCard"

MEMBERS: Mapping[KindName, tuple[str, str | None]] = {
    "HK": ("HKIDCard", "HKIDCard"),
    "ML": ("MLIDCard", "MLIDCard"),
    "IndonesiaIDCard": ("IndonesiaIDCard", "IndonesiaIDCard"),
    "PhilippinesVoteID": ("PhilippinesVoteID", "PhilippinesVoteID"),
    "PhilippinesDrivingLicense": ("PhilippinesDrivingLicense", "PhilippinesDrivingLicense"),
    "PhilippinesTinID": ("PhilippinesTinID", "PhilippinesTinID"),
    "PhilippinesSSSID": ("PhilippinesSSSID", "PhilippinesSSSID"),
    "PhilippinesUMID": ("PhilippinesUMID", "PhilippinesUMID"),
    "MLIDPassport": ("InternationalIDPassport", "InternationalIDPassport"),
    "MacaoIDCard": ("MacaoIDCard", "MacaoIDCard"),
    "ThailandIDCard": ("ThailandIDCard", "ThailandIDCard"),
    "MainlandIDCard": ("MainlandIDCard", None),
    "SingaporeIDCard": ("SingaporeIDCard", "SingaporeIDCard"),
    "JapanIDCard": ("JapanIDCard", "JapanIDCard"),
    "MLDrivingLicense": (GENERAL, GENERAL),
    "IndonesiaDrivingLicense": ("IndonesiaDrivingLicense", "IndonesiaDrivingLicense"),
    "ThailandDrivingLicense": (GENERAL, GENERAL),
    "SingaporeDrivingLicense": (GENERAL, GENERAL),
    "JapanDrivingLicense": (GENERAL, GENERAL),
    "TaiWanIDCard": ("TaiWanIDCard", "TaiWanIDCard"),
    "HMTPermit": ("HMTPermitCard", None),
}
"""Kind -> its member of `NormalCardInfo` and of `CardInfo` (None: the older shape has none)."""

NORMAL_MEMBERS = (
    "HKIDCard", "MLIDCard", "PhilippinesVoteID", "IndonesiaIDCard", "PhilippinesDrivingLicense", "PhilippinesTinID", "PhilippinesSSSID",
    "PhilippinesUMID", "InternationalIDPassport", GENERAL, "IndonesiaDrivingLicense", "ThailandIDCard", "SingaporeIDCard", "MacaoIDCard",
    "MainlandIDCard", "JapanIDCard", "TaiWanIDCard", "HMTPermitCard",
)  # fmt: skip
OLD_MEMBERS = (
    "HKIDCard", "MLIDCard", "PhilippinesVoteID", "IndonesiaIDCard", "PhilippinesDrivingLicense", "PhilippinesTinID", "PhilippinesSSSID",
    "PhilippinesUMID", "InternationalIDPassport", GENERAL, "IndonesiaDrivingLicense", "ThailandIDCard", "SingaporeIDCard", "MacaoIDCard",
    "TaiWanIDCard", "JapanIDCard", "BangladeshIDCard", "NigeriaIDCard", "NigeriaDrivingLicense", "PakistanIDCard", "PakistanDrivingLicense",
)  # fmt: skip

_NORMAL: Mapping[str, tuple[str, ...]] = {
    "HKIDCard": (
        "ChineseName", "FullName", "RegistrationNumber", "Sex", "Birthday", "Permanent", "LicenseNumber", "Symbol", "IssuedDate",
        "CurrentIssueDate", "HKIDVersion",
    ),
    "MLIDCard": ("FullName", "LicenseNumber", "Sex", "FormattedAddress", "Type", "Birthday"),
    "IndonesiaIDCard": (
        "LicenseNumber", "FullName", "Birthday", "Sex", "BloodType", "FormattedAddress", "Street", "Village", "Area", "Religion",
        "MaritalStatus", "Occupation", "Nationality", "DueDate", "IssuedDate", "Province", "City",
    ),
    "PhilippinesVoteID": ("VIN", "FirstName", "LastName", "Birthday", "CivilStatus", "Citizenship", "Address", "PrecinctNo"),
    "PhilippinesDrivingLicense": (
        "Name", "LastName", "FirstName", "MiddleName", "Nationality", "Sex", "Address", "LicenseNo", "ExpiresDate", "AgencyCode",
        "Birthday",
    ),
    "PhilippinesTinID": ("LicenseNumber", "FullName", "Address", "Birthday", "IssueDate"),
    "PhilippinesSSSID": ("LicenseNumber", "FullName", "Birthday"),
    "PhilippinesUMID": ("Surname", "MiddleName", "GivenName", "Sex", "Birthday", "Address", "CRN"),
    "InternationalIDPassport": (
        "LicenseNumber", "FullName", "Surname", "GivenName", "Birthday", "Sex", "DateOfExpiration", "IssuingCountry", "NationalityCode",
        "PassportCodeFirst", "PassportCodeSecond",
    ),
    "IndonesiaDrivingLicense": (
        "LastName", "FirstName", "LicenseNumber", "Birthday", "Address", "ExpirationDate", "IssuedDate", "IssuedCountry",
    ),
    "ThailandIDCard": (
        "LicenseNumber", "FullName", "LastName", "FirstName", "Birthday", "FormattedAddress", "ExpirationDate", "IssuedDate",
        "RegistrationNumber", "Religion", "ThaiBirthday", "ThaiExpirationDate", "ThaiIssueDate",
    ),
    "SingaporeIDCard": (
        "ChName", "ChineseName", "EnName", "FullName", "ID", "LicenseNumber", "Sex", "CountryOfBirth", "Nationality", "Birthday", "Address",
        "Race", "NRICCode", "PostCode", "DateOfExpiration", "DateOfIssue",
    ),
    "MacaoIDCard": (
        "FirstName", "LastName", "Birthday", "ExpirationDate", "LicenseNumber", "Sex", "Age", "IssuedCountry", "Field1", "Field2",
    ),
    "MainlandIDCard": (
        "FullName", "Sex", "Nation", "Birthday", "Address", "LicenseNumber", "FormattedAddress", "Authority", "ValidDate",
    ),
    "JapanIDCard": ("FullName", "LicenseNumber", "Age", "Birthday", "ExpirationDate", "FormattedAddress"),
    "TaiWanIDCard": ("FullName", "LicenseNumber", "Sex", "IssuedCountry", "RegistrationNumber"),
    "HMTPermitCard": ("Name", "EnglishName", "Number", "Sex", "ValidDate", "IssueAuthority", "IssueAddress", "Birthday"),
}  # fmt: skip

_GENERAL_TEXTS = (
    "LicenseNumber", "PersonalNumber", "PassportCodeFirst", "PassportCodeSecond", "ExpirationDate", "DueDate", "IssuedDate",
    "IssuedAuthority", "IssuedCountry", "FullName", "FirstName", "LastName", "Sex", "Birthday", "BirthPlace", "Nationality",
    "RegistrationNumber", "FullNameLocal", "FirstNameLocal", "LastNameLocal",
)  # fmt: skip
_ADDRESS = (
    "Country", "PostalCode", "Subdivision", "City", "FormattedAddress", "LineOne", "LineTwo", "LineThree", "LineFour", "LineFive",
)  # fmt: skip

_OLD: Mapping[str, Mapping[str, str]] = {
    "HKIDCard": {
        "CnName": "ChineseName", "EnName": "FullName", "TelexCode": "RegistrationNumber", "Sex": "Sex", "Birthday": "Birthday",
        "Permanent": "Permanent", "IdNum": "LicenseNumber", "Symbol": "Symbol", "FirstIssueDate": "IssuedDate",
        "CurrentIssueDate": "CurrentIssueDate",
    },
    "MLIDCard": {
        "Name": "FullName", "ID": "LicenseNumber", "Sex": "Sex", "Address": "FormattedAddress", "Type": "Type", "Birthday": "Birthday",
    },
    "IndonesiaIDCard": {
        "NIK": "LicenseNumber", "Nama": "FullName", "TempatTglLahir": "BirthPlace+Birthday", "JenisKelamin": "Sex", "GolDarah": "BloodType",
        "Alamat": "FormattedAddress", "RTRW": "Street", "KelDesa": "Village", "Kecamatan": "Area", "Agama": "Religion",
        "StatusPerkawinan": "MaritalStatus", "Perkerjaan": "Occupation", "KewargaNegaraan": "Nationality", "BerlakuHingga": "DueDate",
        "IssuedDate": "IssuedDate", "Provinsi": "Province", "Kota": "City",
    },
    "ThailandIDCard": {
        "LastName": "LastName", "FirstName": "FirstName", "LicenseNumber": "LicenseNumber", "DateOfBirth": "Birthday",
        "DateOfExpiry": "ExpirationDate", "DateOfIssue": "IssuedDate", "IssuedCountry": "IssuedCountry",
    },
}  # fmt: skip
"""Where the older shape has names of its own: its name -> ours; two of ours with a plus stand behind each other."""

_IN_JSON: Mapping[KindName, tuple[str, ...]] = {
    "HK": (
        "CnName", "EnName", "TelexCode", "Sex", "Birthday", "Permanent", "IdNum", "Symbol", "FirstIssueDate", "CurrentIssueDate",
    ),
    "ML": ("Sex", "Birthday", "ID", "Name", "Address", "Type"),
    "IndonesiaIDCard": (
        "NIK", "Nama", "TempatTglLahir", "JenisKelamin", "GolDarah", "Alamat", "RTRW", "KelDesa", "Kecamatan", "Agama", "StatusPerkawinan",
        "Perkerjaan", "KewargaNegaraan", "BerlakuHingga", "IssuedDate",
    ),
    "MLIDPassport": ("FullName", "Surname", "GivenName", "Birthday", "Sex", "DateOfExpiration", "IssuingCountry", "NationalityCode"),
}  # fmt: skip
"""What the contract lists for the JSON file where that is less than the older shape."""


def normal_card_info(kind: KindName, values: Values, today: date) -> dict[str, Shape | None]:
    """`NormalCardInfo`: the kind's member filled, all others null. Ages are those on `today`."""
    member = MEMBERS[kind][0]
    return {name: _normal(member, values, today) if name == member else None for name in NORMAL_MEMBERS}


def card_info(kind: KindName, values: Values, today: date) -> dict[str, Shape | None] | None:
    """`CardInfo`: the kind's member filled, all others null; None for a kind that the older shape does not have."""
    member = MEMBERS[kind][1]
    if member is None:
        return None
    return {name: _old(member, values, today) if name == member else None for name in OLD_MEMBERS}


def ocr_json(kind: KindName, values: Values, today: date) -> str:
    """The text of the file behind `CardInfoOcrJson`: names of the older shape, those of the newer one for a kind without."""
    normal, old = MEMBERS[kind]
    shape = _old(old, values, today) if old else _normal(normal, values, today)
    kept = {name: "" if shape[name] is None else shape[name] for name in _IN_JSON.get(kind, tuple(shape))}
    if kind == "HK":  # here, and only here, the contract has a number
        kept["Permanent"] = {"0": 0, "1": 1}.get(kept["Permanent"], -1)
    return json.dumps(kept, ensure_ascii=False)


def _normal(member: str, values: Values, today: date) -> Shape:
    if member == GENERAL:
        return _general(values, today)
    shape: Shape = {name: values.get(name) or None for name in _NORMAL[member]}
    if "Age" in shape:
        shape["Age"] = age(values, today) or None
    return shape


def _old(member: str, values: Values, today: date) -> Shape:
    names = _OLD.get(member)
    if names is None:
        return _normal(member, values, today)
    return {old: " ".join(values[name] for name in ours.split("+") if values.get(name)) or None for old, ours in names.items()}


def _general(values: Values, today: date) -> Shape:
    """Every text is there, an unread one empty; the address is an object of its own."""
    shape: Shape = {name: values.get(name, "") for name in _GENERAL_TEXTS}
    shape["Age"] = age(values, today) or "0"
    address = values.get("Address", "")
    shape["Address"] = dict.fromkeys(_ADDRESS) | {"FormattedAddress": address} if address else None
    return shape


def age(values: Values, today: date) -> str:
    """Whole years since the birth date; "" if it is unknown."""
    if re.fullmatch(r"\d+", values.get("Age", "")):
        return values["Age"]
    born = dates.parse(values.get("Birthday", ""))
    if born is None or born > today:
        return ""
    return str(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
