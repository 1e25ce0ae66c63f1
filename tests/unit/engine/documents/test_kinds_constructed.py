"""Cards as they are printed, with all that a recogniser does to them: rows in pieces, variant characters, labels misread."""

from typing import get_args

import msgspec
import pytest

from openekyc.engine.documents import mrz
from openekyc.engine.documents.kinds import KINDS, hk, japan_id, japan_licence, macao, mainland_id, passport, taiwan_id, thailand_id
from openekyc.engine.documents.values import FORMAT_WARNING, MISMATCH_WARNING, KindName, Zone
from openekyc.engine.documents.words import tidy
from tests.unit.engine.documents.pages import page, values

HK = (
    ("香港永久性居民身份證", 290, 26),
    ("HONG KONG PERMANENT IDENTITY CARD", 115, 66),
    ("王小明", 41, 115),
    ("SAMPLE", 700, 120),
    ("WONG, Siu Ming", 41, 170),
    ("3769 1420 2494", 300, 220),
    ("出生日期 Date of Birth", 300, 300),
    ("02-03-1985", 300, 345),
    ("男M", 615, 345),
    ("***AZ", 300, 392),
    ("签發日期 Date of lssue", 300, 435),
    ("(01-99)", 300, 480),
    ("15-09-19", 300, 541),
    ("A123456(3)", 650, 541),
)


def test_a_hong_kong_card():
    fields = values(hk.KIND.parse({"front": page(*HK)}))
    assert fields == {
        "ChineseName": "王小明",
        "FullName": "WONG, Siu Ming",
        "RegistrationNumber": "3769 1420 2494",
        "Sex": "M",
        "Birthday": "02-03-1985",
        "Permanent": "1",
        "LicenseNumber": "A123456(3)",
        "Symbol": "***AZ",
        "IssuedDate": "(01-99)",
        "CurrentIssueDate": "15-09-19",
        "HKIDVersion": "HKID-2018",
    }
    assert hk.KIND.check(fields, None) == ()
    assert hk.KIND.check({**fields, "LicenseNumber": "A123457(3)"}, None) == (FORMAT_WARNING,)
    assert hk.KIND.check({**fields, "Birthday": "02-03-2021"}, None) == (MISMATCH_WARNING,)


def test_a_hong_kong_card_without_a_chinese_name():
    rows = [row for row in HK if row[0] not in {"王小明", "3769 1420 2494", "香港永久性居民身份證"}]
    fields = values(hk.KIND.parse({"front": page(*rows)}))
    assert "ChineseName" not in fields
    assert fields["FullName"] == "WONG, Siu Ming"


def test_a_taiwan_card_with_wide_spaces():
    front = page(
        ("中華民國國民身分證", 205, 90),
        ("本", 470, 215),
        ("姓名", 40, 300),
        ("林", 180, 300),
        ("美", 300, 300),
        ("玲", 420, 300),
        ("出生", 52, 400),
        ("民國 79 年 12 月 31 日", 170, 426),
        ("年月日", 49, 440),
        ("性别女", 724, 426),
        ("發證日期", 52, 515),
        ("民國 105年7月1日(新北市)补發", 170, 520),
        ("A223456781", 646, 525),
    )
    back = page(("父 林大同 母 陳小美", 40, 60), ("住址 新北市板橋區", 40, 300), ("0012345678", 60, 500), side="back")
    fields = values(taiwan_id.KIND.parse({"front": front, "back": back}))
    assert {name: fields[name] for name in taiwan_id.KIND.fields} == {
        "FullName": "林美玲",
        "LicenseNumber": "A223456781",
        "Sex": "女",
        "IssuedCountry": "新北市",
        "RegistrationNumber": "0012345678",
    }
    assert fields["Birthday"] == "1990-12-31"
    assert taiwan_id.KIND.check(fields, None) == ()
    assert taiwan_id.KIND.check({**fields, "Sex": "男"}, None) == (MISMATCH_WARNING,)


