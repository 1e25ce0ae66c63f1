"""Layouts of the kinds in Chinese and Japanese."""

from datetime import date
from random import Random

from openekyc.engine.documents.dates import ERAS, ROC
from openekyc.simulator.cards import people, zones
from openekyc.simulator.cards.casting import Cast
from openekyc.simulator.cards.people import dmy, life
from openekyc.simulator.cards.sketch import BLUE, RED, Plate, Sketch, Text


def hong_kong(random: Random, cast: Cast) -> Sketch:
    """Permanent identity card."""
    (surname, given), days = cast.chinese(random), life(random)
    sex, number = random.choice("MF"), people.hkid(random)
    telegraph = " ".join(f"{random.randrange(1, 9999):04}" for _ in surname[0] + given[0])
    fields = {
        "ChineseName": surname[0] + given[0], "FullName": f"{surname[1]}, {given[1]}", "RegistrationNumber": telegraph, "Sex": sex,
        "Birthday": dmy(days.born), "Permanent": "1", "LicenseNumber": number, "Symbol": "***AZ",
        "IssuedDate": f"({random.randrange(1, 13):02}-{random.randrange(80, 99)})", "CurrentIssueDate": days.issued.strftime("%d-%m-%y"),
        "HKIDVersion": "HKID-2018",
    }  # fmt: skip
    texts = (
        Text("香港永久性居民身份證", 330, 18, 38, "hk", BLUE), Text("HONG KONG PERMANENT IDENTITY CARD", 190, 66, 30, colour=BLUE),
        Text(fields["ChineseName"], 40, 116, 46, "hk", apart=0.2), Text(fields["FullName"], 40, 176, 36),
        Text(telegraph, 330, 230, 32, "mono"),
        Text("出生日期 Date of Birth", 330, 290, 26, "hk"), Text(fields["Birthday"], 330, 326, 36, "mono"),
        Text(f"{'女' if sex == 'F' else '男'} {sex}", 620, 326, 36, "hk"), Text("***AZ", 330, 376, 36, "mono"),
        Text("簽發日期 Date of Issue", 330, 430, 26, "hk"), Text(fields["IssuedDate"], 330, 466, 34, "mono"),
        Text(fields["CurrentIssueDate"], 330, 530, 40, "mono"), Text(number, 660, 530, 42, "mono"),
    )  # fmt: skip
    return Sketch("HK", {"front": Plate(texts, (730.0, 190.0, 230.0, 290.0))}, fields, (222, 236, 228))


def taiwan(random: Random, cast: Cast) -> Sketch:
    """Front with name, birth and number; back with parents, address and a serial number."""
    (surname, given), days = cast.chinese(random), life(random)
    female = random.random() < 0.5
    number, city = people.taiwan(random, female=female), random.choice(("北市", "新北市", "高市"))
    fields = {
        "FullName": surname[0] + given[0], "LicenseNumber": number, "Sex": "女" if female else "男", "IssuedCountry": city,
        "RegistrationNumber": people.digits(random, 10),
    }  # fmt: skip
    issued = f"民國 {days.issued.year - ROC} 年 {days.issued.month} 月 {days.issued.day} 日({city})換發"
    front = (
        Text("中華民國國民身分證", 260, 70, 46, "tc", BLUE), Text("姓名", 50, 250, 36, "tc"),
        Text(fields["FullName"], 180, 240, 52, "tc", apart=0.8),
        Text("出生年月日", 40, 370, 28, "tc"), Text(_roc(days.born), 200, 364, 36, "tc"),
        Text("發證日期", 40, 470, 28, "tc"), Text(issued, 200, 464, 32, "tc"),
        Text("性別", 740, 430, 32, "tc"), Text(fields["Sex"], 840, 428, 36, "tc"),
        Text("統一編號", 720, 490, 26, "tc", RED), Text(number, 690, 530, 44, "mono", RED),
    )  # fmt: skip
    address = cast.address(random, "TaiWanIDCard")
    back = (
        Text("父", 50, 60, 32, "tc"), Text("林大同", 150, 60, 36, "tc"), Text("母", 420, 60, 32, "tc"), Text("陳阿美", 520, 60, 36, "tc"),
        Text("配偶", 50, 150, 32, "tc"), Text("役別", 420, 150, 32, "tc"), Text("出生地", 50, 240, 32, "tc"),
        Text("臺北市", 190, 240, 36, "tc"),
        Text("住址", 50, 330, 32, "tc"), *(Text(line, 190, 330 + 46 * place, 36, "tc") for place, line in enumerate(address)),
        Text(fields["RegistrationNumber"], 620, 520, 36, "mono"),
    )  # fmt: skip
    return Sketch("TaiWanIDCard", {"front": Plate(front, (730.0, 60.0, 230.0, 320.0)), "back": Plate(back)}, fields, (240, 226, 230))


