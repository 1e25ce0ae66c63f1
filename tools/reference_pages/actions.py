"""One page for each built action, and the list of all."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from openekyc import setting_sources
from openekyc.api.action import Action
from openekyc.api.registry import DOCUMENTED, REMOVED, Registry
from openekyc.codes_help import API_ERRORS, Help
from openekyc.settings import Settings
from openekyc.wire.parameters import Description, Object, Parameter
from openekyc.wire.responses import Field, fields
from tools.reference_pages import codes
from tools.reference_pages.text import as_json, bullets, duration, page, sentence

EFFECTS = {"acts": "", "stored": "Kept with the session.", "ignored": "Accepted and ignored."}
OF_OTHER_NAMES = {"ActionOffline", "InvalidAction", "UnsupportedOperation"}  # answered for actions that are not built
MOMENT = "Times, ids, addresses and tokens in the examples are replaced, and media are cut to their beginning."


def render(action: Action[Any], recorded: Path) -> str:
    """The page of one action."""
    return page(
        action.name,
        sentence(action.summary),
        _facts(action),
        "## What do I send?",
        *_parameters(action.description),
        "## What comes back?",
        _answers(action.result),
        *_structures(action.result),
        *_findings("## Which result codes can it hold?", action.findings.results, ""),
        *_findings("## Which tags can it hold?", action.findings.tags, "Web tag " if _is_web(action) else "Tag "),
        *_findings("## Which warnings can it hold?", action.findings.warnings, ""),
        "## Which errors can it answer?",
        *_errors(action),
        "## What does it look like?",
        *_examples(action.name, recorded),
    )


def index(registry: Registry) -> str:
    """The list of all actions of the original."""
    built = {action.name: action for action in registry}
    rows = [f"| [`{name}`]({name}.md) | built | {_first(built[name].summary)} |" for name in sorted(built)]
    rows += [f"| `{name}` | not built | {codes.link('UnsupportedOperation')} |" for name in sorted(DOCUMENTED - built.keys())]
    rows += [f"| `{name}` | offline | {codes.link('ActionOffline')}, as in the original |" for name in sorted(REMOVED)]
    return page(
        "Actions",
        f"The original API, version 2018-03-01, has {len(DOCUMENTED)} actions. {len(built)} are built here. "
        f"What holds for all of them stands at [the API](../api.md). Any other name answers {codes.link('InvalidAction')}.",
        "\n".join(["| action | here | what it does, or what it answers |", "| --- | --- | --- |", *rows]),
    )


def _first(text: str) -> str:
    return text.split(". ")[0].rstrip(".") + "."


def _is_web(action: Action[Any]) -> bool:
    return action.name.startswith(("ApplyWeb", "GetWeb"))


# --- facts ----------------------------------------------------------------------------------------------------------------


def _facts(action: Action[Any]) -> str:
    defaults = Settings()
    rate = action.per_second or defaults.rate_per_second
    facts = [f"Rate: {rate} calls per account within a second (setting {_setting('rate_per_second')})."]
    facts += [
        f"{setting_sources.meaning(name).rstrip('.')}: {duration(getattr(defaults, name))} (setting {_setting(name)})."
        for name in action.windows
    ]
    for host, regions in action.host_regions.items():
        facts.append(
            f"Regions: under the host name `{host}` only {', '.join(sorted(regions))}; else all of the setting {_setting('regions')}."
        )
    return bullets(facts)


def _setting(name: str) -> str:
    return f"[`{name}`](../settings.md#{name})"


# --- parameters -----------------------------------------------------------------------------------------------------------


def _parameters(description: Description[Any]) -> Iterator[str]:
    if not description.parameters:
        yield "Nothing."
        return
    yield bullets([_parameter(parameter) for parameter in description.parameters])
    for parameter in description.parameters:
        if isinstance(parameter.kind, Object):
            yield f"### {parameter.name}"
            yield from _parameters(parameter.kind.description)


def _parameter(parameter: Parameter) -> str:
    rules = [sentence(_told(rule.text)) for rule in parameter.rules]
    note = re.sub(r"\b(true|false):", r"`\1`:", parameter.note)
    words = [*rules, sentence(note), EFFECTS[parameter.effect]]
    kind = f"object, see [{parameter.name}](#{parameter.name.lower()})" if isinstance(parameter.kind, Object) else parameter.kind.label
    need = "required" if parameter.required else f"optional{_default(parameter)}"
    return f"**`{parameter.name}`** {kind}, {need}. {' '.join(word for word in words if word)}".rstrip()


def _told(rule: str) -> str:
    """Allowed words as code, so that they can be copied."""
    lead, found, rest = rule.partition(" of ")
    if not found or lead not in ("one", "any"):
        return rule
    values, joined, tail = rest.partition(", joined by commas")
    return f"{lead} of {', '.join(f'`{value}`' for value in values.split(', '))}{joined}{tail}"


def _default(parameter: Parameter) -> str:
    if parameter.default is None or parameter.default is msgspec.NODEFAULT:
        return ""
    default = "" if parameter.default == () and parameter.kind.label == "string" else parameter.default
    return f", default `{json.dumps(default)}`"


# --- answer ---------------------------------------------------------------------------------------------------------------


def _answers(result: type[msgspec.Struct]) -> str:
    own = [_field(field) for field in fields(result)]
    return bullets([*own, "**`RequestId`** string. Names this call in the server's log; new for every call."])


def _structures(result: type[msgspec.Struct]) -> Iterator[str]:
    for struct in dict.fromkeys(_inside(result)):
        yield f"### {_name(struct)}"
        yield bullets([_field(field) for field in fields(struct)])


def _inside(struct: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for field in fields(struct):
        if field.struct is not None:
            yield field.struct
            yield from _inside(field.struct)


def _name(struct: type[msgspec.Struct]) -> str:
    return {"Detail": "VerificationDetail", "OcrResult": "OCRResult"}.get(struct.__name__, struct.__name__)


def _field(field: Field) -> str:
    kind = field.label
    if field.struct is not None:
        name = _name(field.struct)
        kind = f"{'array of ' if kind.startswith('array') else ''}[{name}](#{name.lower()})"
    elif kind == "object" and "CardInfo" in field.name:
        kind = "[object](../document-fields.md)"
    null = f"Null {field.null}." if field.null else ""
    return f"**`{field.name}`** {kind}. {' '.join(part for part in (sentence(field.note), null) if part)}".rstrip()


# --- codes ----------------------------------------------------------------------------------------------------------------


def _findings(title: str, table: Mapping[Any, Help], prefix: str) -> Iterator[str]:
    if not table:
        return
    yield title
    yield bullets([_finding(str(code), about, prefix) for code, about in table.items()])


def _finding(code: str, about: Help, prefix: str) -> str:
    linked = f"[`{code}`](../codes.md#{codes.anchor(prefix + code)})"
    return _advised(f"{linked} {sentence(about.meaning)}", about.cause, about.remedy)


def _advised(head: str, cause: str, remedy: str) -> str:
    """An item with cause and remedy below it; four blanks, which every Markdown takes for a nested list."""
    return f"{head}\n    - Cause: {cause}\n    - What to do: {remedy}"


def _errors(action: Action[Any]) -> Iterator[str]:
    own = sorted({error.code for error in action.errors} & API_ERRORS.keys())
    yield bullets([_advised(codes.link(code), API_ERRORS[code].cause, API_ERRORS[code].remedy) for code in own])
    common = [codes.link(code) for code in codes.common() if code not in own and code not in OF_OTHER_NAMES]
    yield f"Like every action: {', '.join(common)}."
    if never := sorted({error.code for error in action.errors} - API_ERRORS.keys()):
        yield f"The original lists {' and '.join(f'`{code}`' for code in never)} too. This server never answers it."


# --- examples -------------------------------------------------------------------------------------------------------------


def _examples(name: str, recorded: Path) -> Iterator[str]:
    found = [json.loads(path.read_text()) for path in sorted(recorded.glob(f"{name}.*.json"), key=_order)]
    yield f"Recorded from real sandbox sessions with the simulated subject, through the stock Python SDK. {MOMENT}"
    for one in found:
        yield f"### {one['title']}"
        yield "Request:"
        yield as_json(one["request"])
        yield "Answer:"
        yield as_json({"Response": one["response"]})


def _order(path: Path) -> tuple[int, str]:
    """Success first, a refused call last."""
    case = path.name.split(".")[1]
    return {"passed": 0, "refused": 2}.get(case, 1), case
