"""Which of the body's forms a call uses, and its parameters read by the action's description."""

from typing import TypeVar

import msgspec

from openekyc.wire import bodies
from openekyc.wire.call import Call, query_pairs
from openekyc.wire.codes import InvalidParameter
from openekyc.wire.parameters import Description

P = TypeVar("P", bound=msgspec.Struct)


def read_parameters(description: Description[P], call: Call) -> P:
    """The params of a call. Raises what `bodies` and `Description.read` raise, in the contract's order."""
    request = call.request
    if call.pairs or request.method == "GET":
        return description.read(bodies.flattened(query_pairs(call)), as_text=True)
    content_type = request.headers.get(b"content-type", b"")
    match content_type.split(b";", 1)[0].strip().lower():
        case b"application/json":
            return description.read(bodies.json_object(request.body))
        case b"multipart/form-data":
            return description.read(bodies.multipart(request.body, content_type), as_text=True)
        case _:
            raise InvalidParameter(
                "The Content-Type of a POST must be application/json or multipart/form-data.",
                "POST 请求的 Content-Type 必须为 application/json 或 multipart/form-data。",
            )
