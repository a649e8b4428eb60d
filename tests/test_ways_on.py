"""What comes next in the real guidance, by text: ways through it that only some words in some order take."""

from collections.abc import Iterator

import pytest

from voicecramp.assistant import Mind
from voicecramp.cli.memory import NIGHT
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


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        (("help calf cramp", "", "ow it hurts"), ["calf-once-more", "hold 60"]),
        (
            ("should i see a doctor", "no", "no", "yes it hurts"),
            ["doctor-ask-tender-cramp", "doctor-ask-tender"],
        ),
        (("i feel faint", "i'm down"), ["missed", "yes-or-no"]),
        (
            ("help calf cramp", "i want to stand up"),
            ["calf-face-wall", "calf-wall-lean", "calf-wall-heel", "hold 30"],
        ),
    ],
)
def test_what_only_sounds_like_stopping_ends_nothing(sentences: tuple[str, ...], told: list[str]) -> None:
    assert talk(*sentences)[-1] == told


@pytest.mark.parametrize("said", ["i'm alone", "call them", "help", "what do i do", "can you call them"])
def test_whoever_is_alone_in_an_emergency_is_told_again_whom_to_call_and_that_it_cannot(said: str) -> None:
    first, again = talk("i can't breathe", said)
    assert {"emergency-call", "emergency-no-phone"} <= set(first)
    assert again == first


@pytest.mark.parametrize("said", ["a little", "yes, a little", "almost", "still cramping"])
@pytest.mark.parametrize("noes", range(2))
def test_a_little_of_a_sign_of_a_clot_is_no_way_back_to_the_stretch(said: str, noes: int) -> None:
    asked = ["swollen", "warm"][noes]
    told = talk("help calf cramp", "should i see a doctor", *["no"] * noes, said, "yes")
    assert told[-2] == [f"doctor-ask-{asked}-little", f"doctor-ask-{asked}"]
    assert told[-1][0] == f"doctor-summary-{asked}"


@pytest.mark.parametrize("said", ["they're the same", "neither"])
def test_no_difference_is_a_no(said: str) -> None:
    assert talk("should i see a doctor", said, said)[1:] == [["doctor-ask-warm"], ["doctor-ask-tender"]]


def test_hot_is_warm() -> None:
    assert talk("should i see a doctor", "no", "it is hot")[-1][0] == "doctor-summary-warm"


@pytest.mark.parametrize("said", ["i'm in bed", "carry on", "how long"])
def test_what_is_no_answer_to_a_question_is_asked_for_again(said: str) -> None:
    assert talk("should i see a doctor", said)[-1] == ["missed", "yes-or-no"]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("i feel really dizzy", "faint-down"),
        ("i feel very faint", "faint-down"),
        ("i'm going to be sick", "faint-sick"),
        ("chest hurts", "emergency-call"),
        ("my foot is cold and pale", "emergency-call"),
    ],
)
def test_the_worse_it_is_the_surer_it_is_heard(said: str, line: str) -> None:
    assert talk("help calf cramp", said)[-1][0] == line


@pytest.mark.parametrize("said", ["it's going away", "it's letting go", "it's easing off", "it's working"])
def test_what_is_easing_is_held_on(said: str) -> None:
    assert talk("help calf cramp", said)[-1] == ["calf-keep-holding"]


def test_a_little_better_is_not_gone() -> None:
    assert talk("help calf cramp", "", "a little better")[-1] == ["calf-once-more", "hold 60"]


@pytest.mark.parametrize("said", ["i can't stand it", "i can't bear it", "i can't take it"])
def test_what_cannot_be_borne_is_eased(said: str) -> None:
    assert talk("help calf cramp", said)[-1] == ["hurts-ease"]


@pytest.mark.parametrize("said", ["my calf is rock hard", "so tight"])
def test_a_hard_muscle_is_a_cramp_and_no_clot(said: str) -> None:
    assert talk("help calf cramp", said)[-1] == ["calf-keep-holding"]


def test_whoever_cannot_walk_lies_and_moves_the_leg() -> None:
    assert talk("can i walk on my leg", "i can't walk on it")[-1][0] == LYING


def test_thanks_for_an_answer_leave_the_stretch_as_it_is() -> None:
    told = talk("help calf cramp", "should i take magnesium", "thank you", "", "yes thank you")
    assert [lines[0] for lines in told[2:]] == ["welcome", "calf-let-go", "calf-good"]


@pytest.mark.parametrize(("muscle", "stretch"), [("thigh", "thigh-side"), ("foot", "foot-toes-back")])
@pytest.mark.parametrize("said", ["still cramping", "it has come back", "the cramp is back"])
def test_a_cramp_that_comes_back_is_in_the_muscle_that_it_was_in(
    muscle: str, stretch: str, said: str
) -> None:
    assert talk(f"help {muscle} cramp", "it's gone", said)[-1][0] == stretch


