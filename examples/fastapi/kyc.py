"""Everything an app has to do with openekyc, without a web framework: apply for a token, remember it, ask for the result, decide."""

import json
import logging
import os
import secrets
import sqlite3
import sys
import threading
import time
from contextlib import closing
from urllib.parse import urlsplit

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import faceid_client, models

NEEDED = ("KYC_URL", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "APP_URL", "APP_SECRET")
if missing := [name for name in NEEDED if not os.environ.get(name)]:
    sys.exit(f"Set {', '.join(missing)}: README.md says to what.")
KYC_URL, SECRET_ID, SECRET_KEY, APP_URL, APP_SECRET = (os.environ[name] for name in NEEDED)
if len(APP_SECRET) < 32:
    sys.exit("APP_SECRET needs 32 characters or more: openssl rand -hex 32")
ALLOW_SANDBOX = os.environ.get("KYC_SANDBOX") == "1"  # whether rendered people count: never in production
LEVEL = int(os.environ.get("KYC_LEVEL", "4"))  # 4: gestures and colours
OPEN_S = 1800  # longer than a token of three attempts lives
MOST_A_DAY = 5  # tokens for one user: whoever may try for ever gets through one day
TABLE = "CREATE TABLE IF NOT EXISTS kyc (state TEXT PRIMARY KEY, user TEXT, token TEXT, url TEXT, made REAL, asked REAL, verdict TEXT)"


def rows(sql, *values):
    with closing(sqlite3.connect(os.environ.get("APP_DATABASE", "app.db"), timeout=10)) as database, database:
        database.row_factory = sqlite3.Row
        database.execute(TABLE)
        return database.execute(sql, values).fetchall()


# part: call
def call(action, **parameters):
    """One typed call of the stock SDK. Raises TencentCloudSDKException."""
    address = urlsplit(KYC_URL)
    profile = ClientProfile(httpProfile=HttpProfile(protocol=address.scheme, endpoint=address.netloc, reqTimeout=30))
    client = faceid_client.FaceidClient(Credential(SECRET_ID, SECRET_KEY), "ap-singapore", profile)
    request = getattr(models, f"{action}Request")()
    request.from_json_string(json.dumps(parameters))
    return getattr(client, action)(request)


# part: apply
def apply(user):
    """Where to send this user; None if they tried too often today. Pressing the button twice gives the same token.
    Raises TencentCloudSDKException."""
    if found := rows("SELECT url FROM kyc WHERE user = ? AND verdict = 'pending' AND made > ?", user, time.time() - 300):
        return found[0]["url"]
    if len(rows("SELECT 1 FROM kyc WHERE user = ? AND made > ?", user, time.time() - 86_400)) >= MOST_A_DAY:
        return None
    state = secrets.token_urlsafe(32)
    wishes = {"CheckMode": 3, "SecurityLevel": LEVEL, "AutoDowngrade": 2, "LivenessRetryLimit": 3, "Language": "auto"}
    made = call("ApplyWebVerificationBizTokenIntl", RedirectURL=f"{APP_URL}/done?state={state}", Extra=state, Config=wishes)
    insert = "INSERT INTO kyc VALUES (?, ?, ?, ?, ?, 0, 'pending')"
    rows(insert, state, user, made.BizToken, made.VerificationURL, time.time())
    return made.VerificationURL


# part: decide
def decide(result, state):
    """The only place that says "verified"."""
    if result.ErrorCode == 17:
        return "pending"
    rendered = "(sandbox)" in result.ErrorMsg
    passed = result.ErrorCode == 0 and result.Extra == state and (ALLOW_SANDBOX or not rendered)
    return "verified" if passed else "not verified"


# part: ask
def ask(row):
    """How a verification stands. A pass is final; anything else may still change while its token lives."""
    if row["verdict"] == "verified":
        return "verified"
    now = time.time()
    if now > row["made"] + OPEN_S:
        return "not verified"
    try:
        verdict = decide(call("GetWebVerificationResultIntl", BizToken=row["token"]), row["state"])
    except TencentCloudSDKException as error:
        logging.warning("no result: %s, RequestId %s", error.get_code(), error.get_request_id())
        return row["verdict"]
    rows("UPDATE kyc SET verdict = ?, asked = ? WHERE state = ? AND verdict != 'verified'", verdict, now, row["state"])
    return verdict


# part: watch
def watch():
    """Learn the results of people who never come back. A refused attempt's result carries its recording: ask for it less often."""
    due = "SELECT * FROM kyc WHERE made > ? AND (verdict = 'pending' OR verdict = 'not verified' AND asked < ?)"
    while True:
        time.sleep(5)
        try:
            for row in rows(due, time.time() - OPEN_S, time.time() - 60):
                ask(row)
        except Exception:
            logging.exception("the watch goes on")


threading.Thread(target=watch, daemon=True).start()


# part: own
def own(state, user):
    """The verification of this state if it is this user's, else None."""
    return next(iter(rows("SELECT * FROM kyc WHERE state = ? AND user = ?", state, user)), None)


def is_verified(user):
    return bool(rows("SELECT 1 FROM kyc WHERE user = ? AND verdict = 'verified'", user))
