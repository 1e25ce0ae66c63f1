"""A web app whose users openekyc verifies, with FastAPI. `kyc.py` does the work; this file holds the four pages and who may see them."""

import hmac
import logging
import secrets
from html import escape
from typing import Annotated

import kyc
from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.middleware.sessions import SessionMiddleware
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

FORM = """<form method="post" action="/verify"><input type="hidden" name="csrf" value="{csrf}"><button>Verify my identity</button></form>"""
PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Identity</title>{refresh}
<h1>{verdict}</h1>{form}"""

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
app.add_middleware(SessionMiddleware, secret_key=kyc.APP_SECRET, same_site="lax", https_only=kyc.APP_URL.startswith("https:"))


def page(verdict, session):
    form = "" if verdict == "verified" else FORM.format(csrf=session.setdefault("csrf", secrets.token_urlsafe(32)))
    refresh = '<meta http-equiv="refresh" content="3">' if verdict == "pending" else ""
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}
    return HTMLResponse(PAGE.format(verdict=escape(verdict), form=form, refresh=refresh), headers=headers)


def own(state, session):
    if row := kyc.own(state, session.get("user", "")):
        return row
    raise HTTPException(403, "This is no verification of yours. Go back to the browser you began in.")


def same(given, expected):
    return hmac.compare_digest(given.encode(), expected.encode())


# Ordinary functions, not `async` ones: the SDK blocks, and FastAPI gives each such call a thread.
@app.get("/")
def start(request: Request):
    user = request.session.setdefault("user", secrets.token_hex(16))  # your login sets this
    return page("verified" if kyc.is_verified(user) else "not verified", request.session)


@app.post("/verify")
def verify(request: Request, csrf: Annotated[str, Form(max_length=64)] = ""):
    session = request.session
    if "csrf" not in session or not same(csrf, session["csrf"]):
        raise HTTPException(403, "The form is too old. Load the page again.")
    try:
        address = kyc.apply(session["user"])
    except TencentCloudSDKException as error:
        logging.error("no token: %s, RequestId %s", error.get_code(), error.get_request_id())
        raise HTTPException(502, "The identity check cannot be reached. Try again later.") from None
    if not address:
        raise HTTPException(429, "That was tried often enough for today.")
    return RedirectResponse(address, 303)


# part: done
@app.get("/done")
def done(request: Request, state: str = "", token: str = ""):
    """RedirectURL. The query is the person's word: it says which verification to look at, and that has to be one of theirs."""
    row = own(state, request.session)
    if not same(token, row["token"]):
        raise HTTPException(403, "The token does not belong to this verification.")
    return RedirectResponse(f"/result/{row['state']}", 303, headers={"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})


@app.get("/result/{state}")
def result(request: Request, state: str):
    return page(kyc.ask(own(state, request.session)), request.session)
