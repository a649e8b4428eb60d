"""Commands mean the same everywhere, and come back to where they interrupted."""

import pytest
from dialogue.small import Kept, Person, cut, held, hold, kept, said

from voicecramp.dialogue import Announce, Answer, Content, Cut, Insert, Listen
from voicecramp.dialogue.past import LastCramp
from voicecramp.dialogue.records import EpisodeEnded, Noted, TimerGone, TimerSet

MOMENTS = {
    "idle": [],
    "guiding": ["Cramp"],
    "holding": ["Cramp", None],
    "asking": ["Cramp", None, None],
    "resting": ["Cramp", None, None, None, None, None, None],
    "paused": ["Cramp", None, "Pause"],
    "aside": ["Cramp", None, "Medicine"],
    "asking in an aside": ["Cramp", None, "Doctor"],
    "doubting": ["Cramp", "?"],
    "faint": ["Cramp", None, "Faint"],
}
"""How each moment is come to: what is said, None for silence, ? for something half understood."""


@pytest.fixture(params=MOMENTS)
def anywhere(request: pytest.FixtureRequest, person: Person) -> Person:
    """Somebody at each of the moments there are."""
    for what in MOMENTS[request.param]:
        if what is None:
            person.silence()
        elif what == "?":
            person.mutter("Doctor")
        else:
            person.say(what, held=5)
    return person


class TestStop:
    def test_it_is_silent_at_once_and_ends_everything(self, anywhere: Person) -> None:
        cues = anywhere.say("Stop", held=2)
        assert cut(cues)
        assert said(cues) == []
        assert anywhere.at == "idle"
        assert anywhere.silence() == ()

    def test_nothing_carries_on_after_it(self, anywhere: Person) -> None:
        anywhere.say("Stop")
        assert anywhere.say("CarryOn") == ()
        assert anywhere.say("Yes") == ()
        assert anywhere.say("Repeat") == ()


