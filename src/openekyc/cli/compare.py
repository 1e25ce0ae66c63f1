"""`openekyc compare A B`: are these two pictures of one person?"""

from pathlib import Path

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json

picture = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: openekyc compare passport.jpg selfie.jpg")
@settings_options
@click.argument("a", type=picture)
@click.argument("b", type=picture)
@json_option
def compare(home: Path | None, config: Path | None, a: Path, b: Path, as_json: bool) -> int:
    """Compare the largest faces of two pictures (JPEG, PNG, WebP, BMP).

    Prints a similarity of 0..100: 70 is passed by one in a thousand pairs of different people, 80 by one in ten thousand. Exit code 1
    if it is under the setting `pass_similarity`, or a picture cannot be used.
    """
    from openekyc.engine.runtime import Models
    from openekyc.engine.verify import compare_pictures

    settings = settings_of(home, config)
    found = compare_pictures(Models(settings.models_folder), a.read_bytes(), b.read_bytes())
    answer = msgspec.to_builtins(found)
    if as_json:
        print_json(answer)
    else:
        click.echo(answer)
    return exits.DONE if (answer.get("similarity") or 0) >= settings.pass_similarity else exits.NO
