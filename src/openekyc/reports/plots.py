"""Small plots as SVG text: error curves, histograms of scores, courses of signals. No script, no font, no link to anything."""

from collections.abc import Sequence
from html import escape
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]

COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#be123c", "#0f766e", "#a16207", "#475569", "#1d4ed8", "#9d174d")
LIVE = "#0b6e99"
ATTACK = "#c2410c"
LEAST = 0.001  # error rates under it are drawn at the edge
_TICKS = (0.00001, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99)
_NORMAL = NormalDist()


class Box(NamedTuple):
    """Where a plot's area lies in its picture, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def at(self, across: float, up: float) -> tuple[float, float]:
        """A place given as shares of the area, from its lower left corner."""
        return round(self.x + across * self.width, 1), round(self.y + (1 - up) * self.height, 1)


def picture(width: int, height: int, parts: Sequence[str], title: str) -> str:
    """A whole SVG document."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
    style = ' font-family="system-ui, sans-serif" font-size="12" fill="#334155">'
    return f"{head}{style}<title>{escape(title)}</title><rect width='{width}' height='{height}' fill='#fff'/>{''.join(parts)}</svg>\n"


def text(x: float, y: float, words: str, anchor: str = "start", colour: str = "#334155", turn: bool = False) -> str:
    """A line of text; `turn` writes it upwards."""
    rotated = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turn else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{rotated}>{escape(words)}</text>'


def line(points: Sequence[tuple[float, float]], colour: str, width: float = 1.5, dash: str = "") -> str:
    """A polyline."""
    places = " ".join(f"{x:g},{y:g}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed} stroke-linejoin="round"/>'


def area(box: Box, begin: float, end: float, colour: str, opacity: float = 1.0, low: float = 0.0, high: float = 1.0) -> str:
    """A filled rectangle between shares of the plot's width and height."""
    (left, bottom), (right, top) = box.at(begin, low), box.at(end, high)
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{max(right - left, 0.5):g}" height="{max(bottom - top, 0.0):g}" '
        f'fill="{colour}" fill-opacity="{opacity:g}"/>'
    )


def frame(box: Box) -> str:
    """The outline of a plot's area."""
    return f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" fill="none" stroke="#cbd5e1"/>'


# --- detection error trade-off ---------------------------------------------------------------------------------------------


AXES = ("BPCER (bona fide taken for attacks)", "APCER (attacks let through)")


def det_plot(curves: Sequence[tuple[str, Series, Series]], title: str, axes: tuple[str, str] = AXES, least: float = LEAST) -> str:
    """Named curves of one error rate against the other on axes that are straight for normal scores (probit), from `least` up."""
    box = Box(64, 34, 360, 360)
    parts = [text(64, 20, title), frame(box), *_grid(box, least)]
    for place, (name, across, up) in enumerate(curves):
        colour = COLOURS[place % len(COLOURS)]
        points = [box.at(_probit(x, least), _probit(y, least)) for x, y in zip(across, up, strict=True)]
        parts.append(line(list(dict.fromkeys(points)), colour, 2))
        parts += [area(Box(440, 40 + 20 * place, 14, 4), 0, 1, colour), text(460, 46 + 20 * place, name)]
    parts += [text(244, 452, axes[0], "middle"), text(12, 214, axes[1], "middle", turn=True)]
    return picture(680, 464, parts, title)


def _probit(rate: float, least: float) -> float:
    low = _NORMAL.inv_cdf(least)
    return (_NORMAL.inv_cdf(min(max(float(rate), least), 1 - least)) - low) / (-2 * low)


def _grid(box: Box, least: float) -> list[str]:
    parts = []
    for tick in (tick for tick in _TICKS if tick >= least):
        share, name = _probit(tick, least), f"{100 * tick:g}%"
        parts += [line([box.at(share, 0), box.at(share, 1)], "#e2e8f0", 1), line([box.at(0, share), box.at(1, share)], "#e2e8f0", 1)]
        parts += [
            text(box.x - 6, box.at(0, share)[1] + 4, name, "end"),
            text(box.at(share, 0)[0] + 4, box.y + box.height + 6, name, "end", turn=True),
        ]
    return parts


# --- histograms ---------------------------------------------------------------------------------------------------------------


