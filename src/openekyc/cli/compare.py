"""`openekyc compare A B`: are these two pictures of one person?"""

from pathlib import Path

import click

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
    found = compare_pictures(Models(settings.models_folder), a.read_bytes(), b.read_bytes(), settings.pass_similarity)
    if as_json:
        print_json(found)
    elif found.similarity is None:
        click.echo(f"result {found.code}: {found.reason} ({a if found.picture == 'a' else b})")
    else:
        click.echo(f"result {found.code}: similarity {found.similarity:.1f}, cosine {found.cosine:.3f}")
    return exits.DONE if found.code == "0" else exits.NO
