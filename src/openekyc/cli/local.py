"""The account `local`, made on the first start so that the first token needs no set-up, and the words that greet its owner."""

import os
import shlex
import sys
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from openekyc.cli.program import program
from openekyc.credentials import permanent_key
from openekyc.errors import HomeError
from openekyc.sessions.model import ApiKey
from openekyc.sessions.ports import KeyStore

ACCOUNT = "local"
FILE_NAME = "local.key"
NO_KEYS = "Put the database back from a backup, or begin without any earlier key: `openekyc serve --accept-new-database`."

WELCOME = """
The account `local` was made for you. Its key is shown only now and kept in {file}:
  SecretId   {key.secret_id}
  SecretKey  {key.secret_key}

Try it without a camera: the simulated subject answers a session of the sandbox account `demo`.
  {program} capture --simulate --server {server} --home {home}

A token in three lines of Python; the SDK is installed first:
  {python} -m pip install tencentcloud-sdk-python-intl-en
{lines}{browser}"""
BROWSER = """
Try it in a browser, with your camera or without:
{link}
"""

LINES = """\
  from tencentcloud.common import common_client as c, credential as k, profile as p
  client = c.CommonClient("faceid", "2018-03-01", k.Credential("{key.secret_id}", "{key.secret_key}"), "ap-singapore",\
 p.client_profile.ClientProfile(httpProfile=p.http_profile.HttpProfile("{scheme}", "{host}")))
  print(client.call_json("ApplyLivenessToken", {{"SecureLevel": "4"}})["Response"]["SdkToken"])
"""


async def first_key(keys: KeyStore, home: Path, now: float, *, begin_anew: bool = False) -> ApiKey | None:
    """The key of the account `local` if it had to be made just now, else None. Raises HomeError if it was made before and the database
    does not know the account, unless all is to `begin_anew`: then the old file is put aside."""
    path, known = home / FILE_NAME, await keys.list()
    if path.exists():
        if any(key.account == ACCOUNT for key in known):
            return None
        if not begin_anew:
            raise HomeError(f"The database knows no account `{ACCOUNT}`, though the key in {path} was made for it.", NO_KEYS)
        path.replace(path.with_name(f"{FILE_NAME}.before"))
    key = permanent_key(ACCOUNT, known, now, sandbox=False)
    await keys.add(key)
    write_secret(path, msgspec.json.format(msgspec.json.encode(key_object(key))))
    return key


def key_object(key: ApiKey) -> dict[str, object]:
    """A key as `--json` prints it."""
    found: dict[str, object] = {"SecretId": key.secret_id, "SecretKey": key.secret_key}
    if key.session_token:
        found |= {"Token": key.session_token, "ExpiredTime": int(key.expires_at or 0)}
    return found | {"Account": key.account, "Sandbox": key.sandbox}


def write_secret(path: Path, data: bytes) -> None:
    """A new file that only its owner may read. Raises HomeError."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise HomeError(f"Cannot write {path}: {error.strerror}.", "Make the home folder writable for this user.") from None


def welcome(url: str, home: Path, key: ApiKey, link: str = "") -> str:
    """What the first start prints below `ready`. `link`: the demo's, which is the last line; "" if there is none."""
    parts = urlsplit(url)
    lines = LINES.format(key=key, scheme=parts.scheme, host=parts.netloc)
    words = {"program": program(), "python": shlex.quote(sys.executable), "server": shlex.quote(url), "home": shlex.quote(str(home))}
    browser = BROWSER.format(link=link) if link else ""
    return WELCOME.format(file=home / FILE_NAME, key=key, lines=lines, browser=browser, **words).removesuffix("\n")
