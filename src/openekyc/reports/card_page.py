"""The page of the document reading report, and `cards.csv` and `fields.csv` beside it."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import Kind
from openekyc.reports.card_names import Names, silent
from openekyc.reports.cards import CardReport, Group, ReadCard, Share, Zones
from openekyc.reports.page import document, heading, paragraph, percent, plural, table

NOTICE = (
    "This is a self-test, run by whoever made this page on cards of their own choice. It certifies nothing. Schematic cards have clean "
    "print on plain grounds: their rates show that nothing broke, not how well real cards are read."
)
METHOD = (
    "A field is right if it equals the expected text after NFKC, spaces aside; a date may be written in another way. A card that could not "
    "be read counts as wrong in every field. A wrong name is without a notice if no problem and no notice about a name come with it. "
    "Character error rate: characters to insert, delete or exchange, to all expected ones. "
    "Intervals are 95 %, resampling whole cards. Times are CPU seconds for both sides. Fields in Thai script are counted apart."
)
CARD_COLUMNS = (
    "path", "back", "kind", "origin", "condition", "problem", "seen_kind", "right", "fields", "thai_right", "thai_fields", "zone",
    "zone_valid",
    "zone_repaired", "warnings", "cpu_seconds", "silent_names", "notices",
)  # fmt: skip
NAMES_HEAD = "names wrong/without a notice/shorter than printed"
FIELD_COLUMNS = ("path", "kind", "field", "script", "expected", "read", "right", "distance", "silent")


def page(report: CardReport) -> str:
    """The whole page."""
    return document(
        report.title,
        [
            heading(f"{report.title} ({plural(report.cards, 'card')}: {report.real} real, {report.schematic} schematic)", 1),
            paragraph(NOTICE, "note"),
            *_totals(report),
            heading("Kinds"),
            table(
                ("kind", "sides", "real", "schematic", "fields right", "Thai fields right", "zones valid", NAMES_HEAD, "CPU s"),
                (_kind_row(name, found) for name, found in report.kinds.items()),
            ),
            *_absent(report),
            *_conditions(report.conditions),
            *_fields(report),
            *_faults(report),
            *_made_by(report),
        ],
    )


def _totals(report: CardReport) -> Iterator[str]:
    yield heading("Together")
    yield paragraph(f"Fields read right: {told(report.fields)}. Character error rate {percent(report.cer)}.")
    if report.thai_fields.n:
        yield paragraph(f"Fields in Thai script: {told(report.thai_fields)}.")
    if report.names.n:
        yield paragraph(f"Names: {told_names(report.names)}.")
    if report.mrz.n:
        yield paragraph(f"Machine-readable zones: {told_zones(report.mrz)}.")
    yield paragraph(f"CPU time of a card: {report.seconds_mean:.2f} s on average, {report.seconds_p95:.2f} s for 19 of 20.")
    yield paragraph(METHOD)


def _kind_row(name: str, found: Group) -> tuple[str, ...]:
    sides = " + ".join(_kinds()[name].sides)
    shares = short(found.fields), short(found.thai_fields), _zone(found.mrz), short_names(found.names)
    return name, sides, str(found.real), str(found.schematic), *shares, _time(found)


def _kinds() -> Mapping[str, Kind]:
    return {str(name): kind for name, kind in KINDS.items()}


def _absent(report: CardReport) -> Iterator[str]:
    absent = [name for name in KINDS if name not in report.kinds]
    only = [name for name, found in report.kinds.items() if not found.real]
    if absent:
        yield paragraph(f"No card of: {', '.join(absent)}.")
    if only:
        yield paragraph(f"No real card of: {', '.join(only)}.")


def _conditions(conditions: Mapping[str, Group]) -> Iterator[str]:
    if conditions:
        yield heading("How they were photographed")
        yield table(
            ("condition", "cards", "fields right", "Thai fields right", "zones valid", NAMES_HEAD, "warnings"),
            (
                (name, str(g.cards), short(g.fields), short(g.thai_fields), _zone(g.mrz), short_names(g.names), _words(g.warnings))
                for name, g in conditions.items()
            ),
        )


def _fields(report: CardReport) -> Iterator[str]:
    yield heading("Field by field")
    for name, kind in report.kinds.items():
        if kind.by_field:
            yield heading(name, 3)
            yield table(
                ("field", "right", "character error rate"),
                ((field, short(found), percent(found.cer)) for field, found in kind.by_field.items()),
            )


def _faults(report: CardReport) -> Iterator[str]:
    if report.problems:
        yield heading("Cards that could not be read")
        yield table(("problem", "cards"), ((word, str(count)) for word, count in report.problems.items()))
    if report.warnings:
        yield heading("Warnings")
        yield table(("code", "cards"), ((code, str(count)) for code, count in report.warnings.items()))


def _made_by(report: CardReport) -> Iterator[str]:
    yield heading("Made by")
    yield table(("what", "which"), [("openekyc", report.openekyc), *((file, digest[:16]) for file, digest in report.weights.items())])


def told(found: Share) -> str:
    """A share with all that it rests on."""
    if not found.n:
        return "not measured (no fields)"
    interval = f"95 % interval {percent(found.low)} to {percent(found.high)}"
    return f"{percent(found.rate)} ({found.right} of {plural(found.n, 'field')} of {plural(found.cards, 'card')}; {interval})"


def told_names(found: Names) -> str:
    """Names in a sentence."""
    if not found.n:
        return "not measured (no names)"
    return f"{found.wrong} of {found.n} wrong, {found.silent} of them without a notice, {found.lost} of these shorter than printed"


def short_names(found: Names) -> str:
    """Names for a table."""
    return f"{found.wrong}/{found.silent}/{found.lost} of {found.n}" if found.n else "-"


def told_zones(found: Zones) -> str:
    """Zones in a sentence."""
    if not found.n:
        return "not measured (no card should show one)"
    interval = f"95 % interval {percent(found.low)} to {percent(found.high)}"
    valid = f"all check digits valid on {found.valid} of {plural(found.n, 'card')} ({percent(found.rate)}; {interval})"
    return f"{valid}, found on {found.found}, repaired on {found.repaired}"


def short(found: Share) -> str:
    """A share for a table."""
    return f"{percent(found.rate)} ({found.right}/{found.n}; {percent(found.low)}-{percent(found.high)})" if found.n else "-"


def _zone(found: Zones) -> str:
    return f"{found.valid}/{found.n}" if found.n else "-"


def _time(found: Group) -> str:
    return f"{found.seconds_mean:.2f}"


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{code} x {count}" for code, count in counts.items()) or "-"


def kinds_table(report: CardReport) -> str:
    """All kinds as a table in Markdown, for documentation: what is printed, what is checked, and how often it was read right."""
    head = (
        "kind",
        "sides",
        "number",
        "checked (-8101, -8102)",
        "hint only",
        "real cards",
        "schematic cards",
        "fields right",
        NAMES_HEAD,
        "CPU s",
    )
    rows = [head, tuple("---" for _ in head)]
    for name, kind in _kinds().items():
        found = report.kinds.get(name)
        measured = (
            (str(found.real), str(found.schematic), short(found.fields), short_names(found.names), _time(found))
            if found
            else ("0", "0", "-", "-", "-")
        )
        rows.append((f"{name}: {kind.title}", " + ".join(kind.sides), kind.number, kind.rules, kind.unofficial or "-", *measured))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def write_cards(folder: Path, cards: Sequence[ReadCard]) -> None:
    """`cards.csv`, a line for each card, and `fields.csv`, a line for each expected field."""
    _write(folder / "cards.csv", CARD_COLUMNS, (_card_row(one) for one in cards))
    _write(folder / "fields.csv", FIELD_COLUMNS, (row for one in cards for row in _field_rows(one)))


def _write(path: Path, columns: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _card_row(one: ReadCard) -> tuple[object, ...]:
    thai = [result.right for result in one.fields if result.script == "thai"]
    other = [result.right for result in one.fields if result.script != "thai"]
    sample, card = one.sample, one.card
    zone = (card.zone.form, int(card.zone.valid), int(card.zone.repaired)) if card.zone else ("", "", "")
    back = str(sample.back.name) if sample.back else ""
    return (
        *(sample.name, back, sample.kind, sample.origin, sample.condition, card.problem, card.seen_kind or ""),
        *(sum(other), len(other), sum(thai), len(thai), *zone, " ".join(map(str, card.warnings)), round(one.seconds, 3)),
        *(sum(silent(card, result) for result in one.fields), " ".join(card.notices)),
    )


def _field_rows(one: ReadCard) -> Iterator[tuple[object, ...]]:
    for result in one.fields:
        texts = one.sample.name, one.sample.kind, result.name, result.script, result.expected, result.read
        yield *texts, int(result.right), result.distance, int(silent(one.card, result))
