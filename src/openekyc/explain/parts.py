"""Small parts of the page: HTML of which every text is escaped."""

import base64
import time
from collections.abc import Sequence
from html import escape


def section(title: str, *parts: str) -> str:
    """A part with its title."""
    return f"<section><h3>{escape(title)}</h3>{''.join(parts)}</section>"


def fold(title: str, body: str) -> str:
    """A part that is unfolded on demand."""
    return f"<details><summary>{escape(title)}</summary>{body}</details>"


def fact_list(facts: dict[str, str]) -> str:
    """Names with their values; "" if there are none."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f"<dl>{rows}</dl>" if rows else ""


def flat(values: object, before: str = "") -> str:
    """Nested values in one line."""
    if isinstance(values, dict):
        return "; ".join(filter(None, (flat(value, f"{before}{name} ") for name, value in values.items())))
    if isinstance(values, Sequence) and not isinstance(values, str):
        return before + ", ".join(map(str, values)) if values else ""
    return f"{before}{values}" if values not in ("", None) else ""


def plain(name: str) -> str:
    """A name as people write it."""
    return name.replace("_", " ")


def moment(seconds: float) -> str:
    """A time in UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def image(data: bytes, label: str, media_type: str = "image/jpeg") -> str:
    """A picture inside the page."""
    return f'<img alt="{escape(label)}" src="data:{escape(media_type)};base64,{base64.b64encode(data).decode()}">'
