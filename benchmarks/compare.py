"""What comparing two pictures costs: CPU milliseconds from encoded bytes to similarity, against the floor of its networks alone.

    python -m benchmarks.compare [--a FILE --b FILE] [--runs N]

The floor, in the same run and process: one detection at the size pictures are searched at first and one embedding for each picture. What
comes on top is decoding, the mesh that aligns the face, and the checks. Without --a and --b the packaged portrait is compared with itself
turned by 20 degrees; the time is the median of the runs, on one thread.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from openekyc.engine.compare.find import upright
from openekyc.engine.compare.pictures import compare_pictures, decoded
from openekyc.engine.face.detect import FRAME_SIDE, detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.runtime import Models
from openekyc.settings import Settings

FACE = np.zeros((1, 3, 112, 112), np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--a", type=Path)
    parser.add_argument("--b", type=Path)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    models = Models(Settings().models_folder)
    models.warm_up()
    pictures = [options.a.read_bytes(), options.b.read_bytes()] if options.a and options.b else packaged(models)
    report(models, pictures, options.runs)


def packaged(models: Models) -> list[bytes]:
    image = cv2.imread(str(models.folder / "astronaut.png"))
    height, width = image.shape[:2]
    turned = cv2.warpAffine(image, cv2.getRotationMatrix2D((width / 2, height / 2), 20, 1), (width, height))
    return [cv2.imencode(".jpg", one)[1].tobytes() for one in (image, turned)]


def report(models: Models, pictures: list[bytes], runs: int) -> None:
    found = compare_pictures(models, *pictures)
    images = [decoded(data) for data in pictures]
    whole = typical(lambda: compare_pictures(models, *pictures), runs)
    parts = {
        "decoding": sum(typical(lambda data=data: decoded(data), runs) for data in pictures),
        "detection": sum(typical(lambda image=image: detect(models, image, FRAME_SIDE), runs) for image in images),
        "mesh": sum(typical(lambda one=one: landmarks(models, one.image, one.faces[0]), runs) for one in map(_found(models), images)),
        "embedding": 2 * typical(lambda: models.face_recognizer(FACE), runs),
    }
    floor = parts["detection"] + parts["embedding"]
    sizes = ", ".join("x".join(map(str, image.shape[1::-1])) for image in images)
    print(f"pictures: {sizes}; result {found.code}, similarity {found.similarity}")
    print(f"comparison of two pictures: {whole:.0f} CPU-ms (median of {runs})")
    print(f"parts: { ({name: round(value, 1) for name, value in parts.items()}) }")
    print(f"floor, a detection and an embedding each: {floor:.0f} CPU-ms")
    print(f"ratio: {whole / floor:.2f}")


def _found(models: Models) -> Callable:
    return lambda image: upright(models, image)


def typical(work: Callable[[], object], runs: int) -> float:
    """The median of CPU milliseconds."""

    def once() -> float:
        begin = time.process_time()
        work()
        return 1000 * (time.process_time() - begin)

    return statistics.median(once() for _ in range(runs))


if __name__ == "__main__":
    main()
