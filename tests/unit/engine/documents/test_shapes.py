"""The shapes of the answer, held against the vendor's own types: names exact, one member filled, all others null."""

import json
from datetime import date
from typing import get_args

import pytest
from tencentcloud.faceid.v20180301 import models

from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.shapes import MEMBERS, card_info, normal_card_info, ocr_json
from openekyc.engine.documents.values import KindName

TODAY = date(2026, 6, 1)
AGED = {"MacaoIDCard", "JapanIDCard"}


def names(shape: object) -> set[str]:
    """Of a vendor type: the properties that its SDK serialises."""
    return {name for name in dir(type(shape)) if isinstance(getattr(type(shape), name), property)} - {"headers"}


def member_type(outer: object, member: str) -> object:
    """The type that the SDK builds for a member."""
    outer._deserialize({member: {}})
    return getattr(outer, member)


def full(kind: str) -> dict[str, str]:
    return {name: f"a {name}" for name in KINDS[kind].fields} | {"Birthday": "1990-06-02"}


@pytest.mark.parametrize("kind", get_args(KindName))
def test_normal_card_info(kind):
    answer = normal_card_info(kind, full(kind), TODAY)
    assert set(answer) == names(models.NormalCardInfo())
    (filled,) = [name for name, value in answer.items() if value is not None]
    assert filled == MEMBERS[kind][0]
    assert set(answer[filled]) == names(member_type(models.NormalCardInfo(), filled))
    models.NormalCardInfo()._deserialize(answer)
    given = {name for name, value in answer[filled].items() if value}
    assert {name for name in KINDS[kind].fields if name != "Address"} <= given  # nothing that is read is lost
    assert not ({"Age"} & given) or answer[filled]["Age"] == "35"


@pytest.mark.parametrize("kind", get_args(KindName))
def test_card_info(kind):
    answer = card_info(kind, full(kind), TODAY)
    if kind in {"MainlandIDCard", "HMTPermit"}:
        assert answer is None
        return
    assert set(answer) == names(models.CardInfo())
    (filled,) = [name for name, value in answer.items() if value is not None]
    assert filled == MEMBERS[kind][1]
    assert set(answer[filled]) == names(member_type(models.CardInfo(), filled))


@pytest.mark.parametrize("kind", get_args(KindName))
def test_the_file_holds_every_value_of_its_shape(kind):
    read = json.loads(ocr_json(kind, full(kind), TODAY))
    assert read
    assert all(value is not None for value in read.values())


def test_the_indonesian_names_are_misspelt_as_in_the_contract():
    values = {"BirthPlace": "BANDUNG", "Birthday": "01-02-1990", "Occupation": "GURU", "Nationality": "WNI", "LicenseNumber": "3" * 16}
    read = card_info("IndonesiaIDCard", values, TODAY)["IndonesiaIDCard"]
    assert read["TempatTglLahir"] == "BANDUNG 01-02-1990"
    assert (read["Perkerjaan"], read["KewargaNegaraan"], read["NIK"]) == ("GURU", "WNI", "3" * 16)
    assert read["Nama"] is None
    assert "Provinsi" not in json.loads(ocr_json("IndonesiaIDCard", values, TODAY))


def test_permanence_is_a_number_in_the_file_alone():
    values = {"Permanent": "1", "ChineseName": "王小明"}
    assert normal_card_info("HK", values, TODAY)["HKIDCard"]["Permanent"] == "1"
    assert card_info("HK", values, TODAY)["HKIDCard"]["CnName"] == "王小明"
    assert json.loads(ocr_json("HK", values, TODAY))["Permanent"] == 1
    assert json.loads(ocr_json("HK", {}, TODAY))["Permanent"] == -1


def test_a_general_card_has_no_nulls_but_the_address():
    read = normal_card_info("JapanDrivingLicense", {}, TODAY)["GeneralCard"]
    assert read["Address"] is None
    assert read["Age"] == "0"
    assert all(isinstance(value, str) for name, value in read.items() if name != "Address")
    read = normal_card_info("JapanDrivingLicense", {"Address": "東京都", "Birthday": "1986-05-01"}, TODAY)["GeneralCard"]
    assert read["Address"]["FormattedAddress"] == "東京都"
    assert set(read["Address"]) == names(models.Address())
    assert read["Age"] == "40"