def histograms(rows: Sequence[tuple[str, Series]], title: str, bar: float | None = None, bins: int = 40) -> str:
    """One row of bars for each named group, all on one scale of scores; `bar` marks a threshold. The first group is bona fide."""
    values = np.concatenate([scores for _, scores in rows]) if rows else np.zeros(0)
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    low, high = min(low, 0.0), max(high, 1.0)
    parts = [text(12, 20, title)]
    for place, (name, scores) in enumerate(rows):
        box = Box(190, 34 + 62 * place, 470, 52)
        parts += [*_bars(box, scores, (low, high), bins, LIVE if place == 0 else ATTACK), frame(box)]
        parts += [text(180, box.y + 24, name, "end"), text(180, box.y + 40, f"{len(scores)} scored", "end", "#64748b")]
        if bar is not None:
            share = (bar - low) / (high - low)
            parts.append(line([box.at(share, 0), box.at(share, 1)], "#0f172a", 1, "3 3"))
    bottom = 34 + 62 * len(rows)
    parts += [text(190, bottom + 12, f"{low:g}"), text(660, bottom + 12, f"{high:g}", "end"), text(425, bottom + 12, "score", "middle")]
    return picture(680, bottom + 22, parts, title)


def _bars(box: Box, scores: Series, span: tuple[float, float], bins: int, colour: str) -> list[str]:
    counts, _ = np.histogram(scores, bins, span)
    tallest = max(int(counts.max()), 1)
    return [area(box, i / bins, (i + 0.9) / bins, colour, 0.85, 0, n / tallest) for i, n in enumerate(counts) if n]


# --- signals over time --------------------------------------------------------------------------------------------------------


class Panel(NamedTuple):
    """One strip of a time plot: named series, the range shown, spans that were labelled and left out, and spans found (with whether
    they count as right)."""

    name: str
    series: Sequence[tuple[str, Series]]
    low: float
    high: float
    labelled: Sequence[tuple[float, float]]
    ignored: Sequence[tuple[float, float]]
    found: Sequence[tuple[float, float, bool]]


HIT, FALSE, LABEL, IGNORED = "#15803d", "#b91c1c", "#86efac", "#e2e8f0"


def time_plot(time: Series, panels: Sequence[Panel], duration: float, title: str) -> str:
    """Panels one under the other over the same seconds."""
    width = int(min(max(60 * duration, 640), 2400))
    parts = [text(12, 20, title), *_key(width)]
    for place, panel in enumerate(panels):
        parts += _panel(Box(90, 40 + 116 * place, width - 110, 96), panel, time, duration)
    bottom = 40 + 116 * len(panels)
    parts += [text(90 + (width - 110) * second / duration, bottom, f"{second} s", "middle") for second in _seconds(duration)]
    return picture(width, bottom + 12, parts, title)


def _key(width: int) -> list[str]:
    names = ((LABEL, "labelled"), (IGNORED, "left out"), (HIT, "found"), (FALSE, "false"))
    parts = []
    for place, (colour, name) in enumerate(names):
        x = width - 330 + 80 * place
        parts += [area(Box(x, 11, 12, 10), 0, 1, colour), text(x + 17, 20, name)]
    return parts


def _panel(box: Box, panel: Panel, time: Series, duration: float) -> list[str]:
    parts = [area(box, *_shares(span, duration), IGNORED) for span in panel.ignored]
    parts += [area(box, *_shares(span, duration), LABEL, 0.7) for span in panel.labelled]
    for place, (name, values) in enumerate(panel.series):
        shares = np.clip((values - panel.low) / (panel.high - panel.low), 0.0, 1.0)
        points = [box.at(moment / duration, share) for moment, share in zip(time, shares, strict=True)]
        parts += [line(points, COLOURS[place], 1.2), text(box.x - 6, box.y + 42 + 14 * place, name, "end", COLOURS[place])]
    parts += [area(box, *_shares((begin, end), duration), HIT if right else FALSE, 1, 0.94, 1.0) for begin, end, right in panel.found]
    parts += [frame(box), text(box.x - 6, box.y + 20, panel.name, "end", "#0f172a")]
    return [
        *parts,
        text(box.x + 3, box.y + 12, f"{panel.high:g}", colour="#94a3b8"),
        text(box.x + 3, box.y + 93, f"{panel.low:g}", colour="#94a3b8"),
    ]


def _shares(span: tuple[float, float], duration: float) -> tuple[float, float]:
    return min(max(span[0] / duration, 0.0), 1.0), min(max(span[1] / duration, 0.0), 1.0)


def _seconds(duration: float) -> range:
    return range(0, int(duration) + 1, max(1, int(duration // 30)))
