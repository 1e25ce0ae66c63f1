"""What libraries write to file descriptor 2: INFO lines go, all else stays."""

import os
import subprocess
import sys

import pytest

from openekyc.engine.quiet import without_info_lines

NETWORKS = """
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
Models(Settings().models_folder).warm_up()
"""


def test_building_every_network_says_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", NETWORKS], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_only_info_lines_are_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with without_info_lines():
        os.write(2, b"INFO: chatter\nERROR: it broke\nlast words without a break")
    os.write(2, b"\nINFO: said outside")
    assert capfd.readouterr().err == "ERROR: it broke\nlast words without a break\nINFO: said outside"


def test_errors_come_out_even_if_the_work_fails(capfd: pytest.CaptureFixture[str]) -> None:
    @without_info_lines()
    def fails() -> None:
        os.write(2, b"ERROR: why\n")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fails()
    assert capfd.readouterr().err == "ERROR: why\n"


def test_a_process_without_stderr_works_too() -> None:
    code = "import os; os.close(2)\nfrom openekyc.engine.quiet import without_info_lines\nwith without_info_lines(): print('fine')"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True).stdout == "fine\n"
