"""The integrator's side of a simulated session: signed calls of the API that issue a token and read its result."""

import hmac
import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from openekyc.codes_help import API_ERRORS
from openekyc.errors import OpenEkycError
from openekyc.wire.signature_v3 import SERVICE, derive_key, payload_hash, utc_date

VERSION, REGION = "2018-03-01", "ap-singapore"
CONTENT_TYPE = "application/json"
BUSY = "RequestLimitExceeded"
ATTEMPTS, PAUSE_S = 6, 0.5  # of a call that comes too soon after others


class CallRefused(OpenEkycError):
    """The API answered with an error, or not at all (`code` is then "unreachable")."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.remedy = code, remedy


class Integrator:
    """Calls one server's API with one key (TC3-HMAC-SHA256). Not for several threads at once."""

    def __init__(
        self,
        server: str,
        secret_id: str,
        secret_key: str,
        *,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server, self._id, self._key = server.rstrip("/") + "/", secret_id, secret_key
        self._http, self._sleep = http or httpx.Client(timeout=30.0), sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        """The answer's `Response`. Waits a little where calls come too fast. Raises CallRefused."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._once(action, parameters)
            except CallRefused as refused:
                if not refused.code.startswith(BUSY) or attempt == ATTEMPTS:
                    raise
            self._sleep(PAUSE_S * attempt)
        raise AssertionError("unreachable")

    def _once(self, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        payload = json.dumps(parameters).encode()
        try:
            request = self._http.build_request("POST", self._server, content=payload, headers={"Content-Type": CONTENT_TYPE})
            host = request.headers["host"]
            request.headers.update(self._headers(action, host, payload, int(time.time())))
            answer = self._http.send(request).json()["Response"]
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CallRefused("unreachable", f"The server does not answer: {error}.", "Check --server, and that it runs.") from None
        except (ValueError, KeyError, TypeError):
            raise CallRefused("no_api", "What answers there is no faceid API.", "Give --server the address of `openekyc serve`.") from None
        return _checked(answer)

    def _headers(self, action: str, host: str, payload: bytes, now: int) -> dict[str, str]:
        date = utc_date(now)
        scope = f"{date}/{SERVICE.decode()}/tc3_request"
        canonical = f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\n\ncontent-type;host\n{payload_hash(payload).decode()}"
        text = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{payload_hash(canonical.encode()).decode()}"
        signature = hmac.digest(derive_key(self._key, date, SERVICE), text.encode(), "sha256").hex()
        return {
            "Authorization": f"TC3-HMAC-SHA256 Credential={self._id}/{scope}, SignedHeaders=content-type;host, Signature={signature}",
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Region": REGION,
            "X-TC-Timestamp": str(now),
        }


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    if "Error" not in answer:
        return answer
    code, message = str(answer["Error"].get("Code", "")), str(answer["Error"].get("Message", ""))
    if code.startswith("AuthFailure"):
        remedy = "Check --secret-id and --secret-key."
    else:
        remedy = API_ERRORS[code].remedy if code in API_ERRORS else "The page of codes in the reference explains the code."
    raise CallRefused(code, f"{code}: {message}", remedy)
