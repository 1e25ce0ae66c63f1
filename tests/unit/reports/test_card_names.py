"""Wrong names are counted apart from those that come with a notice."""

import csv

from openekyc.engine.documents.values import Card, Field
from openekyc.reports.card_page import page, write_cards
from openekyc.reports.cards import measure, report
from tests.unit.reports.test_cards import sample

ROW = "FullName: the row under it belongs to no field; the name may go on there."
FAINT = "Address: read with little certainty."


def read(folder, *answers):
    (folder / "a.jpg").write_bytes(b"x")
    left = iter(answers)
    expected = {"FullName": "SITI AMINAH BINTI OSMAN", "Address": "NO 1"}
    samples = [sample(folder, "ML", expected, card=str(place)) for place in range(len(answers))]
    return list(measure(lambda *_: next(left), samples))


def answer(name, *notices, problem=""):
    return Card("ML", problem, fields=(Field("FullName", name), Field("Address", "NO 2")), notices=notices)


def test_names_wrong_without_a_notice(tmp_path):
    cards = read(
        tmp_path,
        answer("SITI AMINAH BINTI OSMAN"),
        answer("SITI AMINAH", ROW),  # wrong, and said so
        answer("SITI AMINAH", FAINT),  # a notice about something else
        answer("SITI AMINAH BINTI 0SMAN"),  # one sign misread, none missing
        answer("", problem="not_a_card"),
    )
    found = report(cards, {})
    names = found.kinds["ML"].names
    assert (names.n, names.wrong, names.silent, names.lost) == (5, 4, 2, 1)
    assert found.names == names
    assert "4/2/1 of 5" in page(found)
    write_cards(tmp_path, cards)
    rows = list(csv.DictReader((tmp_path / "fields.csv").open(encoding="utf-8")))
    assert [row["silent"] for row in rows if row["field"] == "FullName"] == ["0", "0", "1", "1", "0"]
    assert {row["silent"] for row in rows if row["field"] == "Address"} == {"0"}
    told = list(csv.DictReader((tmp_path / "cards.csv").open(encoding="utf-8")))
    assert [row["silent_names"] for row in told] == ["0", "0", "1", "1", "0"]
    assert told[1]["notices"] == ROW
