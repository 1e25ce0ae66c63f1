"""The consent part of the page an auditor reads: the exact text the person agreed to, or why there is none."""

from html import escape

from openekyc.explain.parts import fact_list, moment
from openekyc.explain.summary import ConsentSummary

WORD = "The text is the capture client's report of what stood on the screen; the digest is that of its UTF-8 bytes."
WHY = {
    "skipped": "None was asked for: the integrator set {parameter} with the token.",
    "unreported": "The client did not report one, though it went on: an app or command of your own has to ask for it itself.",
    "open": "Not asked yet: neither a document nor an attempt was begun.",
}


def consent(told: ConsentSummary) -> str:
    """The whole part."""
    if told.agreed_at is None:
        words = f"<p>{escape(WHY[told.state].format(parameter=told.parameter))}</p>"
    else:
        known = fact_list({"Agreed": moment(told.agreed_at), "Language": told.language, "SHA-256": told.sha256})
        words = f'{known}<p class="agreed" dir="auto">{escape(told.text)}</p><p class="note">{escape(WORD)}</p>'
    return f'<article class="consent"><h2>Consent</h2>{words}</article>\n'
