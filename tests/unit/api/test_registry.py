"""Every action is found by its file, and the published table says what the server does."""

import pytest

from openekyc.api.registry import DOCUMENTED, REMOVED, discover
from openekyc.wire.codes import ActionOffline, InvalidAction, UnsupportedOperation
from tools import api_table


def test_the_built_actions() -> None:
    built = [action.name for action in discover()]
    assert built == sorted(built)
    assert {"ApplyLivenessToken", "GetFaceIdTokenIntl", "GetLivenessResult", "GetFaceIdResultIntl"} <= set(built) <= DOCUMENTED
    assert len(DOCUMENTED) == 37


def test_other_names() -> None:
    registry = discover()
    for name in REMOVED:
        with pytest.raises(ActionOffline):
            registry.find(name)
    for name in DOCUMENTED - {action.name for action in registry}:
        with pytest.raises(UnsupportedOperation):
            registry.find(name)
    with pytest.raises(InvalidAction, match="action=`Nonsense` is invalid or not found"):
        registry.find("Nonsense")


def test_the_table_is_current() -> None:
    assert api_table.TARGET.read_text() == api_table.render(), "run python tools/api_table.py"
