"""How the one who asks is shown to people: the bounds of every such setting, of the server and of an account alike.

All of it is plain text or an address. Nothing here may break a line, turn the direction of the text around it or run as a script.
"""

from typing import Literal

Spoken = Literal["en", "zh-Hans", "zh-Hant", "ja", "ko", "th", "id", "ms", "vi", "pt-BR", "ar"]
"""The languages the page speaks."""
