"""What a simulated capture client needs of a camera, whether it renders a subject or plays a file."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from openekyc.engine.values import Colour, GestureStep
from openekyc.simulator.script import AnyStep

Rgb = tuple[float, float, float]  # 8-bit sRGB: red, green, blue


class Shot(msgspec.Struct, frozen=True):
    """One frame as the client gets to see it: when (client's clock), its own media time, and its mean colour on a 64x48 copy."""

    now_ms: float
    media_s: float
    rgb: Rgb


class Camera(Protocol):
    """A camera and its recorder. All times are milliseconds on the client's clock."""

    label: str
    rendered: bool  # a simulated subject, for sandbox sessions only; False for a file that is played
    mime: str
    width: int
    height: int
    fps: float

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        """Begin to record; `steps` is what the client knows of the challenge by now."""

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """A gesture's prompt is on the screen."""

    def disclose(self, colours: Sequence[Colour], begin_ms: float) -> None:
        """The client has been told the colours; the first is due at `begin_ms`. For software in place of a camera."""

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        """The whole screen has this colour from now on."""

    def due_ms(self) -> float | None:
        """When the next frame arrives; None once there are no more."""

    def shoot(self) -> Shot:
        """Take that frame."""

    def take(self) -> bytes:
        """What the recorder wrote since the last call."""

    def close(self) -> bytes:
        """Stop; the recording's last bytes."""
