"""The knobs of the simulated subject: everything a benchmark or a demonstration may vary, in one frozen value."""

from typing import Literal

import msgspec

Kind = Literal["live", "photo", "display", "replay", "old"]
KINDS: tuple[Kind, ...] = ("live", "photo", "display", "replay", "old")
"""Who or what is in front of the camera. `live`: a person who answers. The rest are presentation attacks, by species: `photo`: a
hand-held print, which reflects the screen as paper does; `display`: a picture on a screen; `replay`: a video of the person on a
screen; `old`: a recording of the person answering an earlier challenge, fed in place of the camera."""

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
