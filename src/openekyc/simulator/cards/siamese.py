"""Layouts of the kinds in Thai."""

from random import Random

from openekyc.simulator.cards import people
from openekyc.simulator.cards.casting import Cast
from openekyc.simulator.cards.people import english_day, life, thai_day
from openekyc.simulator.cards.sketch import BLUE, Plate, Sketch, Text

THAI_FIELDS = frozenset({"FullName", "FormattedAddress", "Religion", "ThaiBirthday", "ThaiExpirationDate", "ThaiIssueDate"})


def thailand_id(random: Random, cast: Cast) -> Sketch:
    """Identity card: everything twice, in Thai and in English."""
    title, english_title, first, english_first, last, english_last = cast.thai(random)
    days, number = life(random), people.thai(random)
    address = cast.address(random, "ThailandIDCard")
    serial = f"{people.digits(random, 4)}-{people.digits(random, 2)}-{people.digits(random, 8)}"
    fields = {
        "LicenseNumber": number, "FullName": f"{title} {first} {last}", "LastName": english_last,
        "FirstName": f"{english_title} {english_first}",
        "Birthday": english_day(days.born), "FormattedAddress": " ".join(address), "ExpirationDate": english_day(days.until),
        "IssuedDate": english_day(days.issued), "RegistrationNumber": serial, "Religion": "พุทธ", "ThaiBirthday": thai_day(days.born),
        "ThaiExpirationDate": thai_day(days.until), "ThaiIssueDate": thai_day(days.issued),
    }  # fmt: skip
    texts = (
        Text("บัตรประจำตัวประชาชน", 170, 14, 40, "thai"), Text("Thai National ID Card", 600, 20, 36, "thai", BLUE),
        Text("เลขประจำตัวประชาชน", 170, 66, 26, "thai"), Text("Identification Number", 170, 100, 26, "thai", BLUE),
        Text(number, 470, 82, 40, "thai"),
        Text("ชื่อตัวและชื่อสกุล", 100, 148, 28, "thai"), Text(fields["FullName"], 340, 142, 38, "thai"),
        Text("Name", 310, 202, 28, "thai", BLUE), Text(fields["FirstName"], 430, 200, 30, "thai"),
        Text("Last name", 310, 244, 28, "thai", BLUE), Text(english_last, 470, 242, 30, "thai"),
        Text("เกิดวันที่", 330, 288, 28, "thai"), Text(fields["ThaiBirthday"], 450, 284, 32, "thai"),
        Text("Date of Birth", 330, 330, 28, "thai", BLUE), Text(fields["Birthday"], 530, 328, 30, "thai"),
        Text("ศาสนา", 330, 370, 28, "thai"), Text("พุทธ", 430, 368, 30, "thai"),
        Text("ที่อยู่", 100, 416, 28, "thai"), *(Text(line, 180, 412 + 42 * place, 32, "thai") for place, line in enumerate(address)),
        Text(fields["ThaiIssueDate"], 100, 490, 28, "thai"), Text("วันออกบัตร", 100, 522, 24, "thai"),
        Text(fields["IssuedDate"], 100, 552, 26, "thai"), Text("Date of Issue", 100, 580, 22, "thai", BLUE),
        Text(fields["ThaiExpirationDate"], 500, 490, 28, "thai"), Text("วันบัตรหมดอายุ", 500, 522, 24, "thai"),
        Text(fields["ExpirationDate"], 500, 552, 26, "thai"), Text("Date of Expiry", 500, 580, 22, "thai", BLUE),
        Text(serial, 740, 576, 24, "thai"),
    )  # fmt: skip
    return Sketch("ThailandIDCard", {"front": Plate(texts, (750.0, 290.0, 210.0, 270.0))}, fields, (206, 228, 242))


def thailand_licence(random: Random, cast: Cast) -> Sketch:
    """Driving licence: its own number and the holder's."""
    title, english_title, first, english_first, last, english_last = cast.thai(random)
    days, number, own, sex = life(random, 5), people.thai(random), people.digits(random, 8), random.choice("MF")
    english_title = english_title.upper()
    fields = {
        "LicenseNumber": own, "PersonalNumber": number, "FullName": f"{english_title} {english_first} {english_last}".upper(),
        "FirstName": english_first.upper(), "LastName": english_last.upper(), "FullNameLocal": f"{title} {first} {last}",
        "Birthday": days.born.isoformat(), "Sex": sex, "IssuedDate": days.issued.isoformat(), "ExpirationDate": days.until.isoformat(),
    }  # fmt: skip
    left = 330
    texts = (
        Text("ใบอนุญาตขับรถยนต์", 330, 12, 36, "thai"), Text("KINGDOM OF THAILAND", 330, 62, 30, "thai", BLUE),
        Text("PRIVATE CAR DRIVING LICENCE", 330, 102, 28, "thai", BLUE),
        Text("ฉบับที่", left, 152, 26, "thai"), Text("No.", 420, 152, 26, "thai", BLUE), Text(own, 490, 148, 32, "thai"),
        Text("วันอนุญาต", left, 200, 24, "thai"), Text(thai_day(days.issued), 470, 198, 28, "thai"),
        Text("Issue Date", 660, 202, 22, "thai", BLUE), Text(english_day(days.issued), 790, 198, 28, "thai"),
        Text("วันสิ้นอายุ", left, 246, 24, "thai"), Text(thai_day(days.until), 470, 244, 28, "thai"),
        Text("Expiry Date", 660, 248, 22, "thai", BLUE), Text(english_day(days.until), 790, 244, 28, "thai"),
        Text("ชื่อ", left, 296, 26, "thai"), Text(fields["FullNameLocal"], 420, 290, 34, "thai"),
        Text("Name", left, 350, 24, "thai", BLUE), Text(fields["FullName"], 420, 346, 30, "thai"),
        Text("วันเกิด", left, 400, 26, "thai"), Text(thai_day(days.born), 470, 398, 28, "thai"),
        Text("Birth Date", 660, 402, 22, "thai", BLUE), Text(english_day(days.born), 790, 398, 28, "thai"),
        Text("เลขประจำตัวประชาชน", left, 450, 24, "thai"), Text("ID No.", left, 492, 24, "thai", BLUE), Text(number, 420, 486, 34, "thai"),
        Text("Sex", left, 544, 24, "thai", BLUE), Text(sex, 420, 540, 30, "thai"),
    )  # fmt: skip
    return Sketch("ThailandDrivingLicense", {"front": Plate(texts, (50.0, 160.0, 240.0, 300.0))}, fields, (230, 228, 214))