def test_and_on_the_side_that_it_was_on() -> None:
    assert talk("my left calf is cramping", "it's gone", "the cramp came back")[-1][0] == "calf-left"


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("it's my foot", "foot-toes-back"),
        ("no it's my foot", "foot-toes-back"),
        ("in my foot", "foot-toes-back"),
        ("my calf", "calf-straighten-knee"),
        ("yes my calf", "calf-straighten-knee"),
        ("yes my left leg", "calf-left"),
        ("the left one is", "calf-left"),
        ("both legs", "calf-both"),
        ("it's a thigh cramp", "thigh-side"),
    ],
)
def test_where_it_is_answers_whether_it_is_a_leg_cramp(said: str, first: str) -> None:
    assert talk("help", said)[-1][0] == first


def test_the_other_leg_that_joins_in_has_its_turn() -> None:
    assert talk("my left calf is cramping", "my other leg is cramping")[-1][:2] == ["all-right", "calf-both"]


def test_a_calf_that_is_tender_without_a_cramp_is_told_of_the_doctor() -> None:
    assert talk("my calf is tender", "no")[-1][-2:] == ["sore-swollen", "sore-no-cramp"]


def test_a_pause_is_over_however_one_goes_on() -> None:
    assert talk("help calf cramp", "pause", "okay go on")[-1] == ["stretch-again", "hold 25"]


def test_who_felt_sick_and_then_faint_is_told_to_lie_down() -> None:
    assert [lines[0] for lines in talk("i feel faint", "i feel sick", "i feel faint")] == [
        "faint-down",
        "faint-sick",
        "faint-down",
    ]


SORE_TO_TOUCH = ("help calf cramp", "should i see a doctor", "no", "no")


@pytest.mark.parametrize(
    "said", ["my foot is sore", "my thigh aches", "my leg is sore after the cramp", "does ice help"]
)
def test_what_is_sore_elsewhere_or_afterwards_is_no_sign_of_a_clot(said: str) -> None:
    assert talk(*SORE_TO_TOUCH, said)[-1] == ["doctor-sore", "doctor-ask-tender"]


@pytest.mark.parametrize(
    ("length", "left"),
    [("thirty seconds", 25), ("forty five seconds", 40)],
)
def test_the_longest_hold_too_lasts_as_long_as_it_is_told_to(length: str, left: int) -> None:
    told = talk("help calf cramp", "", "no", f"hold for {length}", "how long")
    assert told[-2][-1] == f"hold {left}"
    assert told[-1] == [f"seconds-left-{left - 5}"]


def test_how_long_is_told_of_the_hold_that_runs_whatever_is_asked_in_it() -> None:
    told = talk("help calf cramp", "how long", "can i take a warm bath", "how long")
    assert told[1] == ["seconds-left-25"]
    assert told[2][0].startswith("did-you-say")
    assert told[3] == ["seconds-left-15"]


@pytest.mark.parametrize(
    "sentences", [("can i walk on my leg", "how long"), ("help calf cramp", "", "how long")]
)
def test_where_no_hold_is_explained_no_length_is_told(sentences: tuple[str, ...]) -> None:
    told = talk(*sentences)
    assert told[-1] == told[-2][-1:]


@pytest.mark.parametrize(
    ("sentences", "line"),
    [
        (("my thigh hurts", "yes it's a leg cramp"), "thigh-side"),
        (("ow my foot", "yes my leg"), "foot-toes-back"),
        (("help thigh cramp", "", "my left leg"), "thigh-side"),
    ],
)
def test_my_leg_is_the_muscle_that_was_named(sentences: tuple[str, ...], line: str) -> None:
    assert line in talk(*sentences)[-1]


def test_the_summary_is_told_again_as_it_says_when_nothing_else_goes_on() -> None:
    told = talk("should i see a doctor", "yes", "the summary again")
    assert told[-1][0] == told[-2][0]


def test_a_length_is_an_answer_to_no_other_question() -> None:
    told = talk("help calf cramp", "", "one minute")
    assert told[-1][0] == "missed"


def test_a_timer_that_is_taken_back_leaves_the_other_as_it_is() -> None:
    told = talk("time the ice for twenty minutes", "set a timer", "cancel the timer", "how long is left")
    assert told[-1] == ["timer-named-ice", "minutes-20"]


def test_the_length_of_a_timer_is_none_of_holds() -> None:
    told = talk("set a timer", "make it one minute", "one minute", "help calf cramp")
    assert told[1:3] == [["timer-length-alone", "timer-how-long"], ["timer", "minute"]]
    assert told[-1][-1] == "hold 30"


@pytest.mark.parametrize("said", ["they're gone", "both are gone"])
def test_of_two_that_are_gone_neither_has_its_turn(said: str) -> None:
    assert talk("help cramp in both legs", said)[-1][0] == "calf-good"


def test_a_cramp_in_a_stretch_at_bedtime_comes_first() -> None:
    assert "calf-straighten-knee" in talk("bedtime stretch", "still cramping")[-1]
