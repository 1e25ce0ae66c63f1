"""Where something comes from: sessions, links and temporary keys end with the key that made them."""

from openekyc.sessions.ports import KeyStore


async def ended(keys: KeyStore, secret_id: str, account: str, since: float) -> bool:
    """Whether what this key made at `since` (Unix seconds) must work no more: the key, or the permanent one it came from, was disabled and
    does not keep its tokens. "" is any key of the account. Shows within two seconds whoever disabled the key."""
    if not secret_id:
        last = await keys.last_disabled(account)
        return last is not None and last >= since
    key = await keys.find(secret_id)
    if key is None:
        return False
    if key.disabled:
        return not key.keeps_tokens
    return key.session_token is not None and await ended(keys, key.parent, key.account, key.created_at)
