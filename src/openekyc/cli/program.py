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


def program() -> str:
    """The command that starts this very program, quoted for a shell: plain `openekyc` where that is what PATH finds."""
    return _program(sys.argv[0], sys.executable)


def here(text: str) -> str:
    """The text with its commands as they can be given here."""
    return _NAMED.sub(lambda found: f"{found[1]}{program()} ", text)


@cache
def _program(started: str, python: str) -> str:
    script = Path(started).absolute()
    if script.name != NAME or not script.is_file():
        return f"{shlex.quote(python)} -m {NAME}"
    found = shutil.which(NAME)
    if found and Path(found).absolute() == script:
        return NAME
    return shlex.quote(str(script))
