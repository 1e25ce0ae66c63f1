"""Layouts of the kinds in Latin letters."""

from datetime import date
from random import Random

from openekyc.simulator.cards import people, zones
from openekyc.simulator.cards.casting import Cast
from openekyc.simulator.cards.people import dmy, life
from openekyc.simulator.cards.sketch import BLUE, Plate, Sketch, Text


def passport(random: Random, cast: Cast) -> Sketch:
    """A data page of a country that does not exist (UTO)."""
    (surname, given), days, sex = cast.european(random), life(random), random.choice("MF")
    number = random.choice("CLX") + people.digits(random, 8)
    first, second = zones.passport("UTO", surname, given, number, days.born, sex, days.until)
    left = 330
    rows = (("Type / Code / Passport No.", f"P   UTO   {number}"), ("Surname", surname), ("Given names", given), ("Nationality", "UTOPIAN"))
    texts = [Text("UTOPIA", 40, 30, 34, colour=BLUE), Text("PASSPORT", 330, 30, 34, colour=BLUE)]
    for place, (label, value) in enumerate(rows):
        texts += [Text(label, left, 90 + 74 * place, 20), Text(value, left, 116 + 74 * place, 30)]
    texts += [Text("Date of birth", left, 386, 20), Text(f"{days.born.day:02} {days.born:%b %Y}".upper(), left, 412, 30)]
    texts += [Text("Sex", left + 330, 386, 20), Text(sex, left + 330, 412, 30)]
    texts += [Text("Date of expiry", left, 464, 20), Text(f"{days.until.day:02} {days.until:%b %Y}".upper(), left, 490, 30)]
    texts += [Text(first, 38, 585, 42, "mono"), Text(second, 38, 640, 42, "mono")]
    fields = {
        "LicenseNumber": number, "FullName": f"{surname} {given}", "Surname": surname, "GivenName": given,
        "Birthday": days.born.isoformat(),
        "Sex": sex, "DateOfExpiration": days.until.isoformat(), "IssuingCountry": "UTO", "NationalityCode": "UTO",
        "PassportCodeFirst": first, "PassportCodeSecond": second,
    }  # fmt: skip
    return Sketch("MLIDPassport", {"front": Plate(tuple(texts), (50.0, 110.0, 240.0, 310.0))}, fields, (228, 222, 236))


def malaysia_id(random: Random, cast: Cast) -> Sketch:
    """MyKad: the number above, name and address on the left below the chip, the rest under the portrait."""
    name, days = cast.malay(random), life(random)
    female = random.random() < 0.5
    number, sex = people.mykad(random, days.born, female=female), "PEREMPUAN" if female else "LELAKI"
    address = cast.address(random, "ML")
    texts = [
        Text("KAD PENGENALAN", 60, 30, 34, colour=BLUE), Text("MALAYSIA", 430, 30, 34, colour=BLUE),
        Text("MyKad", 800, 30, 34, colour=BLUE),
        Text("IDENTITY CARD", 60, 76, 24, colour=BLUE), Text(number, 60, 130, 44), Text(name, 60, 380, 32),
        *(Text(line, 60, 440 + 36 * place, 26) for place, line in enumerate(address)),
        Text("WARGANEGARA", 720, 500, 26), Text(sex, 720, 540, 26),
    ]  # fmt: skip
    fields = {
        "FullName": name, "LicenseNumber": number, "Sex": sex, "FormattedAddress": " ".join(address), "Type": "MyKad",
        "Birthday": days.born.isoformat(),
    }  # fmt: skip
    return Sketch("ML", {"front": Plate(tuple(texts), (720.0, 150.0, 250.0, 320.0))}, fields, (205, 224, 240))