def _roc(day: date) -> str:
    return f"民國 {day.year - ROC} 年 {day.month} 月 {day.day} 日"


def mainland(random: Random, cast: Cast) -> Sketch:
    """Front with labels, back with authority and validity."""
    (surname, given), days = cast.chinese(random), life(random, 20)
    female = random.random() < 0.5
    number, address = people.mainland(random, days.born, female=female), cast.address(random, "MainlandIDCard")
    fields = {
        "FullName": surname[2] + given[2], "Sex": "女" if female else "男", "Nation": random.choice(("汉", "满", "回")),
        "Birthday": days.born.isoformat(), "Address": "".join(address), "LicenseNumber": number, "Authority": "北京市公安局东城分局",
        "ValidDate": f"{days.issued:%Y.%m.%d}-{days.until:%Y.%m.%d}",
    }  # fmt: skip
    front = (
        Text("姓名", 60, 70, 28, colour=BLUE), Text(fields["FullName"], 170, 64, 38), Text("性别", 60, 150, 28, colour=BLUE),
        Text(fields["Sex"], 170, 146, 34), Text("民族", 300, 150, 28, colour=BLUE), Text(fields["Nation"], 400, 146, 34),
        Text("出生", 60, 228, 28, colour=BLUE), Text(f"{days.born.year}年{days.born.month}月{days.born.day}日", 170, 224, 34),
        Text("住址", 60, 306, 28, colour=BLUE), *(Text(line, 170, 302 + 46 * place, 34) for place, line in enumerate(address)),
        Text("公民身份号码", 60, 540, 28, colour=BLUE), Text(number, 330, 530, 42, "mono"),
    )  # fmt: skip
    back = (
        Text("中华人民共和国", 380, 110, 50), Text("居民身份证", 400, 200, 60), Text("签发机关", 240, 470, 30),
        Text(fields["Authority"], 400, 468, 32), Text("有效期限", 240, 540, 30), Text(fields["ValidDate"], 400, 538, 32),
    )  # fmt: skip
    plates = {"front": Plate(front, (660.0, 90.0, 290.0, 370.0)), "back": Plate(back)}
    return Sketch("MainlandIDCard", {"front": plates["front"], "back": plates["back"]}, fields, (226, 238, 238))


def permit(random: Random, cast: Cast) -> Sketch:
    """Travel permit of a Hong Kong or Macao resident, or of a mainland resident."""
    (surname, given), days = cast.chinese(random), life(random)
    female = random.random() < 0.5
    out = random.random() < 0.5
    number = f"C{people.digits(random, 8)}" if out else f"{random.choice('HM')}{people.digits(random, 8)}"
    title = "往来港澳通行证" if out else "港澳居民来往内地通行证"
    fields = {
        "Name": surname[2] + given[2], "EnglishName": f"{surname[1]}, {given[1]}".upper(), "Number": number,
        "Sex": "女" if female else "男",
        "ValidDate": f"{days.issued:%Y.%m.%d}-{days.until:%Y.%m.%d}", "IssueAuthority": "公安部出入境管理局", "IssueAddress": "广东",
        "Birthday": f"{days.born:%Y.%m.%d}",
    }  # fmt: skip
    left = 330
    texts = (
        Text(title, 60, 26, 40, colour=BLUE), Text(number, 740, 30, 36, "mono", RED), Text("姓名", left, 110, 22),
        Text(fields["Name"], left, 138, 34), Text(fields["EnglishName"], left, 184, 28),
        Text("出生日期", left, 240, 22), Text(fields["Birthday"], left, 268, 32), Text("性别", left + 320, 240, 22),
        Text(fields["Sex"], left + 320, 268, 32), Text("有效期限", left, 320, 22), Text(fields["ValidDate"], left, 348, 32),
        Text("签发机关", left, 400, 22), Text(fields["IssueAuthority"], left, 428, 32), Text("签发地点", left + 400, 400, 22),
        Text(fields["IssueAddress"], left + 400, 428, 32),
    )  # fmt: skip
    return Sketch("HMTPermit", {"front": Plate(texts, (50.0, 120.0, 230.0, 300.0))}, fields, (216, 230, 240))


