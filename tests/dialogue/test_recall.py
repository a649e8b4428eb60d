"""What is told of the past, from lines that are known ahead."""

import pytest
from dialogue.small import Kept, wording_file

from voicecramp.datafile import load
from voicecramp.dialogue import Line
from voicecramp.dialogue.past import Blank, LastCramp
from voicecramp.dialogue.recall import Tried, how_many, last_cramp, lines
from voicecramp.dialogue.wording import Wording

WORDING = load(wording_file(), Wording)
KNOWN = {line.id for line in (*WORDING.plain(), *lines(WORDING))}
PULLED, PRESSED = Line("pulled", "You pulled."), Line("pressed", "You pressed.")


def ids(told: tuple[Line, ...]) -> list[str]:
    return [line.id for line in told]


@pytest.mark.parametrize(
    ("cramps", "told"),
    [
        (0, "cramps-none"),
        (1, "cramps-one"),
        (2, "cramps-2"),
        (30, "cramps-30"),
        (31, "cramps-many"),
        (500, "cramps-many"),
    ],
)
def test_cramps_are_counted(cramps: int, told: str) -> None:
    assert ids(how_many(Kept(cramps=cramps), 0.0, WORDING)) == [told]
    assert told in KNOWN


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (None, ["last-never"]),
        (LastCramp(0, "morning"), ["last-today", "last-morning"]),
        (LastCramp(1, "night"), ["last-yesterday", "last-night"]),
        (LastCramp(2, "afternoon"), ["last-days-2", "last-afternoon"]),
        (LastCramp(14, "evening"), ["last-days-14", "last-evening"]),
        (LastCramp(15, "evening"), ["last-long-ago"]),
        (LastCramp(4000, "evening"), ["last-long-ago"]),
    ],
)
def test_the_last_one_is_told_with_its_day_and_its_part_of_it(
    last: LastCramp | None, told: list[str]
) -> None:
    assert ids(last_cramp(Kept(last=last), 0.0, WORDING)) == told
    assert set(told) <= KNOWN


def test_nothing_is_not_told_of_what_is_not_kept() -> None:
    assert ids(how_many(Blank(), 0.0, WORDING)) == ["not-noted"]
    assert ids(last_cramp(Blank(), 0.0, WORDING)) == ["not-noted"]


class TestTried:
    def test_each_thing_is_told_once_in_its_order_with_the_seconds_in_all(self) -> None:
        tried = Tried(WORDING)
        tried.did(PULLED, 30)
        tried.did(PRESSED, 12)
        tried.did(PULLED, 60)
        assert ids(tried.told()) == ["pulled", "pressed", "tried-for-100"]

    def test_what_was_not_held_for_ten_seconds_is_told_without_them(self) -> None:
        tried = Tried(WORDING)
        tried.did(PULLED, 4)
        assert ids(tried.told()) == ["pulled"]

    def test_something_is_always_said(self) -> None:
        tried = Tried(WORDING)
        assert ids(tried.told()) == ["tried-nothing"]
        tried.did(None, 4)
        assert ids(tried.told()) == ["tried-nothing"]

    def test_the_next_cramp_begins_anew(self) -> None:
        tried = Tried(WORDING)
        tried.did(PULLED, 30)
        tried.forget()
        assert ids(tried.told()) == ["tried-nothing"]

    @pytest.mark.parametrize("seconds", range(0, 5000, 37))
    def test_every_length_is_known_ahead(self, seconds: int) -> None:
        tried = Tried(WORDING)
        tried.did(None, seconds)
        assert set(ids(tried.told())) <= KNOWN
