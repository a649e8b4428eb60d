"""What is done about everything that is heard: understood, doubted, not understood, or nothing."""

from pathlib import Path

import pytest
from dialogue.small import Kept, Person, cut, hold, said
from dialogue.small import content as small_content

from voicecramp.dialogue import Answer, Content, Cut, Gain, Insert, Listen, Pace, Say, Settings
from voicecramp.dialogue.machine import DOUBTED_FOR
from voicecramp.dialogue.records import Answered
from voicecramp.dialogue.settings import LONGEST_HOLD


def test_it_says_that_it_is_ready_in_the_volume_and_pace_that_were_chosen(small: Content) -> None:
    assert said(Person(small).dialogue.greet()) == ["ready"]
    assert Person(small).dialogue.begin() == (Gain(-6.0),)
    quiet = Person(small, Kept(preferences={"gain": -18.0, "pace": 0.87}))
    assert quiet.dialogue.begin() == (Gain(-18.0), Pace(0.87))


def test_what_means_nothing_here_is_answered_with_nothing(person: Person) -> None:
    for name in ("Yes", "No", "Gone", "More", "DontKnow", "CarryOn", "Repeat", "Skip", "Nonsense"):
        assert person.say(name) == ()
        assert person.silence() == ()
        assert person.at == "idle"


class TestMissed:
    @pytest.fixture
    def asked(self, person: Person) -> Person:
        person.say("Cramp")
        person.silence(2)
        assert person.at == "asking calf/ask"
        return person

    def test_the_first_time_it_says_so_in_at_most_four_words_and_what_can_be_said(
        self, asked: Person
    ) -> None:
        cues = asked.mumble()
        assert cut(cues)
        assert said(cues) == ["missed", "yes-or-no"]
        assert len(next(cue.line.text for cue in cues if isinstance(cue, Say)).split()) <= 4
        assert cues[-1] == Listen(6.0)

    def test_the_second_time_it_offers_two_choices(self, asked: Person) -> None:
        asked.mumble()
        cues = asked.mumble()
        assert said(cues) == ["two-choices"]
        assert isinstance(cues[-1], Listen)
        assert asked.at == "asking calf/ask"

    def test_the_third_time_it_goes_on_as_in_silence(self, asked: Person) -> None:
        asked.mumble()
        asked.mumble()
        cues = asked.mumble()
        assert cut(cues)
        assert said(cues) == ["going-on", "calf-longer"]

    def test_an_answer_is_taken_after_any_of_them(self, asked: Person) -> None:
        asked.mumble()
        asked.mumble()
        assert said(asked.say("Yes"))[0].startswith("gone-good")

    def test_it_is_counted_for_each_question_anew(self, asked: Person) -> None:
        asked.mumble()
        asked.mumble()
        asked.say("Doctor")
        assert said(asked.mumble()) == ["missed", "yes-or-no"]

    def test_never_a_loop(self, asked: Person) -> None:
        for _ in range(20):
            asked.mumble()
        assert not asked.at.startswith("asking")

    def test_silence_after_it_is_asked_again_and_then_taken(self, asked: Person) -> None:
        asked.mumble()
        assert said(asked.silence()) == ["calf-let-go"]
        assert said(asked.silence()) == ["calf-longer"]

    def test_a_question_with_choices_of_its_own_tells_them(self, person: Person) -> None:
        person.say("AskTimer")
        assert said(person.mumble()) == ["missed", "timer-choices"]
        assert said(person.mumble()) == ["timer-choices"]

    def test_it_says_nothing_where_nothing_was_asked(self, person: Person) -> None:
        assert person.mumble() == ()
        person.say("Cramp")
        assert person.mumble() == ()
        person.silence()
        assert person.mumble() == (), "talk meant for somebody else derailed a hold"
        person.say("Pause", held=3)
        assert person.mumble() == ()
        assert hold(person.say("CarryOn")).left == 27

    def test_an_answer_that_answers_no_question_is_missed_like_a_mumble(self, person: Person) -> None:
        person.say("AskTimer")
        assert said(person.say("Yes")) == ["missed", "timer-choices"]
        assert said(person.say("More")) == ["timer-choices"]
        assert said(person.say("No")) == ["going-on"]
        assert person.at == "idle"

    def test_so_is_what_means_nothing_here(self, person: Person) -> None:
        person.say("Doctor")
        assert said(person.say("Standing")) == ["missed", "yes-or-no"]
        assert person.at == "asking doctor/swollen"


