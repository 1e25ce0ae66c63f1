"""Writes a logo anew: `python -m openekyc.engine.logo png 200000 < from > to`. Runs for one picture, in a process that may die of it.

What comes out holds pixels alone: no EXIF, no text, no profile, no second frame. Whatever is wrong ends in one line on stderr and 1.
"""

import io
import resource
import sys
import warnings

from PIL import Image, ImageOps

MOST_PIXELS = 2048  # on a side
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15)  # of its size, tried until the bytes fit


def main(kind: str, most_bytes: int) -> int:
    """Exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    warnings.simplefilter("error")  # a bomb is told by a warning
    try:
        sys.stdout.buffer.write(rewritten(sys.stdin.buffer.read(), kind.upper(), most_bytes))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        print("it has too many pixels", file=sys.stderr)  # noqa: T201 the parent reads it
        return 1
    except Refused as error:
        print(error, file=sys.stderr)  # noqa: T201 the parent reads it
        return 1
    except Exception:  # noqa: BLE001 any fault of a hostile file
        print("it cannot be decoded", file=sys.stderr)  # noqa: T201 the parent reads it
        return 1
    return 0


class Refused(Exception):
    """The picture breaks a rule."""


def rewritten(data: bytes, kind: str, most_bytes: int) -> bytes:
    """The pixels of a still picture in the same format, smaller where they would not fit. Raises Refused, or whatever decoding raises."""
    with Image.open(io.BytesIO(data), formats=[kind]) as picture:
        if max(picture.size) > MOST_PIXELS:
            raise Refused(f"it has {picture.width} x {picture.height} pixels")
        if getattr(picture, "n_frames", 1) > 1:
            raise Refused("it is animated")
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    bare = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    for share in SHARES:
        written = _written(bare, kind, share)
        if len(written) <= most_bytes:
            return written
    raise Refused("it does not compress")


def _written(picture: Image.Image, kind: str, share: float) -> bytes:
    width, height = (max(1, round(side * share)) for side in picture.size)
    scaled = picture if share == 1.0 else picture.resize((width, height), Image.Resampling.LANCZOS)
    plain = Image.new(scaled.mode, scaled.size)
    plain.paste(scaled)
    target = io.BytesIO()
    plain.save(target, kind, **({"optimize": True} if kind == "PNG" else {"quality": 90, "method": 4}))
    return target.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
