"""The document part of the page an auditor reads: each picture, what was read of it, what its photograph is warned about."""

from html import escape

from openekyc.explain import words
from openekyc.explain.parts import fact_list, fold, image, moment, section
from openekyc.explain.summary import DocumentSummary, Summary
from openekyc.sessions.auditing import Leaf

STATES = {
    "submitted": ("open", "Being read"),
    "accepted": ("pass", "Accepted"),
    "retake": ("retry", "Asked for again"),
    "refused": ("deny", "Refused"),
    "dropped": ("retry", "No better than the accepted one, left out"),
}
DOCUMENT = {"": "not read yet", "read": "read, not confirmed yet", "confirmed": "confirmed by the person", "refused": "refused"}


def document(told: Summary, leaves: tuple[Leaf, ...]) -> str:
    """All pictures of the document, latest first; "" of a session without one."""
    if not told.kind:
        return ""
    shots = "".join(_picture(one, leaf) for one, leaf in zip(told.pictures, leaves, strict=True))
    head = fact_list({"Kind": told.kind, "State": DOCUMENT.get(told.document, told.document), "Pictures": str(len(told.pictures))})
    return f'<article class="document"><h2>Document</h2>{head}{shots or "<p>No picture was sent.</p>"}</article>\n'


def _picture(one: DocumentSummary, leaf: Leaf) -> str:
    kind, words_of_state = STATES[one.state]
    badge = f'<p class="verdict"><b class="badge {kind}">{words_of_state}</b> Picture {one.number}, {one.side}</p>'
    known = {"Sent": moment(one.submitted_at), "Photograph's MD5": one.picture}
    if one.problem:
        known["Problem"] = words.problem(one.problem) + (f": it looks like {one.seen_kind}" if one.seen_kind else "")
    if one.warnings:
        known["Warnings"] = words.warnings(one.warnings)
    if one.hints:
        known["The person was told"] = ", ".join(hint.replace("_", " ") for hint in one.hints)
    if one.expired:
        known["Expired"] = "yes, its last day had passed when it was read"
    if one.notices:
        known["Notices"] = " ".join(one.notices)
    parts = [f'<div class="banner {kind}">{badge}{fact_list(known)}</div>', _images(leaf), _fields(one, leaf)]
    if one.numbers:
        measured = fact_list({name: f"{value:g}" for name, value in one.numbers.items()})
        spent = ", ".join(f"{stage} {value:.3f}" for stage, value in one.seconds.items())
        parts.append(fold("What the tests measured", f"{measured}<p>CPU seconds: {escape(spent)}.</p>"))
    return section(f"Picture {one.number}: {one.side}", *parts)


def _images(leaf: Leaf) -> str:
    shown = []
    media_type = "image/jpeg" if leaf.shot.rectified else leaf.shot.picture.content_type
    if leaf.picture:
        shown.append(f"<figure>{image(leaf.picture, 'The document', media_type)}</figure>")
    if leaf.portrait:
        shown.append(f'<figure class="best">{image(leaf.portrait, "Portrait")}<figcaption>portrait</figcaption></figure>')
    return f'<div class="pictures">{"".join(shown)}</div>' if shown else ""


def _fields(one: DocumentSummary, leaf: Leaf) -> str:
    if leaf.card is None or not leaf.card.fields:
        return ""
    revised = {edit.name: edit.revised for edit in leaf.edits}
    rows = [
        f"<tr><td>{escape(field.name)}</td><td>{escape(field.value)}</td><td>{field.score:.2f}</td>"
        f"<td>{escape(revised.get(field.name, ''))}</td></tr>"
        for field in leaf.card.fields
    ]
    added = [edit for edit in leaf.edits if not edit.original]
    rows += [f"<tr><td>{escape(edit.name)}</td><td></td><td></td><td>{escape(edit.revised)}</td></tr>" for edit in added]
    head = "<tr><th>field</th><th>as read</th><th>score</th><th>as corrected</th></tr>"
    return f'<table class="fields"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
