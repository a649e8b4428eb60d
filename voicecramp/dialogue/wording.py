"""What the assistant says about the conversation itself: the lines that belong to no flow."""

from collections.abc import Iterator
from string import Formatter
from typing import Annotated, Self

from pydantic import Field, model_validator

from voicecramp.datafile import Strict
from voicecramp.dialogue.cues import Line
from voicecramp.dialogue.steps import Id
from voicecramp.nlu import SlotValue

__all__ = ["Wording", "WordingLine"]

_FILLED_IN = {
    "did_you_say": "label",
    **dict.fromkeys(("timer_named", "timer_named_done", "timers_none_named"), "name"),
    **dict.fromkeys(
        ("seconds_left", "hold_length", "seconds", "minutes", "cramps", "last_days", "tried_for"), "n"
    ),
}
"""The lines into which a value is filled, and its name."""


class WordingLine(Strict):
    """One line."""

    text: Annotated[str, Field(min_length=1)]
    source: tuple[Id, ...] = ()
    beyond: str = ""


class Wording(Strict):
    """Every line by name; in braces stand values that are filled in, as `{n}` for a number."""

    ready: WordingLine
    did_you_say: WordingLine
    all_right: WordingLine
    paused: WordingLine
    let_go: WordingLine
    stretch_again: WordingLine
    seconds_left: WordingLine
    hold_length: WordingLine
    good_night: WordingLine
    welcome: WordingLine
    other_leg: WordingLine

    missed: WordingLine
    yes_or_no: WordingLine
    two_choices: WordingLine
    going_on: WordingLine

    options_idle: WordingLine
    options_guiding: WordingLine
    options_holding: WordingLine
    options_other: WordingLine
    options_paused: WordingLine

    loudest: WordingLine
    quietest: WordingLine
    whispering: WordingLine
    slower: WordingLine
    slowest: WordingLine
    faster: WordingLine
    fastest: WordingLine
    counting_every: WordingLine
    counting_less: WordingLine
    counting_none: WordingLine
    counting_usual: WordingLine
    hold_limits: WordingLine

    timer: WordingLine
    timer_named: WordingLine
    timer_done: WordingLine
    timer_named_done: WordingLine
    timer_off: WordingLine
    timers_none: WordingLine
    timers_none_named: WordingLine
    seconds: WordingLine
    minute: WordingLine
    minutes: WordingLine
    under_a_minute: WordingLine

    cramps_none: WordingLine
    cramps_one: WordingLine
    cramps: WordingLine
    cramps_many: WordingLine
    last_never: WordingLine
    last_today: WordingLine
    last_yesterday: WordingLine
    last_days: WordingLine
    last_long_ago: WordingLine
    last_night: WordingLine
    last_morning: WordingLine
    last_afternoon: WordingLine
    last_evening: WordingLine
    noted: WordingLine
    not_noted: WordingLine
    tried_nothing: WordingLine
    tried_for: WordingLine

    @model_validator(mode="after")
    def _values_are_known(self) -> Self:
        for name in type(self).model_fields:
            text = getattr(self, name).text
            try:
                blanks = [blank for blank in Formatter().parse(text) if blank[1] is not None]
            except ValueError:
                message = f"the braces of {name} do not pair up: '{text}'"
                raise ValueError(message) from None
            named, known = {field or "" for _, field, _, _ in blanks}, _FILLED_IN.get(name)
            if unknown := named - {known}:
                message = f"nothing is filled in for {{{min(unknown)}}} in {name}: '{text}'"
                raise ValueError(message)
            if (known and not named) or any(form or conversion for _, _, form, conversion in blanks):
                message = f"{name} needs {{{known}}}, with nothing else between the braces: '{text}'"
                raise ValueError(message)
        return self

    def line(self, name: str, /, **values: SlotValue) -> Line:
        """Return the named line with its values filled in; they become part of its id."""
        entry: WordingLine = getattr(self, name)
        suffix = "".join(f"-{str(value).replace(' ', '-')}" for value in values.values())
        return Line(name.replace("_", "-") + suffix, entry.text.format(**values), entry.source, entry.beyond)

    def plain(self) -> Iterator[Line]:
        """Every line that has no values to be filled in."""
        for name in type(self).model_fields:
            entry: WordingLine = getattr(self, name)
            if not any(field for _, field, _, _ in Formatter().parse(entry.text)):
                yield self.line(name)
