"""Options that several commands share, and the settings they lead to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from openekyc.setting_sources import load
from openekyc.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings_options(command: Command) -> Command:
    """--home and --config, handed on as `home` and `config`."""
    config = click.option("--config", type=click.Path(path_type=Path), help="TOML settings file [default: <home>/openekyc.toml].")
    home = click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Home folder [default: ~/.openekyc].")
    return home(config(command))


def settings_of(home: Path | None, config: Path | None, **options: Any) -> Settings:
    """The settings of this command line."""
    return load(config, options={"home": home and home.absolute(), **options})