def indonesia_id(random: Random, cast: Cast) -> Sketch:
    """KTP: a column of labels, values behind colons."""
    name, days = cast.indonesian(random), life(random)
    female = random.random() < 0.5
    number, sex = people.nik(random, days.born, female=female), "PEREMPUAN" if female else "LAKI-LAKI"
    city = random.choice(("JAKARTA", "BANDUNG", "SURABAYA"))
    fields = {
        "LicenseNumber": number, "FullName": name, "Birthday": dmy(days.born), "Sex": sex,
        "BloodType": random.choice(("A", "B", "AB", "O")),
        "FormattedAddress": " ".join(cast.address(random, "IndonesiaIDCard")),
        "Street": f"{random.randrange(1, 20):03}/{random.randrange(1, 20):03}",
        "Village": "SUKAMAJU", "Area": "CILANDAK", "Religion": random.choice(("ISLAM", "KRISTEN", "HINDU")),
        "MaritalStatus": random.choice(("KAWIN", "BELUM KAWIN")), "Occupation": random.choice(("GURU", "KARYAWAN SWASTA", "WIRASWASTA")),
        "Nationality": "WNI", "DueDate": "SEUMUR HIDUP", "IssuedDate": dmy(days.issued), "Province": "JAWA BARAT",
        "City": f"KOTA {city}",
    }  # fmt: skip
    rows = (
        ("Nama", name), ("Tempat/Tgl Lahir", f"{city}, {dmy(days.born)}"), ("Jenis kelamin", sex), ("Alamat", fields["FormattedAddress"]),
        ("   RT/RW", fields["Street"]), ("   Kel/Desa", fields["Village"]), ("   Kecamatan", fields["Area"]), ("Agama", fields["Religion"]),
        ("Status Perkawinan", fields["MaritalStatus"]), ("Pekerjaan", fields["Occupation"]), ("Kewarganegaraan", fields["Nationality"]),
        ("Berlaku Hingga", fields["DueDate"]),
    )  # fmt: skip
    texts = [Text("PROVINSI JAWA BARAT", 330, 18, 30), Text(fields["City"], 370, 56, 28), Text("NIK", 40, 100, 34), Text(":", 190, 100, 34)]
    texts.append(Text(number, 220, 98, 40))
    for place, (label, value) in enumerate(rows):
        texts += [Text(label.strip(), 40 + 24 * label.startswith(" "), 150 + 37 * place, 26), Text(f": {value}", 290, 150 + 37 * place, 26)]
    texts += [Text("Gol. Darah", 560, 224, 26), Text(f": {fields['BloodType']}", 700, 224, 26)]
    texts += [Text(city, 800, 480, 24), Text(fields["IssuedDate"], 780, 512, 24)]
    return Sketch("IndonesiaIDCard", {"front": Plate(tuple(texts), (760.0, 160.0, 210.0, 290.0))}, fields, (196, 222, 240))


def _month_day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def philippines_vote(random: Random, cast: Cast) -> Sketch:
    """Voter's card: labels above the values."""
    (last, first, middle), days = cast.filipino(random), life(random)
    precinct = f"{random.randrange(1, 999):04}{random.choice('ABC')}"
    vin = f"{random.randrange(1000, 9999)}-{precinct}-{random.choice('ABCDG')}{people.digits(random, 4)}{last[0]}{first[:2]}10000"
    fields = {
        "VIN": vin, "FirstName": first, "LastName": last, "Birthday": _month_day(days.born),
        "CivilStatus": random.choice(("Single", "Married")),
        "Citizenship": "Filipino", "Address": " ".join(cast.address(random, "PhilippinesVoteID")), "PrecinctNo": precinct,
    }  # fmt: skip
    texts = [
        Text("REPUBLIC OF THE PHILIPPINES", 260, 20, 24), Text("COMMISSION ON ELECTIONS", 240, 54, 32, colour=BLUE),
        Text("VIN:", 320, 112, 24), Text(vin, 390, 108, 28),
        Text("Last Name:", 320, 158, 22), Text(last, 480, 154, 28), Text("First Name:", 320, 202, 22), Text(first, 480, 198, 28),
        Text("Middle Name:", 320, 246, 22), Text(middle, 480, 242, 28),
        Text("Date of Birth:", 320, 290, 22), Text(fields["Birthday"], 480, 286, 28),
        Text("Civil Status:", 320, 334, 22), Text(fields["CivilStatus"], 480, 330, 28),
        Text("Citizenship:", 320, 378, 22), Text("Filipino", 480, 374, 28),
        Text("Address:", 320, 422, 22), Text(fields["Address"], 320, 452, 28),
        Text("Precinct No.:", 320, 506, 22), Text(precinct, 480, 502, 28),
    ]  # fmt: skip
    return Sketch("PhilippinesVoteID", {"front": Plate(tuple(texts), (50.0, 140.0, 230.0, 290.0))}, fields, (236, 232, 214))


