"""Schematic cards through the real networks to the report: a regression of the whole reading path."""

import json

from click.testing import CliRunner

from openekyc.cli.main import cli
from openekyc.simulator.cards.writing import fonts, write_cards
from tests.assets import asset

KINDS = ("HK", "MLIDPassport", "IndonesiaIDCard")


def test_cards_are_drawn_read_and_counted(tmp_path):
    (folder,) = {asset(name).parent for name in (*(item.file for item in fonts()), "astronaut.png")}
    list(write_cards(tmp_path, KINDS, ("flat",), 1, 2, folder))
    out = tmp_path / "report"
    done = CliRunner().invoke(cli, ["card-report", "--manifest", str(tmp_path / "manifest.csv"), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads((out / "report.json").read_text())
    assert found["cards"] == found["schematic"] == 3
    assert found["problems"] == {}
    assert found["fields"]["rate"] >= 0.95
    assert found["mrz"] == {**found["mrz"], "n": 1, "found": 1, "valid": 1}
    assert set(found["kinds"]) == set(KINDS)
    assert {"index.html", "kinds.md", "cards.csv", "fields.csv"} <= {path.name for path in out.iterdir()}
