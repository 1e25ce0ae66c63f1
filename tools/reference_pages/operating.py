"""The pages for operators: settings, commands, metrics."""

import inspect
import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import click
import msgspec
from prometheus_client.metrics import MetricWrapperBase

from openekyc.cli import exits
from openekyc.cli.main import COMMANDS, cli
from openekyc.cli.program import program
from openekyc.operations.metrics import Metrics
from openekyc.setting_sources import FILE_NAME, PREFIX, shown
from openekyc.settings import Settings
from tools.reference_pages.text import bullets, fenced, page, sentence

OF_THE_MACHINE = {"home": "`~/.openekyc`", "workers": "one for each processor, at most 4"}
"""Defaults that differ from machine to machine, in words."""

SETTINGS_INTRO = f"""Every setting has a default, so that openekyc starts without any. Of the places where one may be set, the later wins:

1. the default,
2. `{FILE_NAME}` in the home folder, or the TOML file given by `--config`,
3. the environment variable `{PREFIX}` with the name in upper case,
4. an option of the command.

`openekyc settings` prints every value and where it came from. A name that does not exist and a value that is not allowed stop the start
with a message that names the setting. Times are in seconds, sizes in bytes. A list is a TOML array in the file,
and a JSON list or words with commas between them in a variable; an empty value is the empty list."""

SHARED = {"home", "config"}
COMMANDS_INTRO = """Every command prints its own help with `--help`. Commands that read the settings take two options, which are not
repeated below:

- `--home DIRECTORY`: the home folder, default `~/.openekyc`.
- `--config PATH`: the TOML settings file, default `openekyc.toml` in the home folder."""

METRICS_INTRO = """`GET /metrics` answers in the Prometheus text format. Labels are closed sets: no account, token, name or address is
ever one.
It asks for the token in the home folder's `metrics.token` (`Authorization: Bearer`), unless the setting `metrics` says otherwise."""

_EXTRAS = re.compile(r"\s*\[((?:default: |required|x[<>]|[\d.]+<)[^]]*)\]\.?")
"""What click adds to an option's help, and defaults that a help text names itself."""

_TYPES: dict[Any, str] = {str: "text", int: "integer", float: "number", bool: "`true` or `false`"}


# --- settings -------------------------------------------------------------------------------------------------------------


def settings() -> str:
    """The page of every setting."""
    return page("Settings", SETTINGS_INTRO, *(_setting(field) for field in msgspec.structs.fields(Settings)))


def _setting(field: Any) -> str:
    base, meta = get_args(field.type)
    kind = ", ".join([_type(base), *_bounds(meta)])
    default = OF_THE_MACHINE.get(field.name) or _shown(getattr(Settings(), field.name))
    return "\n\n".join(
        [
            f"## {field.name}",
            str(meta.description),
            bullets([f"Type: {kind}", f"Default: {default}", f"Variable: `{PREFIX}{field.name.upper()}`"]),
        ]
    )


def _shown(value: Any) -> str:
    text = shown(str(value).lower() if isinstance(value, bool) else value)
    return text.strip("()") if text.startswith("(") else f"`{text}`"


