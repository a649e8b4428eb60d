"""How often answers were right, against how sure the model was of them: in bins, as one number, as a plot."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import sqrt
from pathlib import Path
from xml.etree import ElementTree as ET

__all__ = ["Bin", "calibration", "into_bins", "merge", "plot"]

Bin = tuple[float, float, float, int, int]
"""Answers of like confidence: from, to, the mean of their confidences, how many, how many right."""

_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
_SIDE = 320  # pixels of the square between nothing and certainty
_LEFT, _TOP, _RIGHT, _BOTTOM = 62, 18, 150, 52
_COLOURS = ("#1f5f8b", "#c2571a", "#4d7c3a")
_Z = 1.96
"""Deviations on either side that hold the truth 95 times of 100."""


def into_bins(answers: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Sort answers, each with its confidence (0 to 1) and whether it was right, into bins; empty ones are left out."""
    answers, rows = list(answers), list[Bin]()
    for low, high in zip(_EDGES, (*_EDGES[1:], 1.01), strict=True):
        within = [(sure, hit) for sure, hit in answers if low <= sure < high]
        if within:
            mean = sum(sure for sure, _ in within) / len(within)
            rows.append((low, min(high, 1.0), mean, len(within), sum(hit for _, hit in within)))
    return tuple(rows)


def merge(*tests: Iterable[Bin]) -> tuple[Bin, ...]:
    """Put the answers of several tests into the same bins."""
    together: dict[tuple[float, float], list[Bin]] = {}
    for one in chain.from_iterable(tests):
        together.setdefault(one[:2], []).append(one)
    rows = list[Bin]()
    for (low, high), bins in sorted(together.items()):
        total = sum(many for *_, many, _ in bins)
        mean = sum(mean * many for _, _, mean, many, _ in bins) / total
        rows.append((low, high, mean, total, sum(right for *_, right in bins)))
    return tuple(rows)


def calibration(bins: Iterable[Bin]) -> float:
    """Return how far the confidence is from the share of right answers, in the mean over all answers.

    0 is best; known as the expected calibration error.
    """
    bins = list(bins)
    return sum(abs(mean * total - right) for _, _, mean, total, right in bins) / max(
        1, sum(total for *_, total, _ in bins)
    )


def interval(right: int, total: int) -> tuple[float, float]:
    """Return between what shares the true one is, 95 times of 100 (Wilson's interval)."""
    share, spread = right / total, _Z**2 / total
    middle = (share + spread / 2) / (1 + spread)
    reach = sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    return middle - reach, middle + reach


def plot(path: Path, tests: Mapping[str, Sequence[Bin]]) -> None:
    """Write an SVG: a disc for every bin of every test, its area for how many answers are in it."""
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BOTTOM
    picture = ET.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": str(width),
         "height": str(height), "font-family": "sans-serif", "font-size": "12", "role": "img",
         "aria-label": "How often answers were right, by the model's confidence"},
    )  # fmt: skip
    _add(picture, "rect", x=0, y=0, width=width, height=height, fill="#fff")
    for tenth in range(0, 11, 2):
        at = tenth / 10
        _line(picture, (0, at), (1, at), "#ddd")
        _line(picture, (at, 0), (at, 1), "#ddd")
        _text(picture, f"{at:g}", _x(at), _TOP + _SIDE + 18)
        _text(picture, f"{at:g}", _LEFT - 18, _y(at) + 4)
    _line(picture, (0, 0), (1, 1), "#777", dash="5 4")
    _text(picture, "lowest confidence of a word", _x(0.5), height - 12)
    up = _text(picture, "share of right answers", 16, _y(0.5))
    up.set("transform", f"rotate(-90 16 {_y(0.5):g})")
    most = max((row[3] for rows in tests.values() for row in rows), default=1)
    for number, (name, rows) in enumerate(tests.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        for _, _, mean, total, right in rows:
            low, high = interval(right, total)
            _line(picture, (mean, low), (mean, high), colour)
            radius = 3 + 9 * sqrt(total / most)
            _add(picture, "circle", cx=_x(mean), cy=_y(right / total), r=radius, fill=colour, opacity=0.7)
        _add(picture, "circle", cx=_LEFT + _SIDE + 24, cy=_TOP + 20 + 22 * number, r=6, fill=colour)
        label = _text(picture, name, _LEFT + _SIDE + 36, _TOP + 24 + 22 * number)
        label.set("text-anchor", "start")
    path.write_text(ET.tostring(picture, encoding="unicode") + "\n", encoding="utf-8")


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE


def _add(picture: ET.Element, kind: str, **attributes: object) -> ET.Element:
    shown = {k: f"{v:.1f}" if isinstance(v, float) else str(v) for k, v in attributes.items()}
    return ET.SubElement(picture, kind, shown)


def _line(
    picture: ET.Element, start: tuple[float, float], end: tuple[float, float], colour: str, dash: str = "none"
) -> None:
    line = _add(picture, "line", x1=_x(start[0]), y1=_y(start[1]), x2=_x(end[0]), y2=_y(end[1]))
    line.attrib.update({"stroke": colour, "stroke-width": "1.5", "stroke-dasharray": dash})


def _text(picture: ET.Element, text: str, x: float, y: float) -> ET.Element:
    written = _add(picture, "text", x=x, y=y)
    written.attrib.update({"text-anchor": "middle", "fill": "#333"})
    written.text = text
    return written
