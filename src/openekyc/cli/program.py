"""How the program that runs is called, so that every command it prints works as it is copied."""

import re
import shlex
import shutil
import sys
from functools import cache
from pathlib import Path

NAME = "openekyc"
# Commands as texts name them: in back quotes, or as an example, perhaps behind an environment variable.
_NAMED = re.compile(rf"(`|Example: (?:[A-Z_]+=\S+ )*){NAME} (?=[a-z<-])")
_QUOTED = re.compile(rf"`{NAME} (?P<rest>[a-z][^`]*)`")
_PLACES = ("--home", "--config")  # options that nearly every command takes


def program() -> str:
    """The command that starts this very program, quoted for a shell: plain `openekyc` where that is what PATH finds."""
    return _program(sys.argv[0], sys.executable)


def here(text: str) -> str:
    """The text with its commands as they can be given here: with this program's path and, in back quotes, with the home folder and
    settings file that the running command was given."""
    placed = _QUOTED.sub(lambda found: f"`{NAME} {found['rest']}{_places(found['rest'])}`", text)
    return _NAMED.sub(lambda found: f"{found[1]}{program()} ", placed)


def _places(rest: str) -> str:
    """Options for a command that names none of its own, each with a space before it."""
    if any(option in rest for option in (*_PLACES, "--help", "...")):
        return ""
    return "".join(f" {option} {shlex.quote(value)}" for option in _PLACES if (value := _given(option)))


def _given(option: str) -> str:
    """Its value on this command line; "" if it is not there."""
    for word, following in zip(sys.argv[1:], [*sys.argv[2:], ""], strict=False):  # one less where there is no argument
        if word == option:
            return following
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return ""


@cache
def _program(started: str, python: str) -> str:
    script = Path(started).absolute()
    if script.name != NAME or not script.is_file():
        return f"{shlex.quote(python)} -m {NAME}"
    found = shutil.which(NAME)
    if found and Path(found).absolute() == script:
        return NAME
    return shlex.quote(str(script))
