"""What is said about the conversation itself."""

from string import Formatter

import pytest
from dialogue.small import wording_file

from voicecramp.datafile import load
from voicecramp.dialogue.wording import Wording

WORDING = load(wording_file(), Wording)
VALUES = {
    "n": ["seconds_left", "hold_length", "seconds", "minutes", "cramps", "last_days", "tried_for"],
    "name": ["timer_named", "timer_named_done", "timers_none_named"],
    "label": ["did_you_say"],
}
FILLED = {name: value for value, names in VALUES.items() for name in names}


@pytest.mark.parametrize("name", list(Wording.model_fields))
def test_every_line_has_the_blanks_that_are_filled_in_and_no_other(name: str) -> None:
    blanks = {field for _, field, _, _ in Formatter().parse(getattr(WORDING, name).text) if field is not None}
    assert blanks == ({FILLED[name]} if name in FILLED else set())


def test_what_is_filled_in_becomes_part_of_the_id() -> None:
    line = WORDING.line("did_you_say", label="should i see a doctor")
    assert line.id == "did-you-say-should-i-see-a-doctor"
    assert "should i see a doctor" in line.text
    assert WORDING.line("seconds_left", n=7).id == "seconds-left-7"


def test_lines_without_blanks_are_listed_whole() -> None:
    plain = {line.id for line in WORDING.plain()}
    assert len(plain) == len(Wording.model_fields) - len(FILLED)
    assert "ready" in plain


def test_not_having_understood_is_said_in_at_most_four_words() -> None:
    assert len(WORDING.line("missed").text.split()) <= 4
