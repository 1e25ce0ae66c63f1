"""The `openekyc` command. Subcommands are imported when they are called, so that `--help` is quick.

This is the CLI edge: whatever goes wrong becomes a cause and a remedy on stderr and an exit code of `exits.py`, never a traceback.
"""

import copy
import errno
import io
import sys
from importlib import import_module

import click

from openekyc.cli import exits
from openekyc.cli.output import print_fault
from openekyc.cli.program import here, program
from openekyc.cli.reporting import Interrupted
from openekyc.errors import OpenEkycError, StartError

COMMANDS = {
    "serve": "Start the server.",
    "keys": "Create, list, disable and issue API keys.",
    "accounts": "List accounts, show and set what each has of its own.",
    "capture": "Answer a session's challenge with a recording or the simulated subject.",
    "simulate": "Run simulated people and attackers through a server, or render them to files.",
    "simulate-cards": "Draw schematic identity cards of invented people, with a manifest.",
    "verify": "Judge a recording, without a server or a session.",
    "explain": "Write the page that explains a session's verdict.",
    "replay": "Judge a stored attempt again and say what changed.",
    "compare": "Compare the faces of two pictures.",
    "read-card": "Read an identity document from photographs.",
    "models": "List, verify and fetch the weight files.",
    "pad-report": "Measure how well attacks are told from real people, on labelled samples.",
    "gesture-report": "Measure how well gestures are found in labelled recordings.",
    "match-report": "Measure how well people are told apart, on labelled pairs of pictures.",
    "card-report": "Measure how well documents are read, on cards whose fields are known.",
    "doctor": "Check this machine; every fault is named with its remedy.",
    "bench": "Measure how fast this machine judges.",
    "settings": "Print every setting, its value, source and meaning.",
}


class LazyGroup(click.Group):
    """Subcommand `x-y` is the object `x_y` of the module `openekyc.cli.x_y`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return _spoken(_found(cmd_name.replace("-", "_")))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _found(name: str) -> click.Command:
    command: click.Command = getattr(import_module(f"openekyc.cli.{name}"), name)
    return command


def _spoken(command: click.Command) -> click.Command:
    """The command with texts whose commands can be given as they are printed, examples on lines of their own."""
    spoken = copy.copy(command)
    spoken.help, spoken.epilog = here(command.help or ""), here(command.epilog or "")
    if spoken.epilog.startswith("Example: "):
        spoken.epilog = f"\b\n{spoken.epilog}"  # click wraps other paragraphs
    if isinstance(spoken, click.Group):
        spoken.commands = {name: _spoken(each) for name, each in spoken.commands.items()}
    return spoken


@click.command(cls=LazyGroup, epilog=exits.TEXT, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openekyc")
def cli() -> None:
    """Self-hosted proof that a live person is in front of the camera, speaking the TencentCloud faceid API.

    Start with `openekyc serve`. `openekyc COMMAND --help` explains a command.
    """


def main() -> None:
    """Entry point of the console script."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Han signs shows \uXXXX, and nothing fails
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        code = _spoken(cli).main(arguments, prog_name=program(), standalone_mode=False)
    except click.exceptions.Abort:
        print_fault("Interrupted.")
        return exits.INTERRUPTED
    except Interrupted as error:
        print_fault("Interrupted.", str(error))
        return exits.INTERRUPTED
    except click.ClickException as error:
        error.message = here(error.message)  # type: ignore[misc]
        return _refused(error)
    except StartError as error:
        print_fault(error.message, error.remedy)
        return exits.CANNOT_START
    except OpenEkycError as error:
        print_fault(error.message, getattr(error, "remedy", ""))
        return exits.REFUSED
    except BrokenPipeError:
        return exits.DONE
    except OSError as error:
        if error.errno is None:
            return _defect(error)
        print_fault(f"{error.filename or 'The system'}: {error.strerror or error}.", _remedy(error))
        return exits.REFUSED
    except Exception as error:  # noqa: BLE001 the CLI edge
        return _defect(error)
    return code if isinstance(code, int) else exits.DONE


def _remedy(error: OSError) -> str:
    """What can be done about a fault of the machine."""
    remedies = {
        errno.ENOSPC: "Free space on that disk, and run the command again.",
        errno.EDQUOT: "Free space within your quota, and run the command again.",
        errno.EACCES: "Let this user read and write there.",
        errno.EROFS: "Choose a place that can be written.",
        errno.EMFILE: "Allow more open files (`ulimit -n`).",
    }
    return remedies.get(error.errno or 0, "Put that right, and run the command again.")


def _refused(error: click.ClickException) -> int:
    """Words of a command line that click or the command itself does not take."""
    if isinstance(error, click.UsageError):
        error.show()
    else:
        print_fault(error.format_message())
    return error.exit_code


def _defect(error: Exception) -> int:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_globals.get('__name__')}:{frame.tb_lineno}" if frame else "unknown place"
    print_fault(f"A defect of openekyc: {type(error).__name__} at {place}: {error}", "Please report this line to the project.")
    return exits.DEFECT


if __name__ == "__main__":
    main()
