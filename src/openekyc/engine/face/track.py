"""A recording analysed in one streaming pass: decode, find, follow, measure, forget.

Detection is the dear part, so it looks only now and then (and whenever the face was lost); between its looks the mesh is followed
from its own last position, as MediaPipe does. A `Plan` says where every frame counts and where fewer will do.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from openekyc.engine.face.detect import FRAME_SIDE, PICTURE_SIDE, detect, others
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.quality import quality
from openekyc.engine.face.values import Face, FaceSample, Floats, Image, Mesh, Observation, Track
from openekyc.engine.runtime import Models
from openekyc.errors import MediaUndecodable

Item = TypeVar("Item")
Span = tuple[float, float]
Crops = tuple[float, tuple[Image, ...]]


class Picture(Protocol):
    """One frame of a recording; `image` and `mean_rgb` may be worked out when first asked for."""

    @property
    def index(self) -> int: ...
    @property
    def time(self) -> float: ...
    @property
    def image(self) -> Image: ...
    @property
    def mean_rgb(self) -> tuple[float, float, float]: ...


class Recording(Protocol):
    """Frames in order of time, and whether the file broke off (known after the last frame)."""

    truncated: bool

    def __iter__(self) -> Iterator[Picture]: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look at. Spans are (begin, end) in seconds of the recording.

    `rate` frames a second are analysed, every frame within `every`. `sample` (image, mesh) -> (patches, background) is called within
    `light`; `crop` (image, box) -> pictures makes the crops of the passive networks. `detect_s`: the detector looks at least this often.
    `face_sample` (time, image, mesh) is called every `sample_s` seconds, and the newest `samples` of what it makes are kept.
    """

    every: tuple[Span, ...] = ()
    rate: float = 15.0
    light: tuple[Span, ...] = ()
    sample: Callable[[Image, Mesh], tuple[Floats, Floats]] | None = None
    crop: Callable[[Image, tuple[float, float, float, float]], tuple[Image, ...]] | None = None
    crops: int = 12
    stills: int = 8
    detect_s: float = 0.3
    face_sample: Callable[[float, Image, Mesh], FaceSample] | None = None
    sample_s: float = 0.2
    samples: int = 80


def track(models: Models, frames: Recording, plan: Plan | None = None) -> Track:
    """Analyse a recording. Raises what decoding raises, and MediaUndecodable if there is no frame."""
    tracker, found = _Tracker(models, plan or Plan()), list[Observation]()
    count, latest = 0, None
    for latest in frames:
        count += 1
        if (seen := tracker.see(latest)) is not None:
            found.append(seen)
    if latest is None:
        raise MediaUndecodable("The recording holds no picture.")
    return tracker.finish(latest, count, tuple(found), truncated=frames.truncated)


def observations(models: Models, frames: Iterable[Picture], plan: Plan) -> Iterator[Observation]:
    """The observations of a recording one by one, none of them kept: for recordings of any length."""
    tracker = _Tracker(models, plan)
    for frame in frames:
        if (seen := tracker.see(frame)) is not None:
            yield seen


