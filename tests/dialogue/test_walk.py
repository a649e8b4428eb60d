"""The way through the guidance, step by step."""

from pathlib import Path

import pytest
from dialogue.small import Kept, Person, cut, held, hold, said
from dialogue.small import content as small_content

from voicecramp.dialogue import Content, Keep, Listen


class TestSteps:
    def test_lines_then_a_hold_then_a_question(self, person: Person) -> None:
        cues = person.say("Cramp")
        assert cut(cues)
        assert said(cues) == ["calf-pull"]
        assert person.at == "guiding calf/pull"
        begun = hold(person.silence())
        assert begun.left == 30
        assert [line.id for line in begun.coaching] == ["calf-breathe", "calf-keep"]
        asked = person.silence()
        assert said(asked) == ["calf-let-go"]
        assert isinstance(asked[-1], Listen)
        assert person.at == "asking calf/ask"

    def test_a_question_waits_as_long_as_it_says_or_as_is_set(self, person: Person) -> None:
        person.say("Faint")
        assert person.silence()[-1] == Listen(60)
        person.say("Stop")
        person.say("Why")
        assert person.silence()[-1] == Listen(6.0)

    def test_a_question_is_put_twice_before_silence_answers_it(self, person: Person) -> None:
        person.say("Cramp")
        assert said(person.silence(2)) == ["calf-let-go"]
        assert said(person.silence()) == ["calf-let-go"]
        assert said(person.silence()) == ["calf-longer"]

    def test_a_rest_is_silent_and_hears_everything(self, person: Person) -> None:
        person.say("Cramp")
        person.silence(4)
        assert hold(person.silence()).left == 60
        person.silence()
        assert person.at == "guiding calf/move"
        assert said(person.say("Gone")) == ["gone-good", "gone-walk"]

    def test_a_rest_goes_on_by_itself(self, person: Person) -> None:
        person.say("Cramp")
        person.silence(5)
        rest = person.silence()
        assert [cue for cue in rest if not isinstance(cue, Keep)] == [Listen(15)]
        assert said(person.silence()) == ["calf-stubborn"]


class TestWhen:
    def test_only_the_lines_that_fit_the_facts_are_said(self, person: Person) -> None:
        assert said(person.say("Cramp", side="left")) == ["calf-left", "calf-pull"]
        assert said(person.say("Cramp", side="right")) == ["calf-right", "calf-pull"]

    def test_what_another_flow_set_is_no_fact_of_this_one(self, person: Person) -> None:
        person.say("Bedtime")
        assert said(person.say("Cramp")) == ["calf-pull"]

    def test_a_step_none_of_whose_lines_fits_is_passed_over(self, tmp_path: Path) -> None:
        flow = """
flow: night
starts: Bedtime
first: side
steps:
  side:
    say: [{id: night-left, text: "The left one.", source: [], when: {side: left}}]
    then: all
  all:
    say: [{id: night-all, text: "Both.", source: []}]
    then: end
"""
        person = Person(small_content(tmp_path, flow))
        assert said(person.say("Bedtime")) == ["night-all"]

    def test_a_flow_for_the_slot_is_taken_before_the_one_for_all(self, person: Person) -> None:
        assert said(person.say("Cramp", muscle="foot")) == ["foot-back"]
        assert said(person.say("Cramp", muscle="thigh")) == ["calf-pull"]

    @pytest.mark.parametrize(
        ("answers", "told"),
        [
            (("Yes",), "summary-at-once"),
            (("No", "Yes"), "summary-unknown"),
            (("No", "No"), "summary-nothing"),
            (("No", "DontKnow"), "summary-nothing"),
            (("DontKnow", "DontKnow"), "summary-nothing"),
        ],
    )
    def test_a_branch_takes_the_first_way_that_holds(
        self, person: Person, answers: tuple[str, ...], told: str
    ) -> None:
        person.say("Doctor")
        assert [said(person.say(answer)) for answer in answers][-1] == [told]

    def test_what_is_kept_of_the_past_is_a_fact_too(self, small: Content) -> None:
        person = Person(small, Kept(facts={"often": "yes"}))
        assert said(person.say("DoctorSummary")) == ["summary-often"]


class TestRepeat:
    def test_a_stretch_is_done_as_often_as_it_says_on_each_side(self, person: Person) -> None:
        person.say("Bedtime")
        person.to_the_end()
        assert held(person.records, "bedtime/hold") == [10] * 6

    def test_what_is_set_decides_what_is_said(self, person: Person) -> None:
        spoken = [*said(person.say("Bedtime")), *person.to_the_end()]
        assert spoken == [*["bedtime-left"] * 3, *["bedtime-right"] * 3, "bedtime-done"]

    def test_rounds_left_halfway_do_not_count_the_next_time(self, person: Person) -> None:
        for _ in range(2):
            person.say("Faint")
            person.silence()
            for _ in range(2):
                assert said(person.say("No")) == ["faint-down"]
                person.silence()
            person.say("Yes")
            person.silence()
            assert person.at == "idle"

    def test_nor_where_the_way_back_is_into_a_cramp(self, person: Person) -> None:
        person.say("Cramp")
        for _ in range(3):
            person.say("Faint")
            person.silence()
            for _ in range(2):
                assert said(person.say("No")) == ["faint-down"]
                person.silence()
            person.say("Yes")
            assert said(person.silence()) == ["calf-pull"]

    def test_nor_where_another_flow_leads_to_it(self, tmp_path: Path) -> None:
        there = """
flow: there
starts: Walk
first: say
steps:
  say:
    say: [{id: there-say, text: "There.", source: []}]
    then: back/say
"""
        back = """
flow: back
first: say
steps:
  say:
    say: [{id: back-say, text: "Back.", source: []}]
    on: {No: there/say}
    then: again
  again:
    repeat: say
    times: 2
    then: end
"""
        person = Person(small_content(tmp_path, there, back))
        person.say("Walk")
        for _ in range(3):
            person.silence(2)
            person.say("No")
        assert person.to_the_end() == ["back-say", "back-say"]

    def test_an_aside_in_between_changes_no_number(self, person: Person) -> None:
        person.say("Bedtime")
        person.silence()
        person.say("Medicine", held=3)
        person.to_the_end()
        assert held(person.records, "bedtime/hold") == [10] * 6


class TestWordings:
    def test_they_take_turns(self, person: Person) -> None:
        spoken = []
        for _ in range(4):
            person.say("Cramp")
            spoken.append(said(person.say("Gone"))[0])
            person.silence()
        assert spoken == ["gone-good", "gone-good-2", "gone-good-3", "gone-good"]
