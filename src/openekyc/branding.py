"""How the one who asks is shown to people: the bounds of every such setting, of the server and of an account alike.

All of it is plain text or an address. Nothing here may break a line where one is meant, turn the direction of the text around it, or
be an address that runs or leads elsewhere than it says.
"""

import re
from typing import Annotated, Literal, get_args

from msgspec import Meta

Spoken = Literal["en", "zh-Hans", "zh-Hant", "ja", "ko", "th", "id", "ms", "vi", "pt-BR", "ar"]
"""The languages the page speaks."""

_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff"  # invisible, or turning the text around them
LINE = rf"^(?![ ])[^\t\n{_CONTROLS}]*\Z"
LINES = rf"^[^{_CONTROLS}]*\Z"
_HOST = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
_HTTPS = rf"https://{_HOST}(:[0-9]{{1,5}})?([/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?"
_MAIL = rf"mailto:[A-Za-z0-9._+-]+@{_HOST}"
_PHONE = r"tel:\+?[0-9][0-9().-]{2,29}"

Name = Annotated[str, Meta(max_length=80, pattern=LINE, description="Company name that people see: one line, 80 characters.")]
LogoFile = Annotated[str, Meta(max_length=4096, description="Logo that people see: a PNG or WebP file, at most 200 kB and 2048 x 2048.")]
Colour = Annotated[str, Meta(pattern=r"^(#[0-9A-Fa-f]{6})?\Z", description="Colour of the page, as #2d72f1; a token's ThemeColor wins.")]
Purpose = Annotated[str, Meta(max_length=300, pattern=LINE, description="Why people are asked: one line, 300 characters.")]
Kept = Annotated[str, Meta(max_length=100, pattern=LINE, description="How long data are kept, as `30 days`: one line, 100 characters.")]
PrivacyAddress = Annotated[
    str, Meta(max_length=1000, pattern=rf"^({_HTTPS})?\Z", description="Address of the privacy notice: https, without a password.")
]
TermsAddress = Annotated[
    str, Meta(max_length=1000, pattern=rf"^({_HTTPS})?\Z", description="Address of the terms of use: https, without a password.")
]
Support = Annotated[
    str,
    Meta(
        max_length=1000,
        pattern=rf"^({_HTTPS}|{_MAIL}|{_PHONE})?\Z",
        description="Where people find help: as mailto:help@shop.example, tel:+49-30-1234567 or https://shop.example/help.",
    ),
]
Consents = Annotated[
    dict[Spoken, Annotated[str, Meta(min_length=1, max_length=4000, pattern=LINES)]],
    Meta(
        description=f"Consent in your own words, by language ({', '.join(get_args(Spoken))}): plain text, 4,000 characters each. "
        "A table in TOML, a JSON object in the environment."
    ),
]

LOGO = r"^[0-9a-f]{64}\.(png|webp)\Z"
"""The name under which a logo is kept: the SHA-256 of its bytes, and what they are."""


def is_logo(name: str) -> bool:
    """Whether `name` is one under which a logo may be kept."""
    return re.match(LOGO, name) is not None


def logo_key(name: str) -> str:
    """Where the blob of a kept logo lies."""
    return f"brand/{name}"
