"""What a person sees while it listens and talks."""

import errno
import io

import pytest
from rich.console import Console

from voicecramp.events import Count, Event, Interrupted, Partial, Said, SpeechEnd, StateChange
from voicecramp.terminal import Screen

LONG = "one of a good many words " * 4
SAID = Said(t=1.0, id="a", text=LONG, start=1.0, end=3.0, source=[])


def shown(*events: Event, t: float, plain: bool = False) -> str:
    """What stands below the lines at stream time `t`, and the lines."""
    console = Console(file=io.StringIO(), width=60, force_terminal=not plain, record=True)
    screen = Screen(console, plain=plain)
    for event in events:
        screen.show(event)
    with console.capture() as now:
        console.print(screen._now(t))
    return console.export_text() if events == (SAID,) else now.get()


def moved(t: float) -> StateChange:
    return StateChange.model_validate({"t": t, "from": "holding calf/hold", "to": "asking doctor/swollen"})


def test_a_hold_counts_down_between_its_numbers() -> None:
    now = shown(Count(t=10.0, value=30, start=10.0, ideal=10.0), t=12.0)
    assert "28 s left" in now


@pytest.mark.parametrize("end", [moved(11.0), Interrupted(t=11.0, id="count-30", at=11.0)])
def test_a_hold_that_is_over_is_not_shown(end: Event) -> None:
    assert "left" not in shown(Count(t=10.0, value=30, start=10.0, ideal=10.0), end, t=12.0)


def test_what_is_being_heard_is_shown_until_it_has_been() -> None:
    assert "help calf" in shown(Partial(t=1.0, text="help calf"), t=1.0)
    assert "help calf" not in shown(Partial(t=1.0, text="help calf"), SpeechEnd(t=1.5), t=1.5)


def test_a_long_line_goes_on_under_its_beginning() -> None:
    first, second, *_ = shown(SAID, t=1.0).splitlines()
    assert first.startswith("   1.00  says        one of")
    assert second.startswith(" " * 21)
    assert second[21] != " "


class Closed(io.StringIO):
    """A terminal whose window somebody closes."""

    closed_by_somebody = False

    def write(self, text: str) -> int:
        if self.closed_by_somebody:
            raise OSError(errno.EIO, "Input/output error")
        return super().write(text)


def test_a_terminal_that_was_closed_is_no_reason_to_fail_at_the_end() -> None:
    terminal = Closed()
    with Screen(Console(file=terminal, force_terminal=True), plain=False) as screen:
        screen.show(Partial(t=1.0, text="help calf"))
        terminal.closed_by_somebody = True


def test_plain_lines_are_never_broken() -> None:
    (line,) = (row for row in shown(SAID, t=1.0, plain=True).splitlines() if row.strip())
    assert line.rstrip().endswith("many words")