def test_a_japanese_licence_in_pieces():
    front = page(
        ("氏名", 48, 46),
        ("山", 156, 42),
        ("田太郎", 260, 42),
        ("平成2年", 655, 44),
        ("5月", 799, 44),
        ("1日生", 870, 44),
        ("住所", 50, 140),
        ("東京都千代田区永田町1ー2-3", 126, 138),
        ("交付", 48, 184),
        ("令和01年05月07日", 149, 182),
        ("12345", 488, 182),
        ("2024年(令和06年)06月01日まで有効", 42, 230),
        ("番号", 44, 438),
        ("第", 91, 436),
        ("301234567890", 165, 435),
        ("号", 543, 436),
        ("東京都公安委員会", 640, 562),
        ("運転免許証", 637, 249),
    )
    fields = values(japan_licence.KIND.parse({"front": front}))
    assert fields["FullName"] == fields["FullNameLocal"] == "山田太郎"
    assert fields["Birthday"] == "1990-05-01"
    assert fields["Address"] == "東京都千代田区永田町1-2-3"
    assert fields["IssuedDate"] == "2019-05-07"
    assert fields["RegistrationNumber"] == "12345"
    assert fields["ExpirationDate"] == fields["DueDate"] == "2024-06-01"
    assert fields["LicenseNumber"] == "301234567890"
    assert fields["IssuedAuthority"] == "東京都公安委員会"
    assert japan_licence.KIND.check(fields, None) == ()
    assert japan_licence.KIND.check({**fields, "IssuedDate": "1980-01-01"}, None) == (MISMATCH_WARNING,)


def test_an_individual_number_card_keeps_its_number_to_itself():
    front = page(
        ("個人番号カード", 600, 20),
        ("氏名", 40, 80),
        ("番号 花子", 140, 80),
        ("住所", 40, 140),
        ("東京都千代田区霞が関2丁目", 140, 140),
        ("1番2号", 140, 180),
        ("平成元年3月31日生", 400, 240),
        ("性別 女", 800, 240),
        ("2027年3月31日まで有効", 400, 290),
        ("電子証明書の有効期限", 400, 340),
    )
    fields = values(japan_id.KIND.parse({"front": front}))
    assert fields["FullName"] == "番号花子"
    assert fields["Birthday"] == "1989-03-31"
    assert fields["ExpirationDate"] == "2027-03-31"
    assert fields["FormattedAddress"] == "東京都千代田区霞が関2丁目1番2号"
    assert "LicenseNumber" not in fields


def td3(**changed: str) -> Zone:
    fields = {"code": "P", "issuer": "UTO", "number": "L898902C3", "nationality": "UTO", "birth": "740812", "sex": "F", "expiry": "300415"}
    names = {"surname": "ERIKSSON", "given": "ANNA MARIA"}
    lines = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
    return Zone("TD3", lines, {**fields, **names, **changed}, True)


def passport_page(*rows: tuple[str, float, float], zone: Zone | None):
    whole = page(("PASSPORT", 100, 20), *rows)
    return {"front": type(whole)("front", whole.lines, zone)}


def test_a_passport_is_its_zone():
    fields = values(passport.KIND.parse(passport_page(zone=td3())))
    assert fields["LicenseNumber"] == "L898902C3"
    assert fields["FullName"] == "ERIKSSON ANNA MARIA"
    assert fields["Birthday"] == "1974-08-12"
    assert fields["DateOfExpiration"] == "2030-04-15"
    assert (fields["Sex"], fields["IssuingCountry"]) == ("F", "UTO")
    assert len(fields["PassportCodeFirst"]) == len(fields["PassportCodeSecond"]) == 44
    assert passport.KIND.check(fields, td3()) == ()
    assert passport.KIND.parse(passport_page(zone=None)) == ()


def named(row: str) -> Zone:
    zone = mrz.parse((f"P<UTO{row}".ljust(44, "<"), "L898902C36UTO7408122F1204159ZE184226B<<<<<10"))
    assert zone is not None
    return zone


def given_names(row: str, *printed: tuple[str, float, float]) -> str:
    return values(passport.KIND.parse(passport_page(*printed, zone=named(row)))).get("GivenName", "")


