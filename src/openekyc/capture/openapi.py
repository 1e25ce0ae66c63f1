"""The OpenAPI 3.1 document of the capture protocol, made from the table of operations and the message types."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from openekyc.capture import messages
from openekyc.capture.operations import NONCE_HEADER, PREFIX, SLICE_HEADER, Operation
from openekyc.capture.problems import MEDIA_TYPE

Json = dict[str, Any]

PROTOCOL = "1.7.0"
_REF = "#/components/schemas/{name}"
_DESCRIPTION = (
    "How a capture client answers a challenge: open, begin, upload slices and trace while recording, ask for the colours when the light "
    "step begins, finish, wait for the outcome. All times named *_ms inside a trace are milliseconds on the client's own clock."
)

_EVENTS: Json = {
    # Without a schema: the stream as a whole has none, and version 3.1 of the format has no word for its parts. This is version 3.2's.
    "x-itemSchema": {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"type": "string", "const": "outcome"},
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": _REF.format(name=messages.OutcomeAnswer.__name__)},
            },
        },
    },
    "example": 'event: outcome\ndata: {"state":"pass","hint":"","attempts_left":0,"sandbox":false}\n\n',
}


def document(operations: Iterable[Operation]) -> Json:
    """The whole document, ready to be encoded as JSON."""
    operations = tuple(operations)
    return {
        "openapi": "3.1.0",
        "info": {"title": "openekyc capture", "version": PROTOCOL, "description": _DESCRIPTION},
        "security": [{"token": []}],
        "paths": _paths(operations),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "The SdkToken."}},
            "schemas": _schemas(operations),
        },
    }


def _paths(operations: Iterable[Operation]) -> Json:
    paths: defaultdict[str, Json] = defaultdict(dict)
    for operation in operations:
        paths[PREFIX + operation.path][operation.method.lower()] = _operation(operation)
    return dict(paths)


def _operation(operation: Operation) -> Json:
    described: Json = {"operationId": operation.name, "summary": operation.summary, "responses": _responses(operation)}
    if operation.open:
        described["security"] = []
    if parameters := _parameters(operation):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": not operation.optional, "content": _request(operation)} | _told(operation)
    return described


def _parameters(operation: Operation) -> list[Json]:
    found: list[Json] = []
    if operation.of_attempt:
        found.append(_parameter("attempt", "path", {"type": "integer", "minimum": 1}))
        found.append(_parameter(NONCE_HEADER, "header", {"type": "string"}))
    if operation.of_side:
        found.append(_parameter("side", "path", {"type": "string", "enum": ["front", "back"]}))
    if operation.name == "picture":
        found.append(_parameter("wait", "query", {"type": "number", "minimum": 0, "maximum": 30}, required=False))
    if operation.body == "picture":
        found.append(_parameter(SLICE_HEADER, "header", {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}, required=False))
    if operation.body == "slice":
        found.append(_parameter(SLICE_HEADER, "header", {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}))
        found.append(_parameter("offset", "query", {"type": "integer", "minimum": 0}))
    return found


def _parameter(name: str, place: str, schema: Json, *, required: bool = True) -> Json:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _request(operation: Operation) -> Json:
    if isinstance(operation.body, type):
        return {"application/json": {"schema": _reference(operation.body)}}
    return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def _told(operation: Operation) -> Json:
    told = {"slice": "The next bytes of the recording.", "picture": "A JPEG, PNG or WebP, known by its bytes whatever the Content-Type."}
    return {"description": told[operation.body]} if isinstance(operation.body, str) else {}


def _responses(operation: Operation) -> Json:
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for refusal in operation.refusals:
        by_status[refusal.status].append(refusal.problem)
    refused = {str(status): _refused(sorted(set(names))) for status, names in sorted(by_status.items())}
    done: Json = {"description": "Done."} | ({} if operation.answer == "nothing" else {"content": _content(operation)})
    return {str(operation.status): done} | refused


def _content(operation: Operation) -> Json:
    if isinstance(operation.answer, type):
        return {"application/json": {"schema": _reference(operation.answer)}}
    if operation.answer == "stream":
        return {"text/event-stream": _EVENTS}
    return {"application/json": {"schema": {"type": "object"}}}


def _refused(names: list[str]) -> Json:
    described = f"Refused. `problem` is one of: {', '.join(names)}."
    return {"description": described, "content": {MEDIA_TYPE: {"schema": _reference(messages.Problem), "x-problems": names}}}


def _reference(kind: type) -> Json:
    return {"$ref": _REF.format(name=kind.__name__)}


def _schemas(operations: Iterable[Operation]) -> Json:
    used = {kind for operation in operations for kind in (operation.body, operation.answer) if isinstance(kind, type)}
    kinds = sorted(used | {messages.Problem, messages.OutcomeAnswer}, key=lambda kind: kind.__name__)
    references, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    if [_reference(kind) for kind in kinds] != list(references):  # two messages of one name
        raise ValueError("A message needs a name of its own to be described.")
    return {name: _plain(schema) for name, schema in components.items()}


def _plain(schema: Any) -> Any:
    """Tuples of one kind of thing as arrays of a fixed length, which every generator of clients knows."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    first = schema.get("prefixItems", ())
    if first and all(one == first[0] for one in first):
        schema = {name: value for name, value in schema.items() if name != "prefixItems"} | {"items": first[0]}
    elif first:
        schema = {name: value for name, value in schema.items() if name != "items"}  # maxItems says the same as `items: false`
    return {name: _plain(value) for name, value in schema.items()}