def _type(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        return _type(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _type(next(part for part in get_args(kind) if part is not type(None))) + ", or empty"
    if get_origin(kind) is dict:
        return "table of texts"
    if get_origin(kind) is tuple:
        items = get_args(kind)
        inner = _TYPES.get(items[0], "text")
        return f"list of {inner}s" if Ellipsis in items else f"{len(items)} {inner}s"
    return _TYPES.get(kind, "path" if getattr(kind, "__name__", "") == "Path" else str(kind))


def _bounds(meta: msgspec.Meta) -> Iterator[str]:
    low, high = meta.ge, meta.le
    if low is not None and high is not None:
        yield f"{low:,} to {high:,}"
    elif low is not None:
        yield f"at least {low:,}"
    if meta.gt is not None:
        yield f"more than {meta.gt:,}"
    if high is not None and low is None:
        yield f"at most {high:,}"
    if meta.lt is not None:
        yield f"less than {meta.lt:,}"


# --- commands -------------------------------------------------------------------------------------------------------------


def commands() -> str:
    """The page of every command."""
    codes = [part.strip() for part in exits.TEXT.removeprefix("Exit codes:").rstrip(".").split(";")]
    table = bullets([f"[`openekyc {name}`](#openekyc-{name}): {words}" for name, words in COMMANDS.items()])
    return page(
        "Commands",
        COMMANDS_INTRO,
        "Exit codes:\n\n" + bullets([f"`{code.split(' ', 1)[0]}`: {code.split(' ', 1)[1]}" for code in codes]),
        table,
        *(part.replace(f"{program()} ", "openekyc ") for part in _commands(cli, "openekyc")),
    )


def _commands(group: click.Group, path: str) -> Iterator[str]:
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield _command(command, f"{path} {name}")
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")


def _command(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path, terminal_width=80)
    parts = [f"{'#' * path.count(' ')}# {path}", *_help(command.help or "")]
    if not isinstance(command, click.Group):
        parts.append(fenced(" ".join([path, *command.collect_usage_pieces(context)])))
        parts.append(bullets([*_arguments(command, context), *_options(command, context)]))
    if command.epilog and command.epilog.startswith("Example:"):
        parts.append("Example:\n\n" + fenced(command.epilog.removeprefix("Example:").strip()))
    elif command.epilog:
        parts.append(command.epilog)
    return "\n\n".join(part for part in parts if part)


def _help(text: str) -> Iterator[str]:
    """Click's help as Markdown: what it keeps as written is a block of code."""
    for block in inspect.cleandoc(text).split("\n\n"):
        if block.startswith("\b"):
            yield fenced(block.removeprefix("\b").strip("\n"))
        elif block.strip():
            yield re.sub(r"<(\w+)>", r"`\1`", " ".join(block.split()))


def _arguments(command: click.Command, context: click.Context) -> list[str]:
    names = [parameter for parameter in command.params if isinstance(parameter, click.Argument)]
    return [f"`{one.make_metavar(context)}`{': required' if one.required else ': optional'}." for one in names]


def _options(command: click.Command, context: click.Context) -> list[str]:
    own = [one for one in command.params if isinstance(one, click.Option) and one.name not in SHARED and not one.hidden]
    records = [(one, one.get_help_record(context)) for one in own]
    return [_option(*record, required=one.required) for one, record in records if record]


def _option(names: str, words: str, *, required: bool) -> str:
    extras = [part.strip() for found in _EXTRAS.findall(words) for part in found.split(";") if part.strip() != "required"]
    told = [sentence(_EXTRAS.sub("", words)), "Required." if required else "", *(sentence(_extra(part)) for part in extras)]
    return f"`{names}`: {' '.join(part for part in told if part)}"


def _extra(text: str) -> str:
    """Click's words for defaults and ranges as a reader says them."""
    text = re.sub(r"^(\S+)<=x<=(\S+)$", r"\1 to \2", text)
    text = re.sub(r"^x>=(\S+)$", r"at least \1", text)
    return re.sub(r"^x<=(\S+)$", r"at most \1", text)


# --- metrics --------------------------------------------------------------------------------------------------------------


def metrics() -> str:
    """The page of every metric."""
    found = [value for value in vars(Metrics()).values() if isinstance(value, MetricWrapperBase)]
    return page("Metrics", METRICS_INTRO, *(_metric(one) for one in found))


def _metric(one: MetricWrapperBase) -> str:
    (family,) = one.describe()
    name = f"{family.name}_total" if family.type == "counter" else family.name
    labels = ", ".join(f"`{label}`" for label in one._labelnames)
    return f"## {name}\n\n{sentence(family.documentation)} A {family.type}{f' with the labels {labels}' if labels else ''}."