class TestDontKnow:
    def test_it_is_an_answer_where_it_is_one(self, person: Person) -> None:
        person.say("Doctor")
        person.say("No")
        assert said(person.say("DontKnow")) == ["summary-nothing"]

    def test_else_it_goes_on_as_in_silence_and_is_noted(self, person: Person) -> None:
        person.say("Doctor")
        assert said(person.say("DontKnow")) == ["doctor-warm"]
        assert person.records == [Answered("swollen", "unsure")]


class TestNotes:
    def test_answers_are_kept_as_they_are_given(self, person: Person) -> None:
        person.say("Doctor")
        person.say("No")
        person.say("Yes")
        assert person.records == [Answered("swollen", "no"), Answered("warm", "yes")]

    def test_what_they_mean_can_be_told_again_after_it_has_ended(self, person: Person) -> None:
        person.say("Doctor")
        person.say("Yes")
        person.silence()
        assert person.at == "idle"
        assert said(person.say("DoctorSummary")) == ["summary-at-once"]

    def test_they_outlast_a_cramp_in_between(self, person: Person) -> None:
        person.say("Doctor")
        person.say("Yes")
        person.say("Cramp")
        person.say("Stop")
        assert said(person.say("DoctorSummary")) == ["summary-at-once"]

    @pytest.mark.parametrize(("answer", "means"), [("Yes", "summary-at-once"), ("No", "summary-unknown")])
    def test_asked_anew_only_a_yes_still_counts(self, person: Person, answer: str, means: str) -> None:
        """So asking again, and then falling silent, takes no sign away."""
        person.say("Doctor")
        person.say(answer)
        person.silence()
        person.say("Doctor")
        assert said(person.say("DoctorSummary")) == [means]

    def test_of_another_night_they_do_not_count(self, person: Person) -> None:
        person.say("Doctor")
        person.say("Yes")
        person.silence()
        person.wait(12 * 3600)
        assert said(person.say("DoctorSummary")) == ["summary-unknown"]


