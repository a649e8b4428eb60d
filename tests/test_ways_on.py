"""What comes next in the real guidance, by text: ways through it that only some words in some order take."""

from collections.abc import Iterator

import pytest

from voicecramp.assistant import Mind
from voicecramp.cli.converse import NIGHT
from voicecramp.config import Config
from voicecramp.dialogue import Announce, Answer, Cue, Hold, Insert, Say
from voicecramp.diary import Diary
from voicecramp.rehearsal import Rehearsal


def ids(cues: Iterator[Cue]) -> list[str]:
    """The lines that are spoken, and holds by their length."""
    spoken = []
    for cue in cues:
        match cue:
            case Say(line) | Insert(line) | Answer(line) | Announce(line):
                spoken.append(line.id)
            case Hold(left):
                spoken.append(f"hold {left}")
    return spoken


def talk(*sentences: str) -> list[list[str]]:
    """What is said to each sentence; an empty one is silence."""
    with Diary.open(None, NIGHT) as diary:
        mind = Mind.load(Config(), diary)
        rehearsal = Rehearsal(mind.nlu, mind.dialogue, diary.record)
        return [ids(rehearsal.say(one) if one else rehearsal.silence()) for one in sentences]


@pytest.mark.parametrize(
    "sentences",
    [
        ("help", "yes", "massage it", "", "no"),
        ("should i massage it", "", "no"),
        ("help", "yes", "press on it", "", "no"),
        ("can i walk on my leg", "still cramping"),
    ],
)
def test_where_no_muscle_was_named_it_is_stretched_for_longer_as_well(sentences: tuple[str, ...]) -> None:
    assert talk(*sentences)[-1] == ["calf-once-more", "hold 60"]


def test_who_felt_faint_on_their_feet_goes_on_lying_down_where_no_muscle_was_named() -> None:
    told = talk("help", "yes", "i'm standing", "i feel faint", "yes")[-1]
    assert told == ["faint-good", "calf-stay-down", "calf-stay-down-toes", "hold 30"]


def test_what_hurts_too_much_is_eased_and_the_hold_goes_on() -> None:
    assert talk("help calf cramp", "this hurts too much", "")[1:] == [["hurts-ease"], ["calf-let-go"]]


def test_what_hurts_when_it_is_asked_for_is_the_cramp() -> None:
    assert talk("help calf cramp", "", "it hurts")[-1] == ["calf-once-more", "hold 60"]


def test_before_sleep_a_stretch_that_hurts_is_begun_again_more_gently() -> None:
    assert talk("bedtime stretch", "it hurts")[-1] == ["bedtime-gently", "hold 10"]


def test_before_sleep_a_hold_stays_as_long_as_it_is_and_a_cramp_s_is_another_matter() -> None:
    told = talk("bedtime stretch", "hold for forty five seconds", "help calf cramp")
    assert (told[1], told[2][-1]) == (["bedtime-length"], "hold 30")


CANNOT = "i can't do it"
AT_LAST = "calf-stubborn"
LYING, STANDING = "walk-move", "walk-stand"


@pytest.mark.parametrize(
    ("sentences", "ways"),
    [
        (("help calf cramp",), ["calf-towel", "calf-wall-stand", "calf-press", "calf-move", AT_LAST]),
        (("help foot cramp",), ["foot-towel", "foot-stand", "press-in", STANDING, LYING, AT_LAST]),
        (("help thigh cramp",), ["thigh-towel", "thigh-edge", "press-in", STANDING, LYING, AT_LAST]),
        (
            ("help thigh cramp", "i'm standing"),
            ["thigh-towel", "thigh-edge", "press-in", STANDING, LYING, AT_LAST],
        ),
        (
            ("my hamstring is cramping",),
            ["hamstring-towel", "hamstring-wedge", "press-in", STANDING, LYING, AT_LAST],
        ),
        (
            ("can i walk on my leg",),
            [LYING, "calf-once-more", "calf-towel", "calf-wall-stand", "calf-press", "calf-move", AT_LAST],
        ),
    ],
)
@pytest.mark.parametrize("held", [False, True])
def test_whoever_can_do_nothing_of_it_is_led_from_one_way_to_the_next(
    sentences: tuple[str, ...], ways: list[str], held: bool
) -> None:
    """Whether it is said at once, or only when what was tried is over and it is asked how it went."""
    again = ["", CANNOT] if held else [CANNOT]
    told = talk(*sentences, *(again * len(ways)))[len(sentences) :]
    assert [
        lines[0] for lines in told if lines and "-let-go" not in lines[0] and "-eased" not in lines[0]
    ] == ways


def test_the_other_leg_has_its_towel_too() -> None:
    told = talk("cramp in both calves", CANNOT, "", CANNOT)
    assert [lines[0] for lines in told] == ["calf-both", "calf-towel", "calf-other", "calf-towel"]


@pytest.mark.parametrize(
    ("sentences", "other"),
    [
        (("cramp in both calves",), "calf-other"),
        (("cramp in both calves", "i'm standing"), "calf-other"),
        (("cramp in both feet", "massage it"), "foot-other"),
        (("cramp in both thighs", "can i walk on my leg"), "thigh-other-standing"),
        (("the back of both my legs is cramping", "press on it"), "hamstring-other"),
    ],
)
def test_of_two_legs_the_other_has_its_turn_in_whatever_way_the_first_let_go(
    sentences: tuple[str, ...], other: str
) -> None:
    told = talk(*sentences, "it's gone", "it's gone")
    assert [lines[0] for lines in told[-2:]] == [other, "calf-good"]


LATE = ["how long"] * 4
"""Twenty seconds of a hold."""


def test_still_cramping_near_the_end_of_a_hold_is_not_asked_for_again() -> None:
    told = talk("help calf cramp", *LATE, "still cramping", "", "", "yes")
    assert told[-3:] == [["calf-once-more", "hold 60"], ["calf-let-go-now"], told[-1]]


def test_earlier_in_a_hold_it_is_asked_whether_it_has_let_go_meanwhile() -> None:
    assert talk("help calf cramp", "still cramping", "")[1:] == [["calf-keep-holding"], ["calf-let-go"]]


def test_still_cramping_near_the_end_of_the_first_of_two_is_no_answer_about_both() -> None:
    told = talk("cramp in both calves", *LATE, "still cramping", "", "")
    assert told[-2:] == [["calf-other", "calf-other-pull", "hold 30"], ["calf-let-go"]]


def test_a_timer_is_switched_off_in_a_hold_that_goes_on() -> None:
    told = talk("help calf cramp", "set a timer for twenty minutes", "stop the timer", "")
    assert told[2:] == [["timer", "timer-off"], ["calf-let-go"]]


@pytest.mark.parametrize("asked", ["cancel the ice timer", "how long is left on the ice timer"])
def test_where_the_ice_is_not_timed_it_is_told_what_is(asked: str) -> None:
    told = talk("set a timer for twenty minutes", asked)[-1]
    assert told == ["timers-none-named-ice", "timer", "minutes-20"]


@pytest.mark.parametrize(
    ("asked", "perhaps"),
    [("should i take potassium", "magnesium"), ("can i take a warm bath", "water tablet")],
)
def test_whoever_asks_about_a_medicine_is_asked_by_its_name_whether_they_meant_it(
    asked: str, perhaps: str
) -> None:
    assert talk("help calf cramp", asked)[-1] == [f"did-you-say-{perhaps.replace(' ', '-')}"]
