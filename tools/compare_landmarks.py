"""Compare this engine's landmarks with those of the `mediapipe` package, frame by frame, and print the table of docs/research/landmarks.md.

    python tools/compare_landmarks.py REFERENCE_PYTHON FILE...

REFERENCE_PYTHON is the interpreter of another virtual environment that holds `mediapipe` and `av` (it brings an OpenCV of its own,
so it must never share one with openekyc). FILEs are recordings and pictures; recordings are compared in tracking mode over their
first 240 frames, pictures one by one. Distances are in eye-to-eye distances (outer corners), angles in degrees.
"""

import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FRAMES = 240
PICTURES = {".jpg", ".jpeg", ".png"}
COLUMNS = ("point mean", "point worst", "depth", "shape mean", "shape worst", "eyeBlinkLeft", "yaw", "pitch", "roll")


def main() -> None:
    if sys.argv[1] == "--reference":
        dump_reference(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
        return
    from openekyc.settings import Settings

    task = Settings().models_folder / "face_landmarker.task"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "reference.pickle"
        subprocess.run([sys.argv[1], __file__, "--reference", str(task), str(out), *sys.argv[2:]], check=True, stderr=subprocess.DEVNULL)
        compare(pickle.loads(out.read_bytes()), sys.argv[2:])


def frames(file: str) -> Iterator[Any]:
    """The first frames of a recording, or the one picture, as RGB arrays."""
    import av
    import numpy as np

    with av.open(file) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index == FRAMES:
                return
            yield np.ascontiguousarray(frame.to_ndarray(format="rgb24"))  # mediapipe misreads padded rows


# --- in the other environment ---------------------------------------------------------------------------------------------


def dump_reference(task: Path, out: Path, files: list[str]) -> None:
    """Points, blendshapes and pose matrix of every frame, and the CPU seconds that mediapipe took."""
    out.write_bytes(pickle.dumps({file: reference(task, file) for file in files}))


def reference(task: Path, file: str) -> tuple[list[Any], float]:
    import mediapipe
    from mediapipe.tasks.python import BaseOptions
    from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

    still = Path(file).suffix in PICTURES
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(task)),
        running_mode=RunningMode.IMAGE if still else RunningMode.VIDEO,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    rows, seconds = [], 0.0
    with FaceLandmarker.create_from_options(options) as landmarker:
        for index, frame in enumerate(frames(file)):
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=frame)
            start = time.process_time()
            result = landmarker.detect(image) if still else landmarker.detect_for_video(image, index * 33)
            seconds += time.process_time() - start
            rows.append(unpack(result, frame.shape[1], frame.shape[0]))
    return rows, seconds


def unpack(result: Any, width: int, height: int) -> Any:
    import numpy as np

    if not result.face_landmarks:
        return None
    points = np.array([(point.x * width, point.y * height, point.z * width) for point in result.face_landmarks[0]])
    return points, np.array([shape.score for shape in result.face_blendshapes[0]]), np.array(result.facial_transformation_matrixes[0])


# --- in this environment --------------------------------------------------------------------------------------------------


def compare(wanted: dict[str, tuple[list[Any], float]], files: list[str]) -> None:
    import numpy as np

    from openekyc.engine.runtime import Models
    from openekyc.settings import Settings

    models = Models(Settings().models_folder)
    models.warm_up()
    for name, chosen in (("recordings", False), ("pictures", True)):
        kind = [file for file in files if (Path(file).suffix in PICTURES) == chosen]
        rows, counts, seconds = [], np.zeros(4, int), np.zeros(2)
        for file in kind:
            found, spent = ours(models, file)
            pairs = zip(found, wanted[file][0], strict=True)
            rows += [difference(mesh, theirs) for mesh, theirs in pairs if mesh is not None and theirs is not None]
            counts += tally(found, wanted[file][0])
            seconds += (spent, wanted[file][1])
        report(name, np.array(rows), counts, seconds)


def ours(models: Any, file: str) -> tuple[list[Any], float]:
    """This engine's meshes over the same frames, tracked from one to the next, and its CPU seconds."""
    import numpy as np

    from openekyc.engine.face.detect import FRAME_SIDE, detect
    from openekyc.engine.face.landmarks import landmarks

    meshes: list[Any] = []
    mesh, seconds = None, 0.0
    for frame in frames(file):
        image = np.ascontiguousarray(frame[:, :, ::-1])
        start = time.process_time()
        where = mesh or next(iter(detect(models, image, FRAME_SIDE)), None)
        mesh = landmarks(models, image, where) if where else None
        seconds += time.process_time() - start
        meshes.append(mesh)
    return meshes, seconds


def difference(mesh: Any, wanted: Any) -> list[float]:
    import numpy as np

    from openekyc.engine.face.pose import angles

    points, shapes, matrix = wanted
    pose = angles(matrix[:3, :3] / np.linalg.norm(matrix[:3, 0]))
    eyes = np.linalg.norm(points[33, :2] - points[263, :2])
    apart = np.linalg.norm(mesh.points[:, :2] - points[:, :2], axis=1) / eyes
    depth = np.abs(mesh.points[:, 2] - points[:, 2]).mean() / eyes
    shape = np.abs(mesh.blendshapes - shapes)
    turns = [abs(getattr(mesh.pose, name) - getattr(pose, name)) for name in ("yaw", "pitch", "roll")]
    return [apart.mean(), apart.max(), depth, shape.mean(), shape.max(), shape[9], *turns]


def tally(found: list[Any], wanted: list[Any]) -> list[int]:
    pairs = [(ours is not None, theirs is not None) for ours, theirs in zip(found, wanted, strict=True)]
    return [len(pairs), pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True))]


def report(name: str, rows: Any, counts: Any, seconds: Any) -> None:
    import numpy as np

    if not len(rows):
        return
    same = rows[rows[:, 0] < 1]  # beyond one eye distance they chose different people
    print(f"\n{name}: {counts[0]} frames; meshed by both {counts[1]}, only here {counts[2]}, only by mediapipe {counts[3]}")
    print(f"of those, on another person: {len(rows) - len(same)}")
    print(f"CPU ms a frame: here {1e3 * seconds[0] / counts[0]:.1f}, mediapipe {1e3 * seconds[1] / counts[0]:.1f}")
    print(f"| | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}")
    for label, share in (("median", 50), ("95 %", 95)):
        print(f"| {label} | {' | '.join(f'{value:.4f}' for value in np.percentile(same, share, axis=0))} |")


if __name__ == "__main__":
    main()