def test_print_decides_about_a_letter_that_a_filler_left():
    name = ("ANNA MARIA", 300, 200)
    assert given_names("ERIKSSON<<ANNA<MARIA<<<K<<C", name) == "ANNA MARIA"
    assert given_names("ERIKSSON<<ANNA<MARIA<K<<<<<", name) == "ANNA MARIA"  # refuted: the print ends where the name does
    assert given_names("ERIKSSON<<ANNA<MARIA<K<<<<<") == "ANNA MARIA K"  # nothing printed says otherwise
    assert given_names("ERIKSSON<<ANNA<MARIA<K<<<<<", name, ("K", 300, 240)) == "ANNA MARIA K"


@pytest.mark.parametrize("last", ["EVA", "LEE", "SEK", "EL", "LEA", "ALE", "KAY"])
def test_a_short_last_name_is_no_misread_filler(last):
    row = f"NOVAK<<ANNA<{last}"
    assert given_names(row, ("ANNA", 300, 200), (last, 300, 240)) == f"ANNA {last}"
    assert given_names(row, (f"ANNA {last.replace('E', 'É')}", 300, 200)) == f"ANNA {last}"
    assert given_names(row, ("ANNA", 300, 200)) == f"ANNA {last}"
    kept = passport_page(("ANNA", 300, 200), ("NOVAK", 300, 120), zone=named(row))
    assert any(notice.startswith("GivenName:") for notice in passport.KIND.notes(kept))


def test_names_after_a_second_double_filler_are_names_if_printed():
    assert given_names("OBRIEN<<MARY<<JANE<DEE", ("MARY JANE DEE", 300, 200)) == "MARY JANE DEE"
    assert given_names("OBRIEN<<MARY<<JANE<DEE", ("MARY", 300, 200)) == "MARY"
    lost = passport_page(("MARY", 300, 200), zone=named("OBRIEN<<MARY<<JANE<DEE"))
    assert any(notice.startswith("GivenName:") for notice in passport.KIND.notes(lost))


def test_a_name_that_the_zone_had_no_room_for_comes_from_the_print():
    row = "NITHISARNPHAKDEEKUL<NA<AYUTTHAYA<<PHATT"
    whole = ("PHATTHARAPHONGKORN", 300, 240)
    assert given_names(row, ("NITHISARNPHAKDEEKUL NA AYUTTHAYA", 300, 160), whole) == "PHATTHARAPHONGKORN"
    assert given_names(row) == "PHATT"
    assert any("cut short" in notice for notice in passport.KIND.notes(passport_page(zone=named(row))))


@pytest.mark.parametrize(
    ("text", "known"), [("53<<<<", "1953"), ("530000", "1953"), ("5306<<", "1953-06"), ("530600", "1953-06"), ("<<<<<<", None)]
)
def test_a_birth_date_known_in_part_is_no_fault(text, known):
    zone = td3(birth=text)
    fields = values(passport.KIND.parse(passport_page(zone=zone)))
    assert fields.get("Birthday") == known
    assert passport.KIND.check(fields, zone) == ()


@pytest.mark.parametrize("text", ["32HH16", "5A0101", "531301", "530230", "5<0101"])
def test_a_date_that_cannot_exist_is_a_fault(text):
    assert FORMAT_WARNING in passport.KIND.check({}, td3(birth=text))


def test_no_document_is_valid_for_seventy_years():
    fields = values(passport.KIND.parse(passport_page(zone=td3(expiry="980415"))))
    assert fields["DateOfExpiration"] == "1998-04-15"
    fields = values(passport.KIND.parse(passport_page(("07 SEP 1920", 300, 300), zone=td3(birth="200907"))))
    assert fields["Birthday"] == "1920-09-07"  # the print tells the century


def test_another_printed_number_is_a_contradiction():
    assert passport.KIND.check({}, msgspec.structs.replace(td3(), number_printed=False)) == (MISMATCH_WARNING,)


def test_a_broken_zone_is_a_format_warning():
    zone = Zone("TD3", ("P<UTO", "L898"), {"birth": "741312", "expiry": "300415"}, False)
    assert passport.KIND.check({}, zone) == (FORMAT_WARNING,)


