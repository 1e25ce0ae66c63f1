"""A few shapes as SVG text: just what the curves and the time line need, so that a page stays one file without scripts."""

from collections.abc import Iterable, Sequence
from html import escape

import msgspec


class Axis(msgspec.Struct, frozen=True):
    """A linear scale from values to pixels."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value; values outside stay at the edge."""
        share = (value - self.low) / (self.high - self.low or 1.0)
        return round(self.begin + (self.end - self.begin) * min(max(share, 0.0), 1.0), 1)


def picture(width: float, height: float, shapes: Iterable[str], label: str) -> str:
    """A whole drawing that scales with the page; `label` is read to those who cannot see it."""
    view = f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}"'
    return f'<svg {view} preserveAspectRatio="xMidYMid meet">{"".join(shapes)}</svg>'


def line(xs: Sequence[float], ys: Sequence[float], x: Axis, y: Axis, style: str) -> str:
    """A curve; `style` is a CSS class."""
    points = " ".join(f"{x.at(a):g},{y.at(b):g}" for a, b in zip(xs, ys, strict=False))
    return f'<polyline class="{style}" points="{points}"/>'


def box(left: float, top: float, right: float, bottom: float, style: str, title: str = "", fill: str = "") -> str:
    """A rectangle with a tooltip."""
    painted = f' fill="{escape(fill)}"' if fill else ""
    width, height = max(right - left, 0.5), bottom - top
    body = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect class="{style}"{painted} x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}">{body}</rect>'


def rule(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """A straight line."""
    return f'<line class="{style}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'


def text(x: float, y: float, words: str, style: str = "label", anchor: str = "start") -> str:
    """Words, set by their base line."""
    return f'<text class="{style}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def seconds(x: Axis, top: float, bottom: float) -> str:
    """A time axis with a tick each second, numbered so that numbers do not touch."""
    every = 1 if x.high - x.low <= 16 else 2 if x.high - x.low <= 32 else 5
    ticks = range(int(x.low) + (x.low > int(x.low)), int(x.high) + 1)
    shapes = [rule(x.at(tick), top, x.at(tick), bottom, "tick") for tick in ticks]
    shapes += [text(x.at(tick), bottom + 13, f"{tick} s", "small", "middle") for tick in ticks if tick % every == 0]
    return "".join(shapes)
