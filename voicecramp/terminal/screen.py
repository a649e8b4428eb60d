"""A conversation on the terminal."""

from contextlib import suppress
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from voicecramp.events import Count, Event, Interrupted, Partial, SpeechEnd, StateChange
from voicecramp.terminal.lines import LABEL, described

__all__ = ["Screen"]

_BAR_WIDTH = 40


class Screen:
    """Shows events as they come.

    Lines stay; on a terminal what is being heard and the hold are shown below them and change in place.
    """

    def __init__(self, console: Console, *, plain: bool) -> None:
        """Args: where to show it; whether to keep to lines, as for a pipe or a screen reader."""
        self._console = console
        self._live = None if plain else Live(console=console, refresh_per_second=10, transient=True)
        self._partial = ""
        self._hold: Count | None = None
        self._length = 0

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._live:
            with suppress(OSError):  # a terminal that was closed is left as it is
                self._live.stop()

    def show(self, event: Event) -> None:
        """Show an event."""
        if self._live:
            self._follow(event)
            if isinstance(event, Partial | Count):
                self.at(event.t)
                return
        line = described(event)
        if line and self._live:
            row = Table.grid()
            row.add_column(width=LABEL)  # a long line goes on under its beginning
            row.add_row(*line.divide([LABEL]))
            self._console.print(row, highlight=False)
        elif line:
            self._console.print(line, soft_wrap=True, highlight=False)

    def at(self, t: float) -> None:
        """Bring what changes in place up to stream time `t`, in seconds."""
        if self._live:
            self._live.update(self._now(t))

    def _follow(self, event: Event) -> None:
        match event:
            case Partial():
                self._partial = event.text
            case SpeechEnd():
                self._partial = ""
            case Count():
                if self._hold is None:
                    self._length = event.value
                self._hold = event
            case StateChange() | Interrupted():
                self._hold = None

    def _now(self, t: float) -> RenderableType:
        rows: list[RenderableType] = []
        if self._hold:
            left = max(0.0, self._hold.value - (t - self._hold.ideal))
            row = Table.grid(padding=(0, 2))
            bar = ProgressBar(total=self._length, completed=self._length - left, width=_BAR_WIDTH)
            row.add_row(Text("hold", "bold magenta"), bar, Text(f"{left:4.0f} s left"))
            rows.append(row)
        if self._partial:
            rows.append(Text.assemble(("… ", "dim"), (self._partial, "italic")))
        return Group(*rows)
