"""When the cramps came, as two pictures (SVG)."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pygal
from pygal.style import Style

from voicecramp.diary.history import Cramp

__all__ = ["by_hour", "by_week"]

# pygal looks for maps in every import from now on, in a way that Python 3.11 warns of; there are no maps here.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

_WIDTH, _HEIGHT = 720, 190
"""Units of the picture, which grows to the width of the page: two of them and the summary fill half of it."""

_MOST_WEEKS = 53
"""More bars than a year's cannot be told apart."""

_NOON = 12
"""The hour a day of cramps begins with, so that the night is in the middle."""

_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#333",
    foreground_strong="#111",
    foreground_subtle="#777",
    colors=("#1f5f8b",),
    opacity="1",
    guide_stroke_color="#ddd",
    major_guide_stroke_color="#ddd",
    font_family="sans-serif",
    label_font_size=11,
    major_label_font_size=11,
    value_font_size=11,
    value_colors=("#111",),
)


def by_week(cramps: Sequence[Cramp], first: date, last: date) -> str:
    """Return the cramps of each week, Monday to Sunday, from that of `first` to that of `last`: a year at most."""
    end = _monday(last)
    start = max(_monday(first), end - timedelta(weeks=_MOST_WEEKS - 1))
    weeks = [start + timedelta(weeks=number) for number in range((end - start).days // 7 + 1)]
    counts = Counter(_monday(cramp.began.date()) for cramp in cramps)
    every = -(-len(weeks) // 14)  # fourteen dates have room
    labels = [f"{week.day} {week:%b}" if number % every == 0 else "" for number, week in enumerate(weeks)]
    return _bars("Cramps in the week that began on", labels, [counts[week] for week in weeks])


def by_hour(cramps: Sequence[Cramp]) -> str:
    """Return the cramps of each hour, from noon to noon by the clock on the wall."""
    hours = [(_NOON + number) % 24 for number in range(24)]
    counts = Counter(cramp.began.hour for cramp in cramps)
    return _bars("Cramps in the hour from", [str(hour) for hour in hours], [counts[hour] for hour in hours])


def _bars(title: str, labels: Sequence[str], counts: Sequence[int]) -> str:
    most = max([*counts, 1])
    chart = pygal.Bar(
        width=_WIDTH,
        height=_HEIGHT,
        style=_STYLE,
        js=(),
        show_legend=False,
        print_values=True,
        print_values_position="top",
        formatter=lambda count: str(count) if count else "",
        range=(0, most + 1),  # room for the number above the highest
        y_labels=range(0, most + 1, -(-most // 5)),
        show_x_guides=False,
        margin=4,
        spacing=6,
    )
    chart.title = None
    chart.x_labels = labels
    chart.add(title, counts)
    picture = chart.render_tree()
    for parent in list(picture.iter()):
        for child in list(parent):
            # A page for the doctor runs no script, and needs neither the numbers twice nor advertisements.
            if child.tag in {"script", "desc", "title"} or not isinstance(child.tag, str):
                parent.remove(child)
    picture.set("role", "img")
    picture.set("aria-label", title)
    return ET.tostring(picture, encoding="unicode")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
