"""Who is filmed where: people, rooms and cameras, all drawn from one number per presentation.

A seed fixes the person, the light, the camera and every movement; the challenge is drawn by the server and is not repeatable. Three lights,
five cameras and four gestures go round with the seed, so that any sixty seeds in a row hold every combination of the three once; forty,
from a multiple of forty on, hold everybody once.
"""

import random
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from openekyc.engine.compare.embed import cosine
from openekyc.engine.face.values import Floats
from openekyc.engine.runtime import Models
from openekyc.engine.values import GESTURES, Gesture
from openekyc.simulator.camera import Camera
from openekyc.simulator.identity import STRANGERS
from openekyc.simulator.knobs import CODECS, Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.subject import load_embedded, load_portrait, subject

_MUTE = frozenset({3, 5, 7, 13, 23, 25, 26, 27, 30, 32, 35, 40, 44, 52})  # shut eyes or open mouths are not seen when drawn on them
PEOPLE = tuple(number for number in range(1, 55) if number not in _MUTE)  # forty
REPORTED, TUNING = 850_000, 1  # first seeds: of the set whose figures are published, and of the one to develop with
STRANGER = 0.1  # two people whose embeddings have at most this cosine are strangers to any recogniser
CANDIDATES = 24
SKIN = (0.35, 1.0)  # darkest and lightest, as shares of the portrait's own reflectance

Light = Literal["dim", "room", "bright"]
LIGHTS: dict[Light, tuple[float, float]] = {"dim": (0.4, 0.8), "room": (0.2, 0.4), "bright": (0.1, 0.18)}
"""Light that a white screen adds at the nose, as a share of the room's: 43 lx of a telephone in rooms of about 75, 150 and 300 lx."""

CameraName = Literal["steady", "adaptive", "rolling", "starved", "slow"]
CAMERAS: dict[CameraName, str] = {
    "steady": "slow automatic exposure, fixed white balance",
    "adaptive": "quick automatic exposure and white balance that works against the colours",
    "rolling": "the last row is exposed 15 to 30 ms after the first",
    "starved": "an encoder with 250 to 500 kbit/s",
    "slow": "10 to 15 frames a second",
}


class Presentation(msgspec.Struct, frozen=True):
    """What a seed stands for."""

    seed: int
    person: int  # one of PEOPLE
    light: Light
    camera: CameraName
    gesture: Gesture  # to ask for at levels with gestures
    knobs: Knobs

    @property
    def subject(self) -> str:
        """The person's name in a manifest."""
        return f"person-{self.person:02}"


def presentation(seed: int) -> Presentation:
    """The presentation number `seed`."""
    rng = random.Random(seed)  # noqa: S311 one seed, one film
    lights, cameras = get_args(Light), get_args(CameraName)
    light: Light = lights[seed % len(lights)]
    camera: CameraName = cameras[seed % len(cameras)]
    gesture = GESTURES[seed % len(GESTURES)]
    person = _person(seed)
    return Presentation(seed, person, light, camera, gesture, _knobs(seed, person, light, camera, rng))


def _person(seed: int) -> int:
    turn, place = divmod(seed, len(PEOPLE))
    return random.Random(turn).sample(PEOPLE, len(PEOPLE))[place]  # noqa: S311


def _knobs(seed: int, person: int, light: Light, camera: CameraName, rng: random.Random) -> Knobs:
    ambient = rng.uniform(0.5, 1.0)
    room = Knobs(
        seed=seed,
        identity=person,
        skin=skin_of(person),
        ambient=ambient,
        screen=ambient * rng.uniform(*LIGHTS[light]),
        lag_ms=rng.uniform(40, 220),
        fps=rng.choice((20.0, 24.0, 25.0, 30.0)),
        noise=rng.uniform(0.8, 2.5),
        codec=rng.choice(CODECS),
    )
    return msgspec.structs.replace(room, **_camera(camera, rng))


def _camera(name: CameraName, rng: random.Random) -> dict[str, float]:
    match name:
        case "steady":
            return {"exposure_speed": rng.uniform(0.005, 0.02)}
        case "adaptive":
            return {"exposure_speed": rng.uniform(0.04, 0.1), "white_balance": rng.uniform(0.01, 0.04)}
        case "rolling":
            return {"readout_ms": rng.uniform(15, 30)}
        case "starved":
            return {"bits_per_second": rng.randint(250_000, 500_000)}
        case "slow":
            return {"fps": rng.choice((10.0, 12.0, 15.0))}


def lit(shown: Presentation, share: float) -> Presentation:
    """The same under a screen that adds `share` of the room's light. The room stays as it is: cameras expose for it, so a brighter room
    and a weaker screen are the same picture."""
    light: Light = next((name for name, (low, _) in LIGHTS.items() if share >= low), "bright")
    knobs = msgspec.structs.replace(shown.knobs, screen=share * shown.knobs.ambient)
    return msgspec.structs.replace(shown, light=light, knobs=knobs)


def skin_of(person: int) -> float:
    """The reflectance of a person's skin."""
    return round(random.Random(person).uniform(*SKIN), 2)  # noqa: S311


class Cast:
    """The people, loaded when they are needed. `strangers` are pictures of others, for splices. Not for several threads."""

    def __init__(self, models: Models, strangers: Sequence[Path] = ()) -> None:
        self._models, self._strangers = models, strangers
        self.portrait = lru_cache(16)(self._portrait)
        self._picture = lru_cache(16)(self._portrait_of)
        self._embedding = lru_cache(len(PEOPLE) + CANDIDATES)(self._embed)

    def camera(self, kind: Kind, shown: Presentation) -> Camera:
        """A camera on this presentation."""
        other = self._accomplice(shown.person) if kind == "splice" else None
        return subject(kind, self.portrait(shown.person), shown.knobs, other)

    def _accomplice(self, person: int) -> Portrait:
        if self._strangers:
            return self._picture(self._strangers[person % len(self._strangers)])
        return self.portrait(self.stranger(person))

    def stranger(self, person: int) -> int:
        """Somebody else to the recogniser: the first stranger found, or who resembles the person least."""
        likeness: dict[int, float] = {}
        for other in range(STRANGERS + 1, STRANGERS + CANDIDATES + 1):
            likeness[other] = cosine(self._embedding(person), self._embedding(other))
            if likeness[other] <= STRANGER:
                return other
        return min(likeness, key=lambda other: likeness[other])

    def _portrait(self, person: int) -> Portrait:
        return load_portrait(self._models, Knobs(identity=person, skin=skin_of(person)))

    def _portrait_of(self, picture: Path) -> Portrait:
        return load_portrait(self._models, Knobs(), picture)

    def _embed(self, person: int) -> Floats:
        return load_embedded(self._models, person)