def macao(random: Random, cast: Cast) -> Sketch:
    """Two languages on the front, a zone on the back."""
    (last, first), days, sex = cast.macanese(random), life(random), random.choice("MF")
    bare = random.choice("157") + people.digits(random, 7)
    zone = zones.macao(bare, last, first, days.born, sex, days.until)
    number = f"{bare[:7]}({bare[7]})"
    fields = {
        "FirstName": first, "LastName": last, "Birthday": dmy(days.born), "ExpirationDate": dmy(days.until), "LicenseNumber": number,
        "Sex": sex,
        "IssuedCountry": "MAC", "Field1": zone[0], "Field2": zone[1],
    }  # fmt: skip
    left = 330
    front = (
        Text("澳門特別行政區 永久性居民身份證", 240, 20, 36, "tc", BLUE),
        Text("BILHETE DE IDENTIDADE DE RESIDENTE PERMANENTE", 200, 68, 24, colour=BLUE),
        Text("姓 Apelido", left, 116, 22, "tc"), Text(last, left, 144, 32), Text("名 Nome", left, 196, 22, "tc"),
        Text(first, left, 224, 32),
        Text("出生日期 Data de nascimento", left, 276, 22, "tc"), Text(fields["Birthday"], left, 304, 32),
        Text("性別 Sexo", left + 380, 276, 22, "tc"), Text(sex, left + 380, 304, 32),
        Text("本次發出日期 Data de emissão", left, 356, 22, "tc"), Text(dmy(days.issued), left, 384, 32),
        Text("有效期至 Válido até", left, 436, 22, "tc"), Text(fields["ExpirationDate"], left, 464, 32),
        Text("身份證編號 Nº do BIR", left, 516, 22, "tc"), Text(number, left, 544, 36),
    )  # fmt: skip
    back = tuple(Text(line, 60, 440 + 56 * place, 54, "mono") for place, line in enumerate(zone))
    return Sketch("MacaoIDCard", {"front": Plate(front, (50.0, 150.0, 230.0, 300.0)), "back": Plate(back)}, fields, (222, 236, 226))


def singapore(random: Random, cast: Cast) -> Sketch:
    """Front with names and birth, back with the address."""
    (name, chinese, race), days = cast.singaporean(random), life(random)
    sex, number = random.choice("MF"), people.nric(random, days.born)
    address = cast.address(random, "SingaporeIDCard")
    postcode = f"56{people.digits(random, 4)}"
    fields = {
        "ChineseName": chinese, "FullName": name, "LicenseNumber": number, "Sex": sex,
        "CountryOfBirth": random.choice(("SINGAPORE", "MALAYSIA")), "Birthday": dmy(days.born),
        "Address": " ".join((*address, f"SINGAPORE {postcode}")), "Race": race, "NRICCode": number, "PostCode": postcode,
        "DateOfIssue": dmy(days.issued),
    }  # fmt: skip
    left = 330
    front = (
        Text("REPUBLIC OF SINGAPORE", 60, 24, 36, colour=RED), Text("IDENTITY CARD NO.", 60, 78, 26), Text(number, 330, 72, 36),
        Text("Name", left, 140, 22), Text(fields["FullName"], left, 168, 32), Text(fields["ChineseName"], left, 216, 34),
        Text("Race", left, 276, 22), Text(race, left, 304, 30), Text("Date of birth", left, 356, 22),
        Text(fields["Birthday"], left, 384, 30), Text("Sex", left + 320, 356, 22), Text(sex, left + 320, 384, 30),
        Text("Country/Place of birth", left, 436, 22), Text(fields["CountryOfBirth"], left, 464, 30),
    )  # fmt: skip
    back = (
        Text("NRIC No.", 60, 60, 24), Text(number, 220, 54, 34), Text("Date of issue", 60, 150, 24),
        Text(fields["DateOfIssue"], 260, 146, 30),
        Text("Address", 60, 260, 24),
        *(Text(line, 60, 292 + 40 * place, 28) for place, line in enumerate((*address, f"SINGAPORE {postcode}"))),
    )  # fmt: skip
    plates = {"front": Plate(front, (60.0, 150.0, 230.0, 300.0)), "back": Plate(back)}
    return Sketch("SingaporeIDCard", {"front": plates["front"], "back": plates["back"]}, fields, (242, 218, 218))


