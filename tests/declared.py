"""Real answers held to what their actions declare: nothing undeclared, nothing missing, null only where it is said when."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from openekyc.api.registry import discover
from openekyc.wire.responses import Field, fields

_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "object": (dict,)}
_RESULTS = {action.name: action.result for action in discover()}


def faults(action: str, response: Mapping[str, Any]) -> list[str]:
    """What an answer's `Response` has against its declaration; errors have a form of their own."""
    if "Error" in response:
        exact = set(response) == {"Error", "RequestId"} and set(response["Error"]) == {"Code", "Message"}
        return [] if exact else ["an error with more or less than its form"]
    own = {name: value for name, value in response.items() if name != "RequestId"}
    missing = [] if isinstance(response.get("RequestId"), str) else ["RequestId is missing"]
    return [*missing, *_faults(_RESULTS[action], own, "")]


def _faults(struct: type[msgspec.Struct], value: Mapping[str, Any], at: str) -> Iterator[str]:
    declared = {field.name: field for field in fields(struct)}
    yield from (f"{at}{name} is not declared" for name in value.keys() - declared.keys())
    yield from (f"{at}{name} is missing" for name in declared.keys() - value.keys())
    for name in declared.keys() & value.keys():
        yield from _of_value(declared[name], value[name], f"{at}{name}")


def _of_value(field: Field, value: Any, at: str) -> Iterator[str]:
    if value is None:
        yield from () if field.null else (f"{at} is null",)
        return
    many = field.label.startswith("array of ")
    if many and not isinstance(value, list):
        yield f"{at} is no array"
        return
    for index, item in enumerate(value if many else [value]):
        place = f"{at}[{index}]" if many else at
        if field.struct is not None:
            yield from _faults(field.struct, item, f"{place}.") if isinstance(item, dict) else (f"{place} is no object",)
        elif not _fits(item, field.label.removeprefix("array of ")):
            yield f"{place} is no {field.label}"


def _fits(value: Any, label: str) -> bool:
    return isinstance(value, _TYPES[label]) and (label == "boolean" or not isinstance(value, bool))