class _Tracker:
    """The state of one pass."""

    def __init__(self, models: Models, plan: Plan) -> None:
        self._models = models
        self._plan = plan
        self._mesh: Mesh | None = None
        self._others = 0
        self._next_look = 0.0
        self._next_frame = 0.0
        self._size = (0, 0)
        self._crops = _Thinned[Crops](plan.crops)
        self._stills = _Thinned[tuple[Observation, Image]](plan.stills)
        self._samples = deque[FaceSample](maxlen=plan.samples)
        self._next_sample = 0.0

    def see(self, frame: Picture) -> Observation | None:
        """Analyse the frame if the plan wants it."""
        if frame.time < self._next_frame and not _within(frame.time, self._plan.every):
            return None
        self._next_frame = max(min(self._next_frame, frame.time) + 1 / self._plan.rate, frame.time + 0.5 / self._plan.rate)
        self._size = frame.image.shape[1], frame.image.shape[0]
        face = self._follow(frame)
        seen = self._observe(frame, face)
        if face is not None and seen.mesh is not None:
            self._stills.add((seen, frame.image))
            if self._plan.crop:
                self._crops.add((frame.time, self._plan.crop(frame.image, face.box)))
        self._sample(frame)
        return seen

    def _sample(self, frame: Picture) -> None:
        if self._plan.face_sample and self._mesh is not None and frame.time >= self._next_sample:
            self._samples.append(self._plan.face_sample(frame.time, frame.image, self._mesh))
            self._next_sample = max(min(self._next_sample, frame.time) + self._plan.sample_s, frame.time + self._plan.sample_s / 2)

    def finish(self, last: Picture, count: int, found: tuple[Observation, ...], *, truncated: bool) -> Track:
        """The whole recording."""
        return Track(
            width=self._size[0],
            height=self._size[1],
            duration=last.time,
            frames=count,
            fps=(count - 1) / last.time if last.time > 0 else 0.0,
            observations=found,
            crops=self._crops.chosen(),
            stills=self._stills.chosen(),
            truncated=truncated,
            samples=tuple(self._samples),
        )

    def _follow(self, frame: Picture) -> Face | None:
        """Bring the mesh up to this frame; return the detected face if the detector was asked."""
        face = self._look(frame) if frame.time >= self._next_look else None
        if self._mesh is not None and (face is None or _covers(self._mesh, face)):
            self._mesh = landmarks(self._models, frame.image, self._mesh)
            if self._mesh is not None:
                return face
        face = face or self._look(frame)
        self._mesh = landmarks(self._models, frame.image, face) if face else None
        return face

    def _look(self, frame: Picture) -> Face | None:
        faces = detect(self._models, frame.image, FRAME_SIDE)
        if not faces and self._mesh is None:
            faces = detect(self._models, frame.image, PICTURE_SIDE)
        # From when the look was due, not from the frame that came next: few frames a second would stretch every wait.
        due = min(self._next_look, frame.time)
        self._next_look = max(due + self._plan.detect_s, frame.time + self._plan.detect_s / 2)
        self._others = others(faces)
        return faces[0] if faces else None

    def _observe(self, frame: Picture, face: Face | None) -> Observation:
        mesh = self._mesh
        patches = background = None
        if mesh is not None and self._plan.sample and _within(frame.time, self._plan.light):
            patches, background = self._plan.sample(frame.image, mesh)
        return Observation(
            index=frame.index,
            time=frame.time,
            face=face,
            mesh=mesh,
            quality=quality(frame.image, face, mesh) if mesh is not None and face is not None else None,
            others=self._others,
            frame_rgb=frame.mean_rgb,
            patches=patches,
            background=background,
        )


class _Thinned(Generic[Item]):
    """Keeps at most twice `count` items of a stream of unknown length, evenly spread over it."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._stride = 1
        self._seen = 0
        self._kept: list[Item] = []

    def add(self, item: Item) -> None:
        if self._seen % self._stride == 0 and self._count:
            self._kept.append(item)
            if len(self._kept) > 2 * self._count:
                del self._kept[1::2]
                self._stride *= 2
        self._seen += 1

    def chosen(self) -> tuple[Item, ...]:
        """Evenly spread, the first and the last among them."""
        last = len(self._kept) - 1
        if last < self._count:
            return tuple(self._kept)
        return tuple(self._kept[round(place * last / max(self._count - 1, 1))] for place in range(self._count))


def _within(time: float, spans: Iterable[Span]) -> bool:
    return any(begin <= time <= end for begin, end in spans)


def _covers(mesh: Mesh, face: Face) -> bool:
    """Whether the detected face is the one the mesh lies on: its centre lies inside the mesh's bounding box."""
    x, y = face.box[0] + face.box[2] / 2, face.box[1] + face.box[3] / 2
    low, high = mesh.points[:, :2].min(axis=0), mesh.points[:, :2].max(axis=0)
    return bool(low[0] <= x <= high[0] and low[1] <= y <= high[1])
