"""The camera on your own page: an SdkToken and the component @openekyc/capture, with Flask. The verdict never passes through the page."""

import os
import secrets
import sys
import time
from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request, send_from_directory, session
from tencentcloud.common.credential import Credential
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
LEVEL = int(os.environ.get("KYC_LEVEL", "4"))
OPEN_S = 9000  # longer than a token of three attempts lives
POLICY = f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' {KYC_URL}; worker-src 'self'; img-src 'self' blob:"

app = Flask(__name__)
app.secret_key = APP_SECRET
app.config.update(SESSION_COOKIE_SAMESITE="Strict", SESSION_COOKIE_SECURE=APP_URL.startswith("https:"), MAX_CONTENT_LENGTH=16_384)


def kyc():
    address = urlsplit(KYC_URL)
    profile = ClientProfile(httpProfile=HttpProfile(protocol=address.scheme, endpoint=address.netloc, reqTimeout=30))
    return faceid_client.FaceidClient(Credential(SECRET_ID, SECRET_KEY), "ap-singapore", profile)


@app.after_request
def policy(response):
    response.headers.update({"Content-Security-Policy": POLICY, "Permissions-Policy": "camera=(self)", "Cache-Control": "no-store"})
    return response


@app.get("/")
def start():
    session.setdefault("user", secrets.token_hex(16))  # your login sets this
    return send_from_directory("static", "page.html")


# part: token
@app.post("/token")
def token():
    """A token for the signed-in user. It stays in their signed session, and is the only one whose result counts for them."""
    # Browsers say where a request comes from; a form on another site cannot.
    if "user" not in session or request.headers.get("Origin") != APP_URL:
        abort(403)
    asked = models.ApplySdkVerificationTokenRequest()
    asked.CheckMode = 3
    asked.SecurityLevel = LEVEL
    asked.RetryLimit = 3
    asked.Extra = session["user"]
    session["made"] = time.time()
    session["token"] = kyc().ApplySdkVerificationToken(asked).SdkToken
    return {"token": session["token"], "base": KYC_URL}


# part: result
@app.get("/result")
def result():
    if "token" not in session:
        return redirect("/", 303)
    asked = models.GetSdkVerificationResultRequest()
    asked.SdkToken = session["token"]
    found = kyc().GetSdkVerificationResult(asked)
    if found.Result == "-999" and time.time() < session["made"] + OPEN_S:  # somebody who left stays at -999
        return "pending", 200, {"Refresh": "3", "Content-Type": "text/plain"}
    rendered = "(sandbox)" in found.Description
    passed = found.Result == "0" and found.Extra == session["user"] and (ALLOW_SANDBOX or not rendered)
    return "verified" if passed else "not verified", 200, {"Content-Type": "text/plain"}
