"""The knobs of the simulated subject: everything a benchmark or a demonstration may vary, in one frozen value."""

from typing import Literal, get_args

import msgspec

Kind = Literal[
    "live",
    "photo",
    "tilted",
    "curved",
    "cutout",
    "display",
    "replay",
    "replay-old",
    "old",
    "retimed",
    "permuted",
    "relay",
    "static",
    "loop",
    "splice",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Who or what is in front of the camera: a person who answers, or a presentation attack, by species. `SENTENCES` says which."""

SENTENCES: dict[Kind, str] = {
    "live": "A person who answers every prompt and is lit by the screen.",
    "photo": "Flat print: a hand-held photo, which reflects the screen as paper does.",
    "tilted": "Flat print that is turned by hand when a nod or a shake is asked for.",
    "curved": "Print bent round a vertical axis as if round a head, turned on cue.",
    "cutout": "Print with eye holes: the attacker's own eyes look and blink through it, and it is turned on cue.",
    "display": "A picture on a screen held into the camera.",
    "replay": "Plain video of the person on a screen, whose glass mirrors a little of the light.",
    "replay-old": "A screen that plays the person answering an earlier challenge, its colours included.",
    "old": "A recording of an earlier challenge fed in place of the camera.",
    "retimed": "A recording of an earlier challenge, fed in, re-timed so that gestures and colours begin when today's do.",
    "permuted": "A recording fed in, made to fit today's prompts and the moments of today's colours, but with these in another order.",
    "relay": "The right person answering today's challenge elsewhere: right colours and gestures, too late.",
    "static": "One still picture fed in place of the camera.",
    "loop": "A short recording with the gesture that is asked for, fed in over and over.",
    "splice": "Video of the person at begin and end; in between somebody else answers the challenge.",
}

Codec = Literal["h264-mkv", "vp8-webm", "vp9-webm", "h264-mp4"]
CODECS: tuple[Codec, ...] = ("h264-mkv", "vp8-webm", "vp9-webm", "h264-mp4")


class Knobs(msgspec.Struct, frozen=True):
    """Scene, camera and person. Light is in units of the portrait's own light (1 = as photographed)."""

    seed: int = 0  # drives reaction times, amplitudes, sway, noise; one seed, one film
    ambient: float = 0.75  # room light on the scene
    screen: float = 0.30  # light that a full white screen adds at the tip of the nose
    lag_ms: float = 90.0  # from painting a colour to the frame that shows it
    fps: float = 30.0
    skin: float = 1.0  # linear reflectance of the skin, 1 = as photographed, 0.3 = dark
    noise: float = 1.5  # standard deviation of the sensor noise, 8-bit steps
    codec: Codec = "h264-mkv"
    width: int = 640
    height: int = 480
    face_px: float = 210.0  # width of the detector's box on the face
    identity: int = 0  # 0 = the person of the portrait; others have another face shape and colouring, see `population`
    exposure_speed: float = 0.02  # share of the exposure's error that the camera corrects per frame
    white_balance: float = 0.0  # the same for the colour cast; 0 = fixed
    readout_ms: float = 0.0  # rolling shutter: the last row is exposed this much later than the first
    bits_per_second: int = 2_000_000  # asked of the encoder
