"""What the engine sees in a frame, as frozen values over arrays.

Pictures are HxWx3 uint8 arrays in **BGR** order, upright (rotation metadata already applied). Coordinates are pixels of that
picture, x to the right, y downwards; angles are degrees.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # (height, width, 3), BGR
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture of a recording. `time` is seconds from the first frame, by presentation time stamps."""

    index: int
    time: float
    image: Image

    @property
    def mean_rgb(self) -> tuple[float, float, float]:
        """Mean red, green, blue in 0..255."""
        blue, green, red = self.image.reshape(-1, 3).mean(axis=0).tolist()
        return red, green, blue


@dataclass(frozen=True, slots=True)
class Face:
    """A detected face. `box` is x, y, width, height; `points` (5, 2): right eye, left eye, nose tip, right and left mouth corner
    (the person's right, so the left in the picture), as YuNet orders them."""

    box: tuple[float, float, float, float]
    points: Floats
    score: float


@dataclass(frozen=True, slots=True)
class Pose:
    """Head pose. `yaw` > 0: the nose moves to the right of the picture; `pitch` > 0: downwards; `roll` > 0: clockwise in the picture."""

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Mesh:
    """FaceLandmarker's view of one face: `points` (478, 3) in pixels (z on the same scale, smaller = nearer), `blendshapes` (52,) in
    0..1 in the publisher's order (names in `landmarks.BLENDSHAPES`), head pose, and the network's face presence in 0..1."""

    points: Floats
    blendshapes: Floats
    pose: Pose
    presence: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be judged: `size` = eye-to-eye distance in pixels, `width` = box width in pixels, `sharpness` = variance of
    the Laplacian on the face resized to 112 px, `luma` = mean luma 0..255 on the face, `dark`/`bright` = shares of face pixels
    under 30 / over 240, `covered` = 0..1 estimate that mouth, nose or eyes are hidden."""

    size: float
    width: float
    sharpness: float
    luma: float
    dark: float
    bright: float
    covered: float


@dataclass(frozen=True, slots=True)
class Observation:
    """One analysed frame, small enough to keep for a whole recording (no picture inside). `face` and `quality` are set only in the frames
    the detector was asked about; between them the mesh is tracked. `others` = further faces of comparable size, as of the detector's
    last look. `patches` (n, 3): mean **linear** RGB of mesh patches (only when the light cue needs them); `background` (3,): the same
    for the picture's corners away from the face."""

    index: int
    time: float
    face: Face | None
    mesh: Mesh | None
    quality: Quality | None
    others: int
    frame_rgb: tuple[float, float, float]  # mean 8-bit sRGB (red, green, blue) on a 64x48 copy, as the client's trace has it
    patches: Floats | None = None
    background: Floats | None = None


@dataclass(frozen=True, slots=True)
class FaceSample:
    """A frame's face with some of its surroundings, for comparing frames pixel by pixel: `time` in seconds, `grey` (height, width) uint8,
    and the mesh's `points` (468, 2) in pixels of `grey`."""

    time: float
    grey: NDArray[np.uint8]
    points: Floats


@dataclass(frozen=True, slots=True)
class Track:
    """A whole recording, analysed. `crops` are (time, the crops of the passive networks) pairs, `stills` (observation, picture) pairs
    spread over the recording for embeddings and the best frame, `samples` the newest face samples, if the plan wanted any."""

    width: int
    height: int
    duration: float  # seconds
    frames: int  # decoded frames
    fps: float  # measured: (frames - 1) / duration
    observations: tuple[Observation, ...]
    crops: tuple[tuple[float, tuple[Image, ...]], ...]
    stills: tuple[tuple[Observation, Image], ...]
    truncated: bool  # the file broke off; what came before was kept
    samples: tuple[FaceSample, ...] = ()