class TestGoodNight:
    def test_it_ends_politely(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("GoodNight", held=4)
        assert cut(cues)
        assert said(cues) == ["good-night"]
        assert person.at == "idle"
        assert held(person.records, "calf/hold") == [4]
        assert person.records[-1] == EpisodeEnded("stopped")

    def test_thanks_end_it_too_but_not_in_mid_hold(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("ThankYou", held=4)
        assert cues == (Answer(person.dialogue._wording.line("welcome")),)
        assert person.at == "holding calf/hold"
        person.silence()
        assert said(person.say("ThankYou")) == ["welcome"]
        assert person.at == "idle"
        assert held(person.records, "calf/hold") == [30]

    def test_said_to_somebody_else_it_is_not_answered(self, person: Person) -> None:
        for name in ("GoodNight", "ThankYou"):
            assert said(person.say(name)) == []

    def test_it_ends_a_pause(self, person: Person) -> None:
        person.say("Cramp")
        person.say("Pause")
        assert said(person.say("GoodNight")) == ["good-night"]
        assert person.at == "idle"


class TestPause:
    def test_it_stays_where_it_was_and_waits(self, anywhere: Person) -> None:
        state, *before = anywhere.at.split()
        cues = anywhere.say("Pause", held=1)
        if before and state != "paused":
            assert cut(cues)
            assert said(cues) == ["paused"]
            assert cues[-1] == Listen(300)
        assert anywhere.at == (f"paused {before[0]}" if before else "idle")

    def test_whatever_was_paused_carries_on_where_it_was(self, anywhere: Person) -> None:
        before = anywhere.at.split()[1:]
        anywhere.say("Pause", held=1)
        anywhere.say("CarryOn")
        assert anywhere.at.split()[1:] == before

    def test_a_hold_carries_on_with_what_is_left(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        assert cut(person.say("Pause", held=12.4))
        cues = person.say("CarryOn")
        assert said(cues) == ["stretch-again"]
        assert hold(cues).left == 17
        assert hold(cues).counts[:2] == (17, 15)

    def test_one_that_nobody_ends_ends_the_conversation(self, person: Person) -> None:
        person.say("Cramp")
        person.say("Pause")
        assert said(person.silence()) == []
        assert person.at == "idle"
        assert person.records[-1] == EpisodeEnded("unresolved")

    def test_it_survives_a_question(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Pause", held=10)
        for name in ("HowLong", "Tried", "HowMany", "TimeLeft", "Options"):
            cues = person.say(name)
            assert said(cues)
            assert cues[-1] == Listen(300)
            assert person.at == "paused calf/hold"
        assert hold(person.say("CarryOn")).left == 20


class TestRepeat:
    def test_in_a_hold_it_says_the_instruction_again_and_holds_the_rest(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("Repeat", held=10)
        assert said(cues) == ["calf-pull"]
        assert hold(cues).left == 20

    def test_after_an_aside_it_is_still_the_instruction_of_the_hold(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Medicine", held=5)
        person.silence()
        assert said(person.say("Repeat", held=5)) == ["calf-pull"]

    def test_lines_and_questions_are_said_again(self, person: Person) -> None:
        person.say("Cramp")
        assert said(person.say("Repeat")) == ["calf-pull"]
        person.silence(2)
        assert said(person.say("Repeat")) == ["calf-let-go"]

    def test_of_a_conversation_before_nothing_is_repeated(self, person: Person) -> None:
        person.say("Cramp")
        person.say("Stop")
        assert person.say("Repeat") == ()


class TestStartAgain:
    def test_a_stretch_that_was_lost_is_held_anew_and_what_was_held_is_noted(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("StartAgain", held=12)
        assert cut(cues)
        assert said(cues) == ["calf-pull"]
        assert hold(cues).left == 30
        person.say("Skip", held=5)
        assert held(person.records, "calf/hold") == [12, 5]

    def test_it_ends_a_pause(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Pause", held=12)
        assert hold(person.say("StartAgain")).left == 30

    def test_who_has_paused_and_tells_that_it_is_lost_is_not_hurried(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Pause", held=12)
        assert hold(person.say("CarryOn")).left == 18
        person.say("Pause", held=2)
        assert said(person.say("StartAgain", stretch="lost")) == ["paused"]
        assert hold(person.say("CarryOn")).left == 30

    def test_where_nothing_is_held_it_says_the_line_again(self, person: Person) -> None:
        assert person.say("StartAgain") == ()
        person.say("Cramp")
        assert said(person.say("StartAgain")) == ["calf-pull"]
        assert not person.records[1:]


class TestSkip:
    def test_it_leaves_a_hold_and_an_unanswered_question(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        assert said(person.say("Skip", held=3)) == ["calf-let-go"]
        assert held(person.records, "calf/hold") == [3]
        assert said(person.say("Skip")) == ["calf-longer"]

    def test_it_leaves_an_aside(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Medicine", held=3)
        assert hold(person.say("Skip")).left == 27


class TestHowLong:
    def test_it_is_answered_between_the_counts(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("HowLong", held=12.3)
        assert [type(cue) for cue in cues] == [Insert]
        assert said(cues) == ["seconds-left-17"]

    def test_elsewhere_it_tells_how_long_a_hold_is(self, person: Person) -> None:
        person.say("Cramp")
        assert said(person.say("HowLong")) == ["hold-length-30", "calf-pull"]


class TestOptions:
    @pytest.mark.parametrize(
        ("moment", "line"),
        [
            ("idle", "options-idle"),
            ("guiding", "options-guiding"),
            ("holding", "options-holding"),
            ("asking", "yes-or-no"),
            ("paused", "options-paused"),
        ],
    )
    def test_they_are_those_of_the_moment(self, person: Person, moment: str, line: str) -> None:
        for what in MOMENTS[moment]:
            person.say(what) if what else person.silence()
        assert line in said(person.say("Options", held=5))
        assert person.at.split()[0] == moment

    def test_a_question_tells_its_own_choices(self, person: Person) -> None:
        person.say("AskTimer")
        assert said(person.say("Options")) == ["timer-choices", "timer-ask"]


class TestTimers:
    def test_one_is_set_told_back_and_rings_once(self, person: Person) -> None:
        cues = person.say("SetTimer", duration=60, timer="tea")
        assert said(cues) == ["timer-named-tea", "minute"]
        assert kept(cues) == [TimerSet("tea", 60)]
        assert person.wait(59.9) == ()
        rung = person.wait(0.1)
        assert [type(cue) for cue in rung][:1] == [Announce]
        assert said(rung) == ["timer-named-done-tea"]
        assert kept(rung) == [TimerGone("tea")]
        assert person.wait(600) == ()

    def test_in_a_hold_it_is_told_between_the_counts(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("SetTimer", held=5, duration=90)
        assert [type(cue) for cue in cues[1:]] == [Answer, Answer]
        assert person.at == "holding calf/hold"

    def test_ringing_interrupts_nothing(self, person: Person) -> None:
        person.say("SetTimer", duration=60)
        person.say("Cramp")
        person.silence()
        rung = person.wait(60)
        assert Cut() not in rung
        assert person.at == "holding calf/hold"

    def test_what_is_left_is_told_in_minutes_whatever_the_clock_says(self, person: Person) -> None:
        person.say("SetTimer", duration=90)
        person.t += 15.0
        assert said(person.say("TimeLeft")) == ["timer", "minute"]

    def test_it_can_be_cancelled(self, person: Person) -> None:
        person.say("SetTimer", duration=90)
        assert said(person.say("CancelTimer")) == ["timer", "timer-off"]
        assert said(person.say("CancelTimer")) == ["timers-none"]
        assert said(person.say("TimeLeft")) == ["timers-none"]
        assert person.wait(100) == ()

    def test_guidance_sets_one_too(self, person: Person) -> None:
        person.say("Sore")
        cues = person.say("Yes")
        assert kept(cues) == [TimerSet("ice", 1200)]
        assert said(cues) == ["sore-told"]
        assert said(person.say("TimeLeft", timer="ice"))[:2] == ["timer-named-ice", "minutes-20"]

    def test_without_a_length_none_is_set(self, person: Person) -> None:
        person.say("SetTimer")
        assert person.dialogue.next_timer is None


class TestDiary:
    def test_how_many_and_when_the_last_was(self, small: Content) -> None:
        person = Person(small, Kept(cramps=3, last=LastCramp(1, "night")))
        assert said(person.say("HowMany")) == ["cramps-3"]
        assert said(person.say("LastCramp")) == ["last-yesterday", "last-night"]

    def test_a_note_is_kept_in_words(self, small: Content) -> None:
        cues = Person(small, Kept()).say("Note", note="after-running")
        assert kept(cues) == [Noted("after running")]
        assert said(cues) == ["noted"]

    def test_nothing_is_called_noted_where_no_diary_is_kept(self, person: Person) -> None:
        cues = person.say("Note", note="after-running")
        assert kept(cues) == []
        assert said(cues) == ["not-noted"]

    def test_what_was_tried_is_told_back(self, person: Person) -> None:
        person.say("Cramp")
        assert said(person.say("Tried"))[0] == "tried-nothing"
        person.silence(3)
        assert said(person.say("Tried"))[:2] == ["calf-tried", "tried-for-30"]

    def test_what_is_being_tried_is_told_too(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        assert said(person.say("Tried", held=12)) == ["calf-tried", "tried-for-10"]

    def test_what_an_aside_interrupted_is_told_once(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Medicine", held=20)
        assert said(person.say("Tried"))[:2] == ["calf-tried", "tried-for-20"]
        person.silence()
        person.say("Stop")
        assert held(person.records, "calf/hold") == [20]

    def test_what_somebody_was_told_and_cannot_do_is_not_told_as_tried(self, person: Person) -> None:
        person.say("Cramp")
        person.say("CannotReach")
        person.say("Skip")
        assert said(person.say("Tried"))[0] == "tried-nothing"
        person.say("CannotReach")
        person.silence()
        assert said(person.say("Tried", held=12))[1:3] == ["calf-tried-towel", "calf-tried"]

    def test_they_come_back_to_the_question_that_was_open(self, person: Person) -> None:
        person.say("Cramp")
        person.silence(2)
        for name in ("HowMany", "LastCramp", "Note", "Tried"):
            assert said(person.say(name))[-1] == "calf-let-go"


def test_nothing_that_is_asked_in_a_hold_loses_it(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    for name in ("HowMany", "LastCramp", "Note", "Tried", "TimeLeft", "CancelTimer", "Options", "HowLong"):
        cues = person.say(name, held=0)
        assert said(cues)
        assert person.at == "holding calf/hold"
        assert all(isinstance(cue, Answer | Insert) for cue in cues if said([cue])) or hold(cues).left == 30
