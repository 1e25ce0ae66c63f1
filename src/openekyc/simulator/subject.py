"""The simulated subject: a person, or a presentation attack on that person, filmed by a simulated camera.

It exercises the whole path without a camera and lets benchmarks count outcomes per kind of subject. What it cannot show: its light
model is the one the light cue inverts, there is no real skin, glass, white balance or rolling shutter, and a rendered face is itself
an artefact. Passing it proves plumbing, timing and regressions, not security.
"""

from pathlib import Path

import numpy as np

from openekyc.engine import lock
from openekyc.engine.compare.embed import embed
from openekyc.engine.face.detect import detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.values import Face, Floats, Image, Mesh
from openekyc.engine.media import decode_picture
from openekyc.engine.runtime import Models
from openekyc.errors import ModelError
from openekyc.simulator.artefacts import BENT, GlassScene, HeldPrint, OldFilmScene, paper
from openekyc.simulator.camera import Camera
from openekyc.simulator.filming import SubjectCamera
from openekyc.simulator.identity import varied
from openekyc.simulator.injected import (
    LoopedRecording,
    LoopScene,
    OldFilmCamera,
    OldRecording,
    PermutedRecording,
    RetimedRecording,
    SplicedRecording,
    SplicedScene,
    StillScene,
    late,
)
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.motion import Person
from openekyc.simulator.portrait import Portrait, portrait
from openekyc.simulator.scenes import PAPER, FlatScene, PersonScene, Scene
from openekyc.simulator.warp import Warp

_PORTRAIT = "portrait"  # its name in models.lock.toml


def load_portrait(models: Models, knobs: Knobs, picture: Path | None = None) -> Portrait:
    """The packaged portrait, or the one in `picture`, prepared as `knobs` say. Raises ModelError if the packaged file is missing or
    altered, or if no face is found."""
    return portrait(*_individual(models, knobs.identity, picture), knobs)


def load_embedded(models: Models, identity: int) -> Floats:
    """How a recogniser sees that person: the unit vector (128,)."""
    image, _, mesh = _individual(models, identity, None)
    return embed(models, image, mesh)


def _individual(models: Models, identity: int, picture: Path | None) -> tuple[Image, Face, Mesh]:
    image, name = _packaged(models) if picture is None else (_read(picture), picture.name)
    face, mesh = _face(models, image, name)
    if identity:
        image = varied(image, mesh, identity)
        face, mesh = _face(models, image, name)
    return image, face, mesh


def _packaged(models: Models) -> tuple[Image, str]:
    item = next(item for item in lock.read_lock() if item.name == _PORTRAIT)
    lock.require(models.folder, (item,))
    return _read(models.folder / item.file), item.file


def _face(models: Models, image: Image, name: str) -> tuple[Face, Mesh]:
    faces = detect(models, image)
    mesh = landmarks(models, image, faces[0]) if faces else None
    if mesh is None:
        raise ModelError(f"No face was found in {name}.", lock.REMEDY)
    return faces[0], mesh


def _read(path: Path) -> Image:
    return decode_picture(path.read_bytes())


def subject(kind: Kind, person: Portrait, knobs: Knobs, other: Portrait | None = None) -> Camera:
    """A camera on a subject of this kind. `person` was loaded with the same size and face width as `knobs` say; `other` is who answers
    in a splice (else the same person does)."""
    return _Maker(kind, person, other or person, knobs).make()


class _Maker:
    """Puts one subject together."""

    def __init__(self, kind: Kind, person: Portrait, other: Portrait, knobs: Knobs) -> None:
        self._kind, self._portrait, self._other, self._knobs = kind, person, other, knobs
        self._random = np.random.default_rng(knobs.seed)
        self._warp, self._person = Warp(person), Person(self._random)

    def make(self) -> Camera:
        match self._kind:
            case "photo":
                hand = self._hand()
                return self._filmed(FlatScene(self._warp, self._person, hand, share=PAPER, moves=False, bezel=False))
            case "tilted" | "curved" | "cutout":
                return self._filmed(self._print())
            case "display" | "replay":
                return self._filmed(GlassScene(self._warp, self._person, self._hand(), self._random, moves=self._kind == "replay"))
            case "replay-old":
                film = OldFilmScene(self._warp, self._person, self._hand(), self._random, self._knobs)
                return OldFilmCamera(self._kind, film, self._knobs, self._random)
            case _:
                return self._person_or_fed()

    def _person_or_fed(self) -> Camera:
        """Somebody who answers, or pictures fed in place of the camera."""
        made = PersonScene(self._warp, self._person), self._knobs, self._random
        match self._kind:
            case "old":
                return OldRecording(self._kind, *made)
            case "retimed":
                return RetimedRecording(self._kind, *made)
            case "permuted":
                return PermutedRecording(self._kind, *made)
            case "static":
                return self._filmed(StillScene(self._warp))
            case "loop":
                return LoopedRecording(self._kind, LoopScene(self._warp, self._person, self._random), *made[1:])
            case "splice":
                accomplice = PersonScene(Warp(self._other), Person(self._random))
                return SplicedRecording(self._kind, SplicedScene(made[0], accomplice), *made[1:])
            case "relay":
                return SubjectCamera(self._kind, made[0], late(self._knobs, self._random), self._random)
            case _:
                return self._filmed(made[0])

    def _filmed(self, scene: Scene) -> Camera:
        return SubjectCamera(self._kind, scene, self._knobs, self._random)

    def _hand(self) -> Person:
        return Person(self._random, blinks=False)

    def _print(self) -> Scene:
        eyes = self._kind == "cutout"
        radius = float(self._random.uniform(*BENT)) if self._kind == "curved" else None
        sheet = paper(self._portrait, self._random, radius=radius, holes=eyes)
        return HeldPrint(sheet, Person(self._random, blinks=eyes), turns=frozenset({"nod", "shake"}), eyes=eyes)