def philippines_licence(random: Random, cast: Cast) -> Sketch:
    """Driver's licence: small labels, values below, several columns."""
    (last, first, middle), days, sex = cast.filipino(random), life(random), random.choice("MF")
    number = f"{random.choice('DNK')}{people.digits(random, 2)}-{people.digits(random, 2)}-{people.digits(random, 6)}"
    fields = {
        "Name": f"{last}, {first}, {middle}", "LastName": last, "FirstName": first, "MiddleName": middle, "Nationality": "PHL", "Sex": sex,
        "Address": " ".join(cast.address(random, "PhilippinesDrivingLicense")), "LicenseNo": number,
        "ExpiresDate": f"{days.until:%Y/%m/%d}",
        "AgencyCode": f"N{random.randrange(10, 99)}", "Birthday": f"{days.born:%Y/%m/%d}",
    }  # fmt: skip
    columns = (
        (330, "Nationality", "PHL"), (470, "Sex", sex), (560, "Date of Birth", fields["Birthday"]), (780, "Weight (kg)", "62"),
        (900, "Height(m)", "1.65"),
    )  # fmt: skip
    texts = [
        Text("REPUBLIC OF THE PHILIPPINES", 360, 16, 24), Text("DEPARTMENT OF TRANSPORTATION", 350, 46, 24),
        Text("LAND TRANSPORTATION OFFICE", 340, 76, 28, colour=BLUE), Text("DRIVER'S LICENSE", 380, 114, 34, colour=BLUE),
        Text("Last Name, First Name, Middle Name", 330, 172, 20), Text(fields["Name"], 330, 198, 32),
        *(Text(label, x, 250, 20) for x, label, _ in columns), *(Text(value, x, 276, 30) for x, _, value in columns),
        Text("Address", 330, 330, 20), Text(fields["Address"], 330, 356, 30),
        Text("License No.", 330, 414, 20), Text(number, 330, 440, 30),
        Text("Expiration Date", 590, 414, 20), Text(fields["ExpiresDate"], 590, 440, 30),
        Text("Agency Code", 820, 414, 20), Text(fields["AgencyCode"], 820, 440, 30),
        Text("Blood Type", 330, 494, 20), Text("O+", 330, 520, 30), Text("Eyes Color", 590, 494, 20), Text("BLACK", 590, 520, 30),
    ]  # fmt: skip
    return Sketch("PhilippinesDrivingLicense", {"front": Plate(tuple(texts), (50.0, 170.0, 240.0, 300.0))}, fields, (226, 236, 222))


def philippines_tin(random: Random, cast: Cast) -> Sketch:
    """Taxpayer card: number, name and address without labels."""
    (last, first, middle), days = cast.filipino(random), life(random)
    fields = {
        "LicenseNumber": people.tin(random), "FullName": f"{first} {middle} {last}",
        "Address": " ".join(cast.address(random, "PhilippinesTinID")), "Birthday": _month_day(days.born),
        "IssueDate": _month_day(days.issued),
    }  # fmt: skip
    texts = [
        Text("REPUBLIC OF THE PHILIPPINES", 300, 20, 24), Text("DEPARTMENT OF FINANCE", 340, 52, 24),
        Text("BUREAU OF INTERNAL REVENUE", 260, 88, 34, colour=BLUE),
        Text("TIN", 60, 170, 26), Text(fields["LicenseNumber"], 150, 164, 36), Text(fields["FullName"], 60, 240, 34),
        Text(fields["Address"], 60, 300, 28),
        Text("BIRTH DATE", 60, 400, 22), Text(fields["Birthday"], 60, 430, 30),
        Text("ISSUE DATE", 400, 400, 22), Text(fields["IssueDate"], 400, 430, 30),
    ]  # fmt: skip
    return Sketch("PhilippinesTinID", {"front": Plate(tuple(texts), (740.0, 200.0, 220.0, 280.0))}, fields, (240, 226, 190))


