"""`openekyc compare A B`: are these two pictures of one person?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, say
from openekyc.cli.results import code_words, next_step, result_words, say_result

if TYPE_CHECKING:
    from openekyc.engine.compare.pictures import Comparison
    from openekyc.engine.values import Notice

NOTICES: "dict[Notice, str]" = {"other_faces": "more faces are in the picture; the foremost one was compared."}

picture = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: openekyc compare passport.jpg selfie.jpg")
@settings_options
@click.argument("a", type=picture)
@click.argument("b", type=picture)
@json_option
def compare(home: Path | None, config: Path | None, a: Path, b: Path, as_json: bool) -> int:
    """Compare the foremost faces of two pictures (JPEG, PNG, WebP, BMP).

    Prints a similarity of 0..100: 70 is passed by one in a thousand pairs of different people, 80 by one in ten thousand. Exit code 1
    if it is under the setting `pass_similarity`, or a picture cannot be used.
    """
    from openekyc.engine.allocator import give_large_blocks_back
    from openekyc.engine.compare.pictures import compare_pictures
    from openekyc.engine.runtime import Models

    give_large_blocks_back()
    settings = settings_of(home, config)
    found = compare_pictures(Models(settings.models_folder), a.read_bytes(), b.read_bytes(), settings.pass_similarity, sparing=True)
    if as_json:
        print_json(found)
    else:
        say_result(*_told(found, {"a": a, "b": b}, settings.pass_similarity))
        for path, notices in ((a, found.notices_a), (b, found.notices_b)):
            for notice in notices:
                say(f"note: {path}: {NOTICES[notice]}")
    return exits.DONE if found.code == "0" else exits.NO


def _told(found: "Comparison", files: dict[str, Path], mark: float) -> tuple[str, str, str]:
    """Words, code and what to do."""
    code = code_words(found.code)
    if found.similarity is None or found.cosine is None:
        return result_words("Could not be compared", found.code, [f"{files[found.picture]}: {found.reason}"]), code, next_step(found.code)
    numbers = f"similarity {found.similarity:.1f} of 100, pass mark {mark:g}"
    code = f"{code}, cosine {found.cosine:.3f}"
    if found.code == "0":
        return f"The same person: {numbers}.", code, "Nothing. The setting `pass_similarity` is the pass mark."
    return f"Not the same person, by the pass mark: {numbers}.", code, next_step(found.code)