def _era(day: date) -> tuple[str, int]:
    """Era and year of a day, by the year in which eras began: enough for dates that the generator draws."""
    name = next(name for name in reversed(ERAS) if day.year > ERAS[name] or name == "明治")
    return name, day.year - ERAS[name] + 1


def _era_day(day: date, *, padded: bool = True) -> str:
    name, year = _era(day)
    return f"{name}{year:02}年{day.month:02}月{day.day:02}日" if padded else f"{name}{year}年{day.month}月{day.day}日"


def japan_licence(random: Random, cast: Cast) -> Sketch:
    """Driving licence with era dates and the coloured validity."""
    (last, first), days = cast.japanese(random), life(random, 5)
    number = people.japanese_licence(random)
    address = "".join(cast.address(random, "JapanDrivingLicense"))
    serial, (era, year) = people.digits(random, 5), _era(days.until)
    fields = {
        "LicenseNumber": number, "FullName": last + first, "Birthday": days.born.isoformat(), "Address": address,
        "IssuedDate": days.issued.isoformat(), "RegistrationNumber": serial, "ExpirationDate": days.until.isoformat(),
        "IssuedAuthority": "東京都公安委員会",
    }  # fmt: skip
    valid = f"{days.until.year}年({era}{year:02}年){days.until.month:02}月{days.until.day:02}日まで有効"
    texts = (
        Text("氏名", 50, 40, 28, "jp"), Text(last + first, 160, 32, 46, "jp", apart=0.9),
        Text(_era_day(days.born) + "生", 640, 40, 34, "jp"),
        Text("住所", 50, 124, 28, "jp"), Text(address, 150, 120, 36, "jp"), Text("交付", 50, 182, 28, "jp"),
        Text(f"{_era_day(days.issued)}  {serial}", 150, 178, 34, "jp"), Text(valid, 50, 232, 38, "jp", RED),
        Text("免許の", 50, 300, 24, "jp"), Text("条件等", 50, 332, 24, "jp"), Text("眼鏡等", 150, 304, 34, "jp"),
        Text("番号", 50, 420, 28, "jp"), Text("第", 130, 416, 34, "jp"), Text(number, 190, 412, 40, "mono"), Text("号", 480, 416, 34, "jp"),
        Text("二・小・原", 40, 480, 20, "jp"), Text(_era_day(days.issued), 170, 474, 30, "jp"),
        Text("運転免許証", 690, 130, 34, "jp", BLUE),
        Text(fields["IssuedAuthority"], 690, 560, 30, "jp"),
    )  # fmt: skip
    return Sketch("JapanDrivingLicense", {"front": Plate(texts, (700.0, 190.0, 260.0, 340.0))}, fields, (236, 240, 236))


def japan_id(random: Random, cast: Cast) -> Sketch:
    """Individual number card, front only."""
    (last, first), days = cast.japanese(random), life(random)
    address = "".join(cast.address(random, "JapanIDCard"))
    fields = {
        "FullName": last + first, "Birthday": days.born.isoformat(), "ExpirationDate": days.until.isoformat(), "FormattedAddress": address,
    }  # fmt: skip
    texts = (
        Text("個人番号カード", 640, 24, 40, "jp", BLUE), Text("氏名", 50, 100, 26, "jp"), Text(f"{last} {first}", 150, 92, 42, "jp"),
        Text("住所", 50, 170, 26, "jp"), Text(address, 150, 166, 32, "jp"),
        Text(_era_day(days.born, padded=False) + "生", 380, 280, 34, "jp"),
        Text("性別", 760, 282, 26, "jp"), Text(random.choice("男女"), 840, 278, 34, "jp"),
        Text(f"{days.until.year}年{days.until.month}月{days.until.day}日まで有効", 380, 350, 34, "jp"),
        Text("電子証明書の有効期限", 380, 430, 26, "jp"), Text("年 月 日", 700, 430, 26, "jp"),
    )  # fmt: skip
    return Sketch("JapanIDCard", {"front": Plate(texts, (60.0, 250.0, 250.0, 320.0))}, fields, (238, 226, 234))
