"""What the token actions share."""

from typing import cast

from openekyc.engine.values import Level

LEVELS = ("1", "2", "3", "4")


def level(text: str) -> Level:
    """A checked SecureLevel as a number."""
    return cast(Level, int(text))
