"""What an account has of its own holds for its calls, and for nobody else's."""

from typing import Any

from msgspec.structs import replace

from openekyc.accounts import revised
from tests.unit.api.caller import SECRET_ID, Api

OTHER = SECRET_ID[:-4] + "OTHR"


async def has_own(api: Api, account: str, **values: str) -> None:
    known = await api.accounts.find(account)
    assert known
    assert await api.accounts.save(replace(known, settings=revised(known.settings, values)))


async def codes(api: Api, calls: int, **more: Any) -> list[str]:
    """As many calls within one second."""
    found = []
    for _ in range(calls):
        answer = await api.call("ApplyLivenessToken", **more)
        api.clock.now -= 2
        found.append(answer.response.get("Error", {}).get("Code", ""))
    return found


async def test_each_account_has_its_own_rate(api: Api) -> None:
    await api.add_key(OTHER, "other")
    await has_own(api, "acme", rate_per_second="3")
    assert await codes(api, 4) == [""] * 3 + ["RequestLimitExceeded"]
    assert await codes(api, 4, secret_id=OTHER) == [""] * 4


async def test_the_attempts_of_a_token_are_those_of_its_issue(api: Api) -> None:
    before = await api.token("ApplyLivenessToken")
    await has_own(api, "acme", liveness_retry_limit="2")
    after = await api.token("ApplyLivenessToken")
    sessions = [await api.store.session(token) for token in (before, after)]
    assert [one.terms.retry_limit for one in sessions if one] == [5, 2]
