"""`openekyc settings`: every setting with its value, where it came from and what it does. Secrets are no settings."""

from pathlib import Path

import click
import msgspec

from openekyc.cli.options import json_option, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.setting_sources import Resolved, meaning, resolve, shown


@click.command(epilog="Example: OPENEKYC_PORT=9000 openekyc settings")
@settings_options
@json_option
def settings(home: Path | None, config: Path | None, as_json: bool) -> None:
    """Print every setting, its value, source and meaning.

    Sources, the later wins: default, TOML file (--config, else <home>/openekyc.toml), environment variable OPENEKYC_<NAME>, option.
    """
    found = resolve(config, options={"home": home and home.absolute()})
    if as_json:
        print_json({name: {"value": value, "source": found.sources[name], "meaning": meaning(name)} for name, value in _values(found)})
    else:
        print_table(
            ("setting", "value", "source", "meaning"),
            [(name, shown(value), found.sources[name], meaning(name)) for name, value in _values(found)],
            texts=("source", "meaning"),
        )


def _values(found: Resolved) -> list[tuple[str, object]]:
    return list(msgspec.structs.asdict(found.settings).items())
