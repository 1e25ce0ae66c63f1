"""One file as an answer to one request."""

import asyncio
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from openekyc.api.ranges import RangeUnsatisfiable, read_range
from openekyc.pages.files import File, Variant, pieces, size_of

Observe = Callable[[str, int], None]
"""Told after every answer: which page ("start", "verify", "asset", "docs") and the HTTP status."""


async def answer(request: Request, file: File, guard: Mapping[str, str], status: int = 200) -> Response:
    """The file in an encoding the client takes, or what it asked of it: nothing new (304), a part (206), the headers alone (HEAD). Any
    status but 200 is answered whole."""
    variant = file.choose(request.headers.get("accept-encoding", ""))
    described = {**guard, "ETag": variant.etag, "Content-Type": file.content_type}
    if len(file.variants) > 1:
        described["Vary"] = "Accept-Encoding"
    if variant.encoding:
        described["Content-Encoding"] = variant.encoding
    else:
        described["Accept-Ranges"] = "bytes"
    if status == 200 and _known(request, variant):
        return Response(status_code=304, headers={name: value for name, value in described.items() if not name.startswith("Content-T")})
    return await _whole_or_part(request, variant, described, status)


def _known(request: Request, variant: Variant) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return variant.etag in tags or "*" in tags


async def _whole_or_part(request: Request, variant: Variant, described: dict[str, str], status: int) -> Response:
    file = await asyncio.to_thread(variant.open)
    size = await size_of(file)
    try:
        part = None if variant.encoding or status != 200 else read_range(request.headers.get("range", "").encode("latin-1"), size)
    except RangeUnsatisfiable:
        file.close()
        return Response(status_code=416, headers=described | {"Content-Range": f"bytes */{size}"})
    asked = range(size) if part is None else part
    if part is not None:
        described["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    described["Content-Length"] = str(len(asked))
    status = status if part is None else 206
    if request.method == "HEAD":
        file.close()
        return Response(status_code=status, headers=described)
    return StreamingResponse(pieces(file, asked), status, described)