def philippines_sss(random: Random, cast: Cast) -> Sketch:
    """Social security card: number and name without labels."""
    (last, first, middle), days = cast.filipino(random), life(random)
    number = f"{people.digits(random, 2)}-{people.digits(random, 7)}-{people.digits(random, 1)}"
    fields = {"LicenseNumber": number, "FullName": f"{first} {middle} {last}", "Birthday": _month_day(days.born)}
    texts = [
        Text("Republic of the Philippines", 340, 20, 26), Text("SOCIAL SECURITY SYSTEM", 280, 60, 38, colour=BLUE),
        Text(number, 330, 190, 42), Text(fields["FullName"], 330, 280, 36),
        Text("DATE OF BIRTH", 330, 370, 22), Text(fields["Birthday"], 330, 400, 32), Text("SIGNATURE", 330, 520, 22),
    ]  # fmt: skip
    return Sketch("PhilippinesSSSID", {"front": Plate(tuple(texts), (50.0, 170.0, 240.0, 300.0))}, fields, (214, 228, 244))


def philippines_umid(random: Random, cast: Cast) -> Sketch:
    """Unified card: labels above the values."""
    (last, first, middle), days, sex = cast.filipino(random), life(random), random.choice("MF")
    crn = f"CRN-{people.digits(random, 4)}-{people.digits(random, 7)}-{people.digits(random, 1)}"
    address = cast.address(random, "PhilippinesUMID")
    fields = {
        "Surname": last, "MiddleName": middle, "GivenName": first, "Sex": sex, "Birthday": f"{days.born:%Y/%m/%d}",
        "Address": " ".join(address), "CRN": crn,
    }  # fmt: skip
    texts = [
        Text("Republic of the Philippines", 330, 18, 24), Text("Unified Multi-Purpose ID", 320, 52, 34, colour=BLUE),
        Text(crn, 340, 110, 36),
        Text("SURNAME", 340, 168, 20), Text(last, 340, 194, 30), Text("GIVEN NAME", 340, 242, 20), Text(first, 340, 268, 30),
        Text("MIDDLE NAME", 340, 316, 20), Text(middle, 340, 342, 30), Text("SEX", 340, 390, 20), Text(sex, 340, 416, 30),
        Text("DATE OF BIRTH", 480, 390, 20), Text(fields["Birthday"], 480, 416, 30), Text("ADDRESS", 340, 464, 20),
        *(Text(line, 340, 490 + 36 * place, 26) for place, line in enumerate(address)),
    ]  # fmt: skip
    return Sketch("PhilippinesUMID", {"front": Plate(tuple(texts), (50.0, 160.0, 250.0, 320.0))}, fields, (222, 226, 236))


def singapore_licence(random: Random, cast: Cast) -> Sketch:
    """Driving licence: numbered lines."""
    days, name = life(random), cast.singaporean(random)[0]
    number = people.nric(random, days.born)
    born, issued = (f"{day.day:02} {people.ENGLISH_MONTHS[day.month - 1]} {day.year}" for day in (days.born, days.issued))
    rows = (("Licence Number:", number), ("Name:", name), ("Birth Date:", born), ("Issue Date:", issued))
    texts = [Text("REPUBLIC OF SINGAPORE", 320, 30, 34, colour=BLUE), Text("DRIVING LICENCE", 320, 80, 38, colour=BLUE)]
    for place, (label, value) in enumerate(rows):
        texts += [Text(label, 320, 190 + 72 * place, 26), Text(value, 560, 186 + 72 * place, 32)]
    fields = {"LicenseNumber": number, "FullName": name, "Birthday": days.born.isoformat(), "IssuedDate": days.issued.isoformat()}
    return Sketch("SingaporeDrivingLicense", {"front": Plate(tuple(texts), (50.0, 170.0, 230.0, 290.0))}, fields, (240, 220, 224))


