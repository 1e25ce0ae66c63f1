"""Every answer is guarded, and the metrics are the operator's."""

from http import HTTPStatus

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from openekyc.operations.guard import DEFAULTS, LINES, guarding
from openekyc.operations.metrics import Metrics
from openekyc.operations.protocol import bare

OWN = "default-src 'self'"


async def _plain(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("bytes")


async def _page(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("page", headers={"Content-Security-Policy": OWN})


def client(metrics: Metrics | None = None) -> httpx.AsyncClient:
    inner = Starlette(
        routes=[Route("/plain", _plain), Route("/page", _page), Route("/metrics", (metrics or Metrics()).behind("the-token-of-this-test"))]
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, guarding(send))

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize("path", ["/plain", "/absent"])
async def test_an_answer_without_headers_of_its_own_gets_them_all(path: str) -> None:
    answer = await client().get(path)
    assert {(name, value) for name, value in answer.headers.raw if name.startswith((b"content-s", b"referrer", b"x-content"))} == set(
        DEFAULTS
    )


async def test_a_pages_own_policy_stays_and_stands_alone() -> None:
    answer = await client().get("/page")
    assert answer.headers.get_list("content-security-policy") == [OWN]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_answers_written_by_hand_have_them_too() -> None:
    assert LINES in bare(HTTPStatus.BAD_REQUEST)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic the-token-of-this-test",
        "the-token-of-this-test",
        "Bearer the-token-of-this-tes",
        "Bearer \xff",
    ],
)
async def test_metrics_are_kept_from_strangers(sent: str | None) -> None:
    headers = {} if sent is None else {"Authorization": sent.encode("latin-1")}
    answer = await client().get("/metrics", headers=headers)
    assert (answer.status_code, answer.json()["problem"]) == (401, "token_missing")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "openekyc" not in answer.text.replace("metrics.token of the server's home folder", "")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_metrics_are_given_for_the_token(scheme: str) -> None:
    answer = await client().get("/metrics", headers={"Authorization": f"{scheme} the-token-of-this-test"})
    assert answer.status_code == 200
    assert "openekyc_queue_depth" in answer.text
