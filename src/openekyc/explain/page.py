"""The page an auditor reads: one HTML file without scripts, with every drawing and picture inside."""

import time
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from openekyc.engine.record import Record
from openekyc.engine.values import Cue
from openekyc.explain import charts, words
from openekyc.explain.consent import consent
from openekyc.explain.document import document
from openekyc.explain.parts import fact_list, flat, fold, image, moment, plain, section
from openekyc.explain.summary import AttemptSummary, Summary, read, summary
from openekyc.sessions.auditing import Chapter, Dossier
from openekyc.sessions.entropy import Entropy

STYLE = Path(__file__).with_name("page.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SANDBOX = "Sandbox session: its account may be answered by the simulator, and the cues silent and replay are recorded without refusing."
REFLECTION = "Coloured: measured on the face. Grey: what the drawn colours let expect. Shares of each colour, slow drift removed."
TOLD = "Words of the sender or habits of a codec: recorded for whoever investigates, never part of a decision."


def page(dossier: Dossier) -> str:
    """The whole document."""
    told = summary(dossier)
    attempts = [_attempt(told, one, chapter) for one, chapter in zip(told.attempts, dossier.chapters, strict=True)]
    body = [_head(told), consent(told.consent), document(told, dossier.leaves), *attempts, _foot()]
    title = f"Session {told.token} - {'sandbox, ' if told.sandbox else ''}{told.state}"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
    head = f'<meta charset="utf-8">{policy}{view}<title>{escape(title)}</title><style>{STYLE.read_text()}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{"".join(body)}</body></html>\n'


def _asked(told: Summary) -> str:
    """What the token was for, in words."""
    if told.check_mode == 4:
        return "a document alone"
    level = f"level {told.level}" + (f", gestures {', '.join(told.gestures)}" if told.level in (2, 4) else "")
    compared = ", comparison with the document's portrait" if told.kind else ", comparison with a picture"
    return level + (compared if told.compare else ", liveness only")


def _head(told: Summary) -> str:
    facts = {
        "State": told.state,
        "Account": told.account,
        "Asked for": _asked(told),
        "Issued": moment(told.created_at),
        "Attempts": str(len(told.attempts)),
    }
    if told.ended:
        facts["Last visit"] = f"ended without a verdict: {words.ended(told.ended)}"
    notice = f'<p class="sandbox">{escape(SANDBOX)}</p>' if told.sandbox else ""
    none = "" if told.attempts else "<p>No attempt was begun.</p>"
    return f"<header><h1>Session <code>{escape(told.token)}</code></h1>{notice}{fact_list(facts)}</header>{none}\n"


def _attempt(told: Summary, one: AttemptSummary, chapter: Chapter) -> str:
    found, verdict = read(chapter), chapter.attempt.verdict
    kind = words.kind(verdict)
    parts = [f"<h2>Attempt {one.number}</h2>{_banner(one, kind, sandbox=told.sandbox)}"]
    if found:
        parts += [_pictures(found, chapter), section("Time line", charts.timeline(found), _legend())]
    if verdict:
        parts.append(section("What each cue said", _cues(verdict.cues, found)))
    parts += list(_curves(found)) if found else []
    parts.append(section("What an attacker had to guess", _entropy(one.entropy)))
    parts.append(section("Capture", _capture(told, one, found), f'<p class="note">{escape(TOLD)}</p>'))
    if found:
        parts.append(fold("Thresholds, models and version", _machinery(found)))
    elif one.code is not None:
        parts.append('<p class="note">No evidence record is kept for this attempt.</p>')
    return f'<article class="{kind}">{"".join(parts)}</article>\n'


def _banner(one: AttemptSummary, kind: str, *, sandbox: bool) -> str:
    badge = {"pass": "Passed", "deny": "Refused", "retry": "Not judged", "open": "Open"}[kind]
    code = f"Result {one.code}: " if one.code is not None else ""
    facts = {}
    if one.code is not None:
        facts = {"Why": one.reason, "Tags": words.tags(one.tags), "The person was told": one.advice}
    if one.similarity is not None:
        facts["Similarity"] = f"{one.similarity:.1f} of 100"
    beside = (" (flashing colours declined)" if "light" in one.declined else "") + (" (sandbox)" if sandbox else "")
    head = f'<p class="verdict"><b class="badge {kind}">{badge}</b> {escape(code + one.outcome)}{beside}</p>'
    return f'<div class="banner {kind}">{head}{fact_list(facts)}</div>'


def _pictures(found: Record, chapter: Chapter) -> str:
    shown = []
    if found.strip:
        times = "".join(f"<span>{moment:.1f} s</span>" for moment in found.strip.times)
        shown.append(f'<figure class="strip">{image(found.strip.jpeg, "Frames of the recording")}<figcaption>{times}</figcaption></figure>')
    if chapter.best_frame:
        caption = "<figcaption>best frame</figcaption>"
        shown.append(f'<figure class="best">{image(chapter.best_frame, "Best frame")}{caption}</figure>')
    return f'<div class="pictures">{"".join(shown)}</div>' if shown else ""


def _legend() -> str:
    entries = (("step gesture", "asked"), ("window", "time to answer"), ("seen answer", "the answer"), ("seen other", "other movements"))
    mark = '<svg viewBox="0 0 14 14"><rect class="{}" width="14" height="14"/></svg>'
    keys = "".join(f"<span>{mark.format(style)}{name}</span>" for style, name in entries)
    return f'<p class="legend">{keys}</p>'


def _cues(cues: Iterable[Cue], found: Record | None) -> str:
    thresholds = found.thresholds if found else {}
    head = "<tr><th>cue</th><th>decision</th><th>reason</th><th>measured</th></tr>"
    rows = "".join(_cue(cue, thresholds) for cue in cues)
    return f'<table class="cues"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _cue(cue: Cue, thresholds: dict[str, float]) -> str:
    bars = {name.partition(".")[2]: bar for name, bar in thresholds.items() if name.startswith(f"{cue.name}.")}
    badge = f'<b class="badge {cue.decision}">{words.DECISIONS[cue.decision]}</b>'
    told = "; ".join([*filter(None, [cue.reason]), *(words.NOTICES[one] for one in cue.notices)])
    said = escape(told) + (f"<br><small>{escape(words.tags(cue.tags))}</small>" if cue.tags else "")
    name = f"{escape(cue.name)}<small>{escape(words.CUES.get(cue.name, ''))}</small>"
    return f"<tr><th>{name}</th><td>{badge}</td><td>{said}</td><td>{_numbers(cue.numbers, bars)}</td></tr>"


def _numbers(numbers: dict[str, float], bars: dict[str, float]) -> str:
    measured = "".join(f"<span>{escape(plain(name))} <b>{value:g}</b></span>" for name, value in numbers.items())
    held = "".join(f'<span class="bar">{escape(plain(name))} {value:g}</span>' for name, value in bars.items())
    return f'<div class="numbers">{measured}</div>' + (f'<div class="numbers bars">bars: {held}</div>' if held and numbers else "")


def _curves(found: Record) -> Iterator[str]:
    if drawing := charts.gestures(found):
        yield section("Gesture curves", drawing)
    if found.reflection and len(found.reflection.time) > 1:
        note = f'<p class="note">{REFLECTION}</p>'
        yield section("Colour of the face against the code", charts.reflection(found, found.reflection), note)


def _entropy(found: Entropy) -> str:
    if not found.sources:
        return "<p>Nothing: this level draws no challenge.</p>"
    rows = [f"<tr><td>{s.name}</td><td>{s.drawn:.1f}</td><td>{s.worth:.1f}</td><td>{escape(s.why)}</td></tr>" for s in found.sources]
    attempts = f"{found.worth_per_token:.1f} against all {found.attempts} attempts of the token"
    rows.append(f"<tr><th>together</th><th>{found.drawn:.1f}</th><th>{found.worth:.1f}</th><th>{attempts}</th></tr>")
    head = "<tr><th>source</th><th>bits drawn</th><th>bits to guess</th><th></th></tr>"
    return f'<table class="entropy"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def _capture(told: Summary, one: AttemptSummary, found: Record | None) -> str:
    asked = f" instead of {told.level} (downgraded)" if one.downgraded else ""
    facts = {"Begun": moment(one.opened_at), "Level": f"{one.level}{asked}"}
    if one.declined:
        facts["Declined by the person"] = words.declined(one.declined)
    if one.velocity:
        facts["In the hour before"] = words.velocity(one.velocity)
    if one.submitted_at is not None:
        facts["Submitted"] = f"{one.submitted_at - one.opened_at:.1f} s after its beginning"
    if one.submitted_at is not None and one.light_disclosed_at is not None:
        facts["Colours known for"] = f"{one.submitted_at - one.light_disclosed_at:.1f} s before submission"
    if found:
        facts |= _film(found)
    if told.client:
        facts["Client says of itself"] = flat(told.client)
    if one.video:
        facts["Recording's MD5"] = one.video
    return fact_list(facts)


def _film(found: Record) -> dict[str, str]:
    film, timing = found.film, found.timing
    size = f"{film.width}x{film.height}, {film.duration_s:.1f} s, {film.frames} frames, {film.fps:.1f} a second, {film.size:,} bytes"
    remarks = (f", turned upright by {film.turned} degrees" if film.turned else "") + (", broken off" if film.truncated else "")
    clocks = "measured by colour" if timing.clock_measured else "not measured"
    facts = {
        "Recording": f"{film.codec} in {film.container}, {size}{remarks}",
        "Frames by the client": _rhythm(timing.trace_interval, timing.trace_jitter) + f" ({timing.trace_frames} frames)",
        "Frames by the file": _rhythm(timing.film_interval, timing.film_jitter),
        "Clocks": f"{clocks}, {timing.clock_offset_ms:g} ms from the announced start",
    }
    if timing.round_trip is not None:
        facts["Round trip"] = f"{timing.round_trip:g} ms"
    if film.words:
        facts["Container says"] = flat(film.words)
    return facts


def _rhythm(interval: float, jitter: float) -> str:
    return f"every {interval:g} ms, the middle half within {jitter:g} ms"


def _machinery(found: Record) -> str:
    bars = fact_list({name: f"{value:g}" for name, value in found.thresholds.items()})
    files = fact_list(found.models | {"the recording": found.film.sha256})
    spent = ", ".join(f"{stage} {value:.3f}" for stage, value in found.seconds.items())
    return (
        f"<h4>Thresholds</h4>{bars}<h4>Files by SHA-256</h4>{files}<p>openekyc {escape(found.version)}. CPU seconds: {escape(spent)}.</p>"
    )


def _foot() -> str:
    made = f"Made by <code>openekyc explain</code> on {moment(time.time())}."
    return f"<footer>{made} Holds personal data: keep it as you keep the recording.</footer>"
