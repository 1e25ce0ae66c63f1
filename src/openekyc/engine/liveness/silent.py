"""The passive cue: a network looks at the face with its surroundings and says live or not.

A network may be asked on two crops, a wide one and a close one. Each speaks for itself: either denies.

Weak alone (see `docs/explanation/liveness.md`), so it only ever denies. How a network is fed (colour order, scale, crop) is part of
its entry in `models.lock.toml`, or of the description of the operator's own network, which speaks as a cue of its own, `silent_own`;
nothing of it is decided here. The packaged network's publisher feeds RGB, which ruins it; a test pins the order.

A face that nearly fills the picture leaves the network without the surroundings it was trained on. That is a fault of the capture and
no sign of an attack: the cue then says that it cannot judge.
"""

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image, Track
from openekyc.engine.lock import NetworkInput
from openekyc.engine.runtime import Models, Passive
from openekyc.engine.values import Cue

FEWEST_CROPS = 10

Box = tuple[float, float, float, float]  # x, y, width, height


def judge(models: Models, track: Track, *, denies: bool) -> list[Cue]:
    """The cue of each passive network: the median live probability over the kept crops. With `denies=False` it is recorded and decides
    nothing."""
    pictures = [crops for _, crops in track.crops]
    return [decide(passive, scores(passive, pictures, place), room(track), denies=denies) for passive, place in _places(models)]


def judge_picture(models: Models, image: Image, box: Box) -> list[Cue]:
    """The same for a picture, of which there is one set of crops."""
    around, crops = room_of((image.shape[1], image.shape[0]), box), cropper(models)(image, box)
    return [decide(passive, scores(passive, [crops], place), around, denies=True, fewest=1) for passive, place in _places(models)]


def _places(models: Models) -> Iterator[tuple[Passive, int]]:
    """Each network with the place of its first crop in what `cropper` makes."""
    place = 0
    for passive in models.silent:
        yield passive, place
        place += len(passive.input.crops)


def scores(passive: Passive, pictures: Sequence[tuple[Image, ...]], place: int) -> list[list[float]]:
    """The live probabilities, a list for each of the network's sizes of crop."""
    return [[score(passive, crops[place + size]) for crops in pictures] for size in range(len(passive.input.crops))]


def decide(passive: Passive, seen: Sequence[Sequence[float]], around: float | None, *, denies: bool, fewest: int = FEWEST_CROPS) -> Cue:
    """The decision over the live probabilities of the crops, a sequence for each size, with so much room around the face."""
    name, numbers = passive.cue, {"crops": float(len(seen[0]))}
    if len(seen[0]) < fewest:
        return Cue(name, "retry", "1004", ("12",), "too few frames of the face", "no_face", numbers)
    medians = [float(np.median(one)) for one in seen]
    numbers = {"live": round(min(medians), 6), "lowest": round(min(map(min, seen)), 6), **numbers}
    if len(medians) > 1:
        numbers |= {"live_wide": round(medians[0], 6), "live_close": round(medians[1], 6)}
    if around is not None:
        numbers["room"] = round(around, 3)
    if denies and around is not None and around < passive.input.room:
        return Cue(name, "retry", "1004", ("11",), "the face leaves no room for its surroundings", "move_back", numbers)
    if min(medians) >= passive.input.threshold:
        return Cue(name, "pass", numbers=numbers)
    if not denies:
        return Cue(name, "recorded", "1002", ("03",), "looks like a picture or a screen (sandbox: not judged)", numbers=numbers)
    return Cue(name, "deny", "1002", ("03",), "looks like a picture or a screen", numbers=numbers)


def room(track: Track) -> float | None:
    """How many face-box sides of picture there are around the face, in the middle of the recording's frames; None if no face was found."""
    found = [room_of((track.width, track.height), seen.face.box) for seen in track.observations if seen.face is not None]
    return float(np.median(found)) if found else None


def room_of(size: tuple[int, int], box: Box) -> float:
    """The side of the largest crop of the box's shape that fits into a picture of this width and height, in box sides."""
    return min((size[0] - 1) / box[2], (size[1] - 1) / box[3])


def cropper(models: Models) -> Callable[[Image, Box], tuple[Image, ...]]:
    """What cuts the crops of every passive network out of a frame: in the order of `models.silent`, each network's in that of its sizes."""
    fed = [(passive.input, size) for passive in models.silent for size in passive.input.crops]
    return lambda image, box: tuple(context_crop(image, box, one, size) for one, size in fed)


def context_crop(image: Image, box: Box, fed: NetworkInput, size: float | None = None) -> Image:
    """The face box enlarged about its middle to `size` box sides (the network's wide crop by default), in the network's size, as BGR. Where
    it would leave the picture it is shifted inwards, and shrunk only if the picture itself is too small: padding of any kind costs
    accuracy. Source: the crop of the packaged network's family (MiniFASNet), `CropImage._get_new_box`."""
    height, width = image.shape[:2]
    x, y, box_width, box_height = box
    scale = min(room_of((width, height), box), fed.crop if size is None else size)
    crop_width, crop_height = box_width * scale, box_height * scale
    left = float(np.clip(x + box_width / 2 - crop_width / 2, 0, width - 1 - crop_width))
    top = float(np.clip(y + box_height / 2 - crop_height / 2, 0, height - 1 - crop_height))
    crop = image[int(top) : int(top + crop_height) + 1, int(left) : int(left + crop_width) + 1]
    return np.asarray(cv2.resize(crop, (fed.width, fed.height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def prepare(crop: Image, fed: NetworkInput) -> Floats:
    """A BGR crop -> the network's input (1, 3, height, width) float32 in its order of colours and on its scale."""
    planes = crop if fed.colours == "BGR" else crop[:, :, ::-1]
    batch = np.ascontiguousarray(planes.transpose(2, 0, 1)[None], dtype=np.float32)
    if fed.scale == "0..255":
        return batch
    return batch / np.float32(255) if fed.scale == "0..1" else batch / np.float32(127.5) - np.float32(1)


def score(passive: Passive, crop: Image) -> float:
    """The network's probability that the crop shows a live face, 0..1."""
    logits = passive.network(prepare(crop, passive.input))[0].astype(np.float64)
    powers = np.exp(logits - logits.max())
    return float(powers[passive.input.live_class] / powers.sum())
