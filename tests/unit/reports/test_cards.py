"""The document reading report counts what it should: every expected field of every card, unread ones as wrong."""

import csv
import json

import pytest

from openekyc.engine.documents.values import Card, Field, Zone
from openekyc.reports.card_fields import distance, field_results, plain, script
from openekyc.reports.card_manifest import CardSample, read_card_manifest
from openekyc.reports.card_page import kinds_table, page, write_cards
from openekyc.reports.cards import measure, report
from openekyc.reports.manifest import ManifestInvalid


def sample(folder, kind="HK", expected=None, **changed):
    return CardSample(2, "a.jpg", folder / "a.jpg", None, kind, expected or {}, **({"origin": "", "condition": "", "card": "a"} | changed))


def card(kind="HK", **fields):
    return Card(kind, fields=tuple(Field(name, value) for name, value in fields.items()))


@pytest.mark.parametrize(
    ("name", "expected", "read", "right"),
    [
        ("FullName", "LEE, Chi Nan", "LEE, Chi Nan", True),
        ("FullName", "LEE, Chi Nan", "\uff2c\uff25\uff25, Chi\u3000Nan", True),  # full width is the same after NFKC
        ("FullName", "LEE, Chi Nan", "LEE, Chi Man", False),
        ("FullName", "LEE, Chi Nan", "lee, chi nan", False),
        ("Birthday", "1968-01-01", "01-01-1968", True),  # one day in two ways
        ("Birthday", "1968-01-01", "02-01-1968", False),
        ("LicenseNumber", "1968-01-01", "01-01-1968", False),  # a number is no date
        ("CurrentIssueDate", "2003-09-15", "15-09-03", True),
        ("ValidDate", "2010.01.01-2020.01.01", "2010.01.01-2030.01.01", False),
        ("CnName", "李智能", "李智能", True),  # the older shape's names count too
        ("FullName", "x", "", False),
    ],
)
def test_one_field(tmp_path, name, expected, read, right):
    (result,) = field_results(sample(tmp_path, expected={name: expected}), card(**{"ChineseName" if name == "CnName" else name: read}))
    assert result.right is right
    assert (result.distance == 0) is right


def test_the_script_of_a_field_is_its_rarest():
    assert (script("ABC"), script("李 A"), script("นาย A")) == ("latin", "han", "thai")
    assert plain("A\u3000 \uff22") == "AB"
    assert distance("kitten", "sitting") == 3


def test_nothing_is_dropped(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    expected = {"FullName": "LEE", "LicenseNumber": "A123456(3)"}
    zone = Zone("TD3", ("P<", "L8"), {}, True, True)
    answers = {
        "read": Card("MLIDPassport", fields=(Field("FullName", "LEE"), Field("LicenseNumber", "A")), zone=zone, warnings=(-9107,)),
        "unread": Card("MLIDPassport", problem="not_a_card"),
    }
    samples = [sample(tmp_path, "MLIDPassport", expected, card=name, condition=name, origin="real") for name in answers]
    left = iter(answers.values())
    cards = list(measure(lambda _sides, _kind: next(left), samples))
    found = report(cards, {"weights": "0" * 64})
    assert (found.fields.n, found.fields.right, found.fields.rate) == (4, 1, 0.25)
    assert found.fields.low < 0.25 < found.fields.high
    assert (found.mrz.n, found.mrz.found, found.mrz.valid, found.mrz.repaired) == (2, 1, 1, 1)
    assert found.problems == {"not_a_card": 1}
    assert found.warnings == {"-9107": 1}
    assert found.kinds["MLIDPassport"].by_field["FullName"].rate == 0.5
    assert found.conditions["unread"].fields.rate == 0.0
    assert (found.real, found.schematic) == (2, 0)
    assert "not_a_card" in page(found)
    lines = kinds_table(found).splitlines()
    assert len(lines) == 2 + 21
    assert "25.0 % (1/4" in next(line for line in lines if line.startswith("| MLIDPassport"))
    write_cards(tmp_path, cards)
    rows = list(csv.DictReader((tmp_path / "fields.csv").open(encoding="utf-8")))
    assert len(rows) == 4
    assert [row["right"] for row in rows] == ["1", "0", "0", "0"]


def test_thai_is_counted_apart(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    expected = {"FullName": "นาย ก", "FirstName": "Somchai"}
    cards = list(measure(lambda *_: card("ThailandIDCard", FirstName="Somchai"), [sample(tmp_path, "ThailandIDCard", expected)]))
    found = report(cards, {})
    assert (found.fields.n, found.fields.rate) == (1, 1.0)
    assert (found.thai_fields.n, found.thai_fields.rate) == (1, 0.0)


def test_a_kind_without_zone_expects_none(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    found = report(list(measure(lambda *_: card(), [sample(tmp_path)])), {})
    assert (found.mrz.n, found.mrz.rate) == (0, None)
    assert found.fields.rate is None
    assert page(found)


def test_a_huge_file_is_not_loaded(tmp_path):
    with (tmp_path / "a.jpg").open("wb") as file:
        file.truncate(20_000_001)
    (read,) = measure(lambda *_: pytest.fail("was read"), [sample(tmp_path)])
    assert read.card.problem == "undecodable"


def written(folder, *rows, head="path,back,kind,expected,origin,condition"):
    (folder / "a.jpg").touch()
    path = folder / "manifest.csv"
    path.write_text("\n".join((head, *rows)), "utf-8")
    return path


def test_a_manifest(tmp_path):
    fields = json.dumps({"FullName": "李", "Permanent": 1, "Symbol": None}, ensure_ascii=False).replace('"', '""')
    (read,) = read_card_manifest(written(tmp_path, f'a.jpg,,HK,"{fields}",real,flat'))
    assert read.expected == {"FullName": "李", "Permanent": "1"}
    assert (read.kind, read.origin, read.condition, read.card) == ("HK", "real", "flat", "(line 2)")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("b.jpg,,HK,,,", "no file"),
        ("a.jpg,b.jpg,HK,,,", "no file"),
        ("a.jpg,,XX,,,", "kind"),
        ("a.jpg,,HK,[1],,", "JSON"),
        ("a.jpg,,HK,,drawn,", "origin"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, row, words):
    with pytest.raises(ManifestInvalid, match=words) as caught:
        read_card_manifest(written(tmp_path, row))
    assert "line 2" in caught.value.message
    assert caught.value.remedy


def test_a_manifest_without_columns_or_cards(tmp_path):
    with pytest.raises(ManifestInvalid, match="kind"):
        read_card_manifest(written(tmp_path, "a.jpg", head="path"))
    with pytest.raises(ManifestInvalid, match="no card"):
        read_card_manifest(written(tmp_path))
