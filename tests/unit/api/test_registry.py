"""Every action is found by its file, and declares what it answers."""

from typing import Any

import pytest

from openekyc.api.action import Action
from openekyc.api.registry import DOCUMENTED, REMOVED, discover
from openekyc.wire.codes import ActionOffline, InvalidAction, UnsupportedOperation
from openekyc.wire.responses import every_field
from tests.declared import faults


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


@pytest.mark.parametrize("action", list(discover()), ids=lambda action: action.name)
def test_every_field_of_an_answer_says_what_it_means_and_when_it_is_null(action: Action[Any]) -> None:
    declared = list(every_field(action.result))
    assert declared
    for at, field in declared:
        assert field.note or field.struct, f"{at}{field.name}"
        assert bool(field.null) is field.nullable, f"{at}{field.name}"


def test_an_answer_that_is_not_as_declared_is_noticed() -> None:
    empty = {"Url": "", "MD5": "", "Size": 0}
    right = {"Result": "0", "Description": "Success", "BestFrame": empty, "Video": empty, "Downgraded": False, "RequestId": "x"}
    assert faults("GetLivenessResult", right) == []
    assert faults("GetLivenessResult", right | {"Video": None, "Colour": 1}) == ["Colour is not declared", "Video is null"]
    assert faults("GetLivenessResult", right | {"Video": empty | {"Size": "0"}}) == ["Video.Size is no integer"]
