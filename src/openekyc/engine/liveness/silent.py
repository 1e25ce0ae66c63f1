"""The passive cue: one packaged network looks at the face with its surroundings and says live or not.

Weak alone (see `docs/liveness.md`), so it only ever denies. The network was trained on **BGR** pixels 0..255 of a crop 2.7 times the
face box, 128x128; class 0 is live. Its publisher's own sample feeds RGB, which ruins it; a test pins the order.
"""

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image, Track
from openekyc.engine.runtime import Models
from openekyc.engine.values import Cue

SIDE = 128
CONTEXT = 2.7
LIVE = 0  # of three classes
FEWEST_CROPS = 10
THRESHOLD = 0.03  # live probability; the largest with BPCER <= 3 % on half of the real subjects at hand: docs/liveness.md


def judge(models: Models, track: Track, *, denies: bool) -> Cue:
    """The cue `silent`: the median live probability over the kept crops. With `denies=False` it is recorded and never refuses."""
    scores = [score(models, crop) for _, crop in track.crops]
    return decide(scores, denies=denies)


def decide(scores: list[float], *, denies: bool) -> Cue:
    """The decision over the live probabilities of the crops."""
    if len(scores) < FEWEST_CROPS:
        return Cue("silent", "retry", "1004", ("12",), "too few frames of the face", "no_face", {"crops": float(len(scores))})
    median = float(np.median(scores))
    numbers = {"live": round(median, 4), "lowest": round(min(scores), 4), "crops": float(len(scores))}
    if median >= THRESHOLD:
        return Cue("silent", "pass", numbers=numbers)
    if not denies:
        return Cue("silent", "recorded", "1002", ("03",), "looks like a picture or a screen (sandbox: not judged)", numbers=numbers)
    return Cue("silent", "deny", "1002", ("03",), "looks like a picture or a screen", numbers=numbers)


def context_crop(image: Image, box: tuple[float, float, float, float]) -> Image:
    """The face box (x, y, width, height) enlarged 2.7 times about its middle, as 128x128 BGR. Where it would leave the picture it is
    shifted inwards, and shrunk only if the picture itself is too small: padding of any kind costs accuracy. Source: the crop
    of the network's family (MiniFASNet), `CropImage._get_new_box`."""
    height, width = image.shape[:2]
    x, y, box_width, box_height = box
    scale = min((height - 1) / box_height, (width - 1) / box_width, CONTEXT)
    crop_width, crop_height = box_width * scale, box_height * scale
    left = float(np.clip(x + box_width / 2 - crop_width / 2, 0, width - 1 - crop_width))
    top = float(np.clip(y + box_height / 2 - crop_height / 2, 0, height - 1 - crop_height))
    crop = image[int(top) : int(top + crop_height) + 1, int(left) : int(left + crop_width) + 1]
    return np.asarray(cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def prepare(crop: Image) -> Floats:
    """Context crop (128, 128, 3) BGR -> network input (1, 3, 128, 128) float32, BGR, 0..255 unscaled."""
    return np.ascontiguousarray(crop.transpose(2, 0, 1)[None], dtype=np.float32)


def score(models: Models, crop: Image) -> float:
    """The network's probability that the crop shows a live face, 0..1."""
    logits = models.silent_liveness(prepare(crop))[0].astype(np.float64)
    powers = np.exp(logits - logits.max())
    return float(powers[LIVE] / powers.sum())