class TestDoubt:
    def test_it_is_asked_about(self, person: Person) -> None:
        cues = person.mutter("Cramp")
        assert said(cues) == ["did-you-say-this"]
        assert cut(cues)
        assert isinstance(cues[-1], Listen)
        assert person.at == "asking"

    def test_yes_does_it(self, person: Person) -> None:
        person.mutter("Cramp")
        assert said(person.say("Yes")) == ["calf-pull"]

    def test_yes_to_a_doubtful_yes_answers_the_question(self, person: Person) -> None:
        person.say("Cramp")
        person.silence(2)
        person.mutter("Yes")
        assert said(person.say("Yes"))[0].startswith("gone-good")

    @pytest.mark.parametrize("answer", ["No", "silence"])
    def test_no_and_silence_go_back_to_where_it_was(self, person: Person, answer: str) -> None:
        person.say("Cramp")
        person.mutter("Doctor")
        cues = person.silence() if answer == "silence" else person.say("No")
        assert said(cues) == ["calf-pull"]

    def test_no_is_heard_at_once(self, person: Person) -> None:
        person.say("Cramp")
        person.mutter("Doctor")
        assert cut(person.say("No"))

    @pytest.mark.parametrize("answer", ["No", "silence"])
    def test_from_idle_they_end_it(self, person: Person, answer: str) -> None:
        person.mutter("Cramp")
        cues = person.silence() if answer == "silence" else person.say("No")
        assert said(cues) == []
        assert person.at == "idle"

    def test_a_mumble_is_no_answer_to_it(self, person: Person) -> None:
        person.mutter("Cramp")
        assert person.mumble() == ()
        assert said(person.say("Yes")) == ["calf-pull"]

    def test_nor_to_the_question_that_it_came_upon(self, person: Person) -> None:
        person.say("Cramp")
        person.silence(2)
        person.mutter("Doctor")
        assert person.mumble() == ()
        assert said(person.say("Yes")) == ["doctor-swollen"]

    def test_a_hold_goes_on_while_it_is_asked(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.mutter("Skip")
        assert [type(cue) for cue in cues] == [Answer], "it is asked, whatever is counted"
        assert person.say("No", held=8) == ()
        assert person.at == "holding calf/hold"

    def test_in_a_hold_it_is_let_go_after_a_while(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.mutter("Skip")
        person.wait(DOUBTED_FOR)
        assert person.at == "asking calf/hold"
        person.wait(0.1)
        assert person.at == "holding calf/hold"
        assert person.say("Yes", held=12) == ()

    def test_what_would_be_put_off_is_not_asked_about(self, person: Person) -> None:
        person.say("Faint")
        assert person.mutter("Doctor") == ()
        assert person.at == "guiding faint/down"
        assert said(person.mutter("Stop")) == ["did-you-say-this"]

    def test_a_hold_that_ends_meanwhile_goes_on_to_its_question(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.mutter("Skip")
        assert said(person.silence()) == ["calf-let-go"]

    def test_yes_in_a_hold_does_it_with_what_was_held(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.mutter("Pause")
        person.say("Yes", held=10)
        assert hold(person.say("CarryOn")).left == 20

    def test_another_command_is_taken_instead(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.mutter("Skip")
        assert Cut() in person.say("Stop", held=9)
        assert person.at == "idle"

    def test_in_a_pause_nobody_is_asked(self, person: Person) -> None:
        person.say("Cramp")
        person.say("Pause")
        assert person.mutter("Skip") == ()
        assert person.at == "paused calf/pull"


class TestReactions:
    def test_a_remark_in_a_hold_is_spoken_between_the_counts(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("StillCramping", held=5)
        assert [type(cue) for cue in cues] == [Insert]
        assert person.at == "holding calf/hold"

    @pytest.mark.parametrize(
        ("held", "followed"), [(19, "calf-let-go"), (20, "calf-longer"), (29.5, "calf-longer")]
    )
    def test_one_in_the_last_seconds_of_a_hold_answers_the_question_that_follows(
        self, person: Person, held: float, followed: str
    ) -> None:
        person.say("Cramp")
        person.silence()
        person.say("StillCramping", held=held)
        assert said(person.silence()) == [followed]

    def test_once_the_hold_was_interrupted_it_is_asked_again(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("StillCramping", held=25)
        person.say("Pause", held=26)
        person.say("CarryOn")
        assert said(person.silence()) == ["calf-let-go"]

    def test_the_step_comes_before_the_flow_and_the_flow_before_what_starts_anew(
        self, tmp_path: Path
    ) -> None:
        flow = """
flow: order
starts: Cramp
first: first
on:
  Why: second
  Cramp: second
steps:
  first:
    say: [{id: order-first, text: "First.", source: []}]
    on: {Why: third}
    then: end
  second:
    say: [{id: order-second, text: "Second.", source: []}]
    then: end
  third:
    say: [{id: order-third, text: "Third.", source: []}]
    then: end
"""
        person = Person(small_content(tmp_path, flow))
        person.say("Cramp")
        assert said(person.say("Why")) == ["order-third"]
        assert said(person.say("Why")) == ["order-second"]
        assert said(person.say("Cramp")) == ["order-second"]

    def test_a_command_with_a_way_of_its_own_does_both(self, person: Person) -> None:
        person.say("Cramp")
        person.silence(2)
        person.say("AskTimer")
        cues = person.say("SetTimer", duration=60, timer="tea")
        assert said(cues) == ["timer-named-tea", "minute", "calf-let-go"]
        assert person.dialogue.next_timer == 60


class TestLines:
    def test_all_that_can_be_said_is_listed_with_no_text_twice_under_one_id(self, small: Content) -> None:
        texts: dict[str, str] = {}
        for line in Person(small).dialogue.lines():
            assert texts.setdefault(line.id, line.text) == line.text

    def test_every_wording_and_every_remark_and_what_was_tried_is_listed(self, small: Content) -> None:
        ids = {line.id for line in Person(small).dialogue.lines()}
        assert {"gone-good", "gone-good-2", "gone-good-3", "calf-stay", "calf-tried", "timer-choices"} <= ids

    def test_the_longest_hold_is_the_longest_there_is(self, small: Content, tmp_path: Path) -> None:
        assert Person(small).dialogue.longest_hold == LONGEST_HOLD
        long = """
flow: long
starts: Cramp
first: hold
steps: {hold: {hold: 90, then: end}}
"""
        person = Person(small_content(tmp_path, long), settings=Settings())
        assert person.dialogue.longest_hold == 90
        assert hold(person.say("Cramp")).counts[:4] == (90, 75, 60, 45)