def test_a_macao_card_of_two_sides():
    front = page(
        ("澳門特別行政區 永久性居民身份證", 200, 20),
        ("姓 Apelido", 300, 100),
        ("CHAN", 300, 140),
        ("名 Nome", 300, 190),
        ("TAI MAN", 300, 230),
        ("出生日期 Data de nascimento", 300, 290),
        ("02-03-1985", 300, 330),
        ("性別 Sexo", 700, 290),
        ("M", 700, 330),
        ("有效期至 Válido até", 300, 390),
        ("01-08-2034", 300, 430),
        ("1234567(8)", 600, 560),
    )
    fields = values(macao.KIND.parse({"front": front}))
    assert fields["LastName"] == "CHAN"
    assert fields["FirstName"] == "TAI MAN"
    assert fields["Birthday"] == "02-03-1985"
    assert fields["ExpirationDate"] == "01-08-2034"
    assert (fields["LicenseNumber"], fields["Sex"]) == ("1234567(8)", "M")
    lines = ("I<MAC12345678<0<<<<<<<<<<<<<<<", "8503024M3408019MAC<<<<<<<<<<<0", "CHAN<<TAI<MAN<<<<<<<<<<<<<<<<<")
    read = {"number": "12345678", "birth": "850302", "expiry": "340801", "sex": "M", "surname": "CHAN", "given": "TAI MAN", "issuer": "MAC"}
    zone = Zone("TD1", lines, read, True)
    assert macao.KIND.check(fields, zone) == ()
    assert macao.KIND.check({**fields, "Birthday": "02-03-1986"}, zone) == (MISMATCH_WARNING,)
    only_back = values(macao.KIND.parse({"back": type(front)("back", (), zone)}))
    assert only_back["LicenseNumber"] == "1234567(8)"
    assert only_back["Birthday"] == "02-03-1985"
    assert only_back["Field1"] == lines[0]


def test_every_kind_of_the_contract_is_there():
    assert tuple(KINDS) == get_args(KindName)
    for kind in KINDS.values():
        assert kind.anchors["front"]
        assert set(kind.key_fields) <= set(kind.fields)
        assert kind.parse({}) == () or all(field.box is None for field in kind.parse({}))  # nothing but what is derived
        assert kind.check({}, None) == ()
        assert kind.hints({}) == ()


@pytest.mark.parametrize(
    ("birth", "thai_birth", "until", "read"),
    [
        ("1955", "2498", "LIFELONG", ("1955", "2498", "LIFELONG")),
        ("Jun. 1955", "มิ.ย. 2498", "LIFE LONG", ("Jun. 1955", "มิ.ย. 2498", "LIFELONG")),
        ("24 Dec. 1955", "24 ธ.ค. 2498", "3 Mar. 2033", ("24 Dec. 1955", "24 ธ.ค. 2498", "3 Mar. 2033")),
    ],
)
def test_a_thai_card_without_a_whole_date_or_an_end(birth, thai_birth, until, read):
    front = page(
        ("Thai National ID Card", 600, 20),
        ("เกิดวันที่", 330, 284),
        (thai_birth, 500, 284),
        ("Date of Birth", 330, 330),
        (birth, 600, 330),
        (until, 500, 500),
        ("Date of Expiry", 500, 540),
    )
    fields = values(thailand_id.KIND.parse({"front": front}))
    assert (fields["Birthday"], fields["ThaiBirthday"], fields["ExpirationDate"]) == read
    assert thailand_id.KIND.check(fields, None) == ()


def test_degrees_keep_their_last_stop_and_transcribed_names_their_dot():
    assert tidy("BUDI SANTOSO, M.H.") == "BUDI SANTOSO, M.H."
    assert tidy("JUAN DELA CRUZ JR.") == "JUAN DELA CRUZ JR."
    assert tidy("BUDI SANTOSO.") == "BUDI SANTOSO"
    front = page(("姓名", 60, 70), ("阿里木・卡德尔", 170, 70))
    assert values(mainland_id.KIND.parse({"front": front}))["FullName"] == "阿里木·卡德尔"
