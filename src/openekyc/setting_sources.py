"""Settings from where operators write them: defaults, then the TOML file, then the environment (`OPENEKYC_*`), then command-line options.

`load` answers the value, `resolve` also where each field came from. Every fault is a SettingsError that names the setting, its
source and the remedy.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from openekyc.errors import SettingsError
from openekyc.setting_values import CHECKS, listed
from openekyc.settings import Settings

PREFIX = "OPENEKYC_"
FILE_NAME = "openekyc.toml"


class Resolved(msgspec.Struct, frozen=True):
    """Settings, and for every field the source that decided it: `default`, the file's path, the variable's name or `option`."""

    settings: Settings
    sources: dict[str, str]


def load(file: Path | None = None, environ: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None) -> Settings:
    """Settings from every source. `file` None means `<home>/openekyc.toml` if it is there; `environ` None means os.environ."""
    return resolve(file, environ, options).settings


def resolve(file: Path | None = None, environ: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None) -> Resolved:
    """As `load`, with the source of each field."""
    given = {name: value for name, value in (options or {}).items() if value is not None}
    variables = _from_environment(os.environ if environ is None else environ)
    values: dict[str, Any] = {}
    sources = dict.fromkeys(Settings.__struct_fields__, "default")
    above = [(f"{PREFIX}{name.upper()}", {name: value}, False) for name, value in variables.items()]
    above.append(("option", given, True))
    path = file or _file_of_home(variables, given)
    for source, fields, strict in [*([(str(path), _read(path), True)] if path else []), *above]:
        for name, value in fields.items():
            values[name] = _field(name, value, source, strict=strict)
            sources[name] = source
    return Resolved(_agreed(Settings(**values), sources), sources)


def _agreed(settings: Settings, sources: Mapping[str, str]) -> Settings:
    """Raises SettingsError for values that do not go together."""
    if settings.public_hosts and not settings.public_url:
        # A signature may then name a host that the call did not come to, and links would carry the one it came to.
        raise SettingsError(
            f"`public_hosts` ({sources['public_hosts']}) is set, but `public_url` is not.",
            "Set `public_url` to the address clients use, such as https://ekyc.example.com: links begin with it.",
        )
    return settings


def meaning(name: str) -> str:
    """What the setting does, in one sentence."""
    return str(_types()[name].__metadata__[0].description)


def _types() -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(Settings)}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, text in environ.items():
        if variable.startswith(PREFIX):
            found[variable.removeprefix(PREFIX).lower()] = text
    return found


def _default(name: str, source: str) -> Any:
    for field in msgspec.structs.fields(Settings):
        if field.name == name:
            return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    raise _unknown(name, source)


def _unknown(name: str, source: str) -> SettingsError:
    from difflib import get_close_matches

    near = get_close_matches(name, Settings.__struct_fields__, n=1)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    return SettingsError(f"Unknown setting `{name}` ({source}).", f"{hint}`openekyc settings` lists every setting.")


def _file_of_home(variables: Mapping[str, Any], given: Mapping[str, Any]) -> Path | None:
    home = given.get("home") or variables.get("home") or Settings().home
    path = Path(home) / FILE_NAME
    return path if path.is_file() else None


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}.", "Give an existing file to --config.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.", "Correct the line it names.") from None


def _field(name: str, value: Any, source: str, *, strict: bool) -> Any:
    default = _default(name, source)
    if value == "" and default is None:
        return None
    if isinstance(default, dict) and isinstance(value, str):
        value = _table(value)
    try:
        if isinstance(default, tuple):
            value, strict = listed(value), strict and not isinstance(value, str)
        converted = CHECKS.get(name, _as_it_is)(msgspec.convert(value, _types()[name], strict=strict, dec_hook=_path))
    except ValueError as error:  # msgspec's ValidationError is one
        cause = re.sub(r"Expected `str` matching regex .*", "it does not have the right form", str(error).split(" - at ")[0])
        raise SettingsError(
            f"The setting `{name}` ({source}) is not valid: {cause}.", f"{meaning(name)} The default is {shown(default)}."
        ) from None
    return converted.expanduser() if isinstance(converted, Path) else converted


def _as_it_is(value: Any) -> Any:
    return value


def _table(text: str) -> Any:
    """A table where only text can be given: JSON, and the text itself where it is none, which is then refused for what it is."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def checked(name: str, given: str | dict[str, str]) -> Any:
    """The value of the setting `name` as a person types it. Raises SettingsError with the remedy."""
    return _field(name, given, "as given", strict=False)


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, (str, Path)) and str(value):
        return Path(value)
    raise ValueError("expected a path")


def shown(value: Any) -> str:
    """A setting's value as a person reads it."""
    if isinstance(value, (tuple, dict)):
        return ", ".join(map(str, value)) or "(none)"
    return "(automatic)" if value is None else str(value) or "(empty)"
