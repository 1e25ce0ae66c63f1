"""A web app whose users openekyc verifies, with Flask. `kyc.py` does the work; this file holds the four pages and who may see them."""

import hmac
import logging
import secrets

import kyc
from flask import Flask, abort, redirect, render_template_string, request, session
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Identity</title>
{% if verdict == "pending" %}<meta http-equiv="refresh" content="3">{% endif %}<h1>{{ verdict }}</h1>
{% if verdict != "verified" %}<form method="post" action="/verify"><input type="hidden" name="csrf" value="{{ csrf }}">
<button>Verify my identity</button></form>{% endif %}"""

app = Flask(__name__)
app.secret_key = kyc.APP_SECRET
app.config.update(SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=kyc.APP_URL.startswith("https:"), MAX_CONTENT_LENGTH=16_384)


def page(verdict):
    return render_template_string(PAGE, verdict=verdict, csrf=session.setdefault("csrf", secrets.token_urlsafe(32)))


def own(state):
    row = kyc.own(state, session.get("user", ""))
    return row or abort(403, "This is no verification of yours. Go back to the browser you began in.")


def same(given, expected):
    return hmac.compare_digest(given.encode(), expected.encode())


@app.after_request
def quiet(response):
    response.headers.update({"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"})
    return response


@app.get("/")
def start():
    user = session.setdefault("user", secrets.token_hex(16))  # your login sets this
    return page("verified" if kyc.is_verified(user) else "not verified")


@app.post("/verify")
def verify():
    if "csrf" not in session or not same(request.form.get("csrf", ""), session["csrf"]):
        abort(403, "The form is too old. Load the page again.")
    try:
        address = kyc.apply(session["user"])
    except TencentCloudSDKException as error:
        logging.error("no token: %s, RequestId %s", error.get_code(), error.get_request_id())
        abort(502, "The identity check cannot be reached. Try again later.")
    return redirect(address, 303) if address else abort(429, "That was tried often enough for today.")


# part: done
@app.get("/done")
def done():
    """RedirectURL. The query is the person's word: it says which verification to look at, and that has to be one of theirs."""
    row = own(request.args.get("state", ""))
    if not same(request.args.get("token", ""), row["token"]):
        abort(403, "The token does not belong to this verification.")
    return redirect(f"/result/{row['state']}", 303)


@app.get("/result/<state>")
def result(state):
    return page(kyc.ask(own(state)))