def malaysia_licence(random: Random, cast: Cast) -> Sketch:
    """Driving licence: name without a label, then labelled pairs."""
    name, days = cast.malay(random), life(random, 5)
    number = people.mykad(random, days.born, female=random.random() < 0.5).replace("-", "")
    address = cast.address(random, "MLDrivingLicense")
    period = f"{days.issued:%d/%m/%Y} - {days.until:%d/%m/%Y}"
    texts = [
        Text("LESEN MEMANDU", 60, 26, 40, colour=BLUE), Text("MALAYSIA", 700, 26, 40, colour=BLUE),
        Text("DRIVING LICENCE", 60, 80, 30, colour=BLUE),
        Text(name, 330, 150, 32), Text("Warganegara / Nationality", 330, 210, 20), Text("MALAYSIA", 330, 236, 28),
        Text("No. Pengenalan / Identity No.", 640, 210, 20), Text(number, 640, 236, 28), Text("Kelas / Class", 330, 290, 20),
        Text("D", 330, 316, 28), Text("Tempoh / Validity", 330, 366, 20), Text(period, 330, 392, 28),
        Text("Alamat / Address", 330, 440, 20),
        *(Text(line, 330, 466 + 36 * place, 26) for place, line in enumerate(address)),
    ]  # fmt: skip
    fields = {
        "LicenseNumber": number, "FullName": name, "Nationality": "MYS", "IssuedDate": days.issued.isoformat(),
        "ExpirationDate": days.until.isoformat(), "Address": " ".join(address),
    }  # fmt: skip
    return Sketch("MLDrivingLicense", {"front": Plate(tuple(texts), (50.0, 170.0, 240.0, 300.0))}, fields, (238, 230, 210))


def indonesia_licence(random: Random, cast: Cast) -> Sketch:
    """SIM: numbered items."""
    name, days = cast.indonesian(random), life(random, 5)
    number = f"{random.randrange(1000, 9999)}-{random.randrange(1000, 9999)}-{people.digits(random, 6)}"
    address = cast.address(random, "IndonesiaDrivingLicense")
    rows = (
        f"1. {name}", f"2. BANDUNG, {dmy(days.born)}", "3. O - PRIA", f"4. {address[0]}",
        *(f"   {line}" for line in address[1:]), "5. KARYAWAN SWASTA",
        "6. POLRESTABES BANDUNG",
    )  # fmt: skip
    texts = [
        Text("INDONESIA", 60, 20, 30, colour=BLUE), Text("SURAT IZIN MENGEMUDI", 300, 20, 36, colour=BLUE),
        Text("DRIVING LICENSE", 360, 68, 26),
        Text("C", 900, 40, 60), Text(number, 330, 120, 36), Text(dmy(days.until), 760, 540, 28),
        *(Text(row.strip(), 330 + 30 * row.startswith(" "), 190 + 46 * place, 28) for place, row in enumerate(rows)),
    ]  # fmt: skip
    *others, last = name.split()
    fields = {
        "LastName": last if others else "", "FirstName": " ".join(others) or last, "LicenseNumber": number, "Birthday": dmy(days.born),
        "Address": " ".join(address), "ExpirationDate": dmy(days.until),
    }  # fmt: skip
    return Sketch("IndonesiaDrivingLicense", {"front": Plate(tuple(texts), (50.0, 170.0, 240.0, 300.0))}, fields, (224, 224, 232))
