"""The way through the guidance, step by step."""

from pathlib import Path

import pytest
from dialogue.small import CALF, FAINT, GONE_, Kept, Person, cut, held, hold, kept, said
from dialogue.small import content as small_content

from voicecramp.dialogue import Answer, Content, Cut, Insert, Keep, Listen, Say
from voicecramp.dialogue.records import Corrected, EpisodeBegan, EpisodeEnded, Held
from voicecramp.dialogue.walk import REMEMBERED


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
        person = Person(small_content(tmp_path, [flow]))
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


class TestAsides:
    def test_a_brief_one_is_spoken_between_the_counts(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("Medicine", held=5, medicine="quinine")
        assert [type(cue) for cue in cues] == [Answer]
        assert person.at == "holding calf/hold"
        assert said(person.silence()) == ["calf-let-go"]

    def test_a_long_one_lets_go_and_comes_back(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("Medicine", held=12.4)
        assert cut(cues)
        assert said(cues) == ["let-go", "medicine-first", "medicine-second"]
        back = person.silence()
        assert said(back) == ["stretch-again"]
        assert hold(back).left == 17

    def test_one_that_asks_is_never_brief(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        assert said(person.say("Why", held=5)) == ["let-go", "why-salt"]

    def test_a_question_interrupted_is_put_again(self, person: Person) -> None:
        person.say("Cramp")
        person.silence(2)
        assert said(person.say("Medicine", medicine="quinine")) == ["quinine-no"]
        assert said(person.silence()) == ["calf-let-go"]

    def test_from_idle_it_ends_in_idle(self, person: Person) -> None:
        assert said(person.say("Medicine")) == ["medicine-first", "medicine-second"]
        assert person.silence() == ()
        assert person.at == "idle"

    def test_an_aside_in_an_aside_comes_back_to_it_and_then_to_the_hold(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Doctor", held=10)
        assert said(person.say("Medicine")) == ["medicine-first", "medicine-second"]
        assert said(person.silence()) == ["doctor-swollen"]
        person.say("Yes")
        assert hold(person.silence()).left == 20

    def test_an_aside_that_interrupts_itself_begins_anew_and_is_done_once(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Doctor", held=10)
        person.say("No")
        assert said(person.say("Doctor")) == ["doctor-swollen"]
        person.say("Yes")
        assert hold(person.silence()).left == 20

    def test_a_hold_within_an_aside_is_interrupted_and_resumed_too(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Massage", held=10)
        person.silence()
        person.say("Medicine", held=5)
        assert hold(person.silence()).left == 15
        assert hold(person.silence()).left == 20
        person.silence()
        assert held(person.records, "rub/hold") == [20]
        assert held(person.records, "calf/hold") == [30]

    def test_its_gone_said_into_an_aside_is_about_the_cramp(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Why", held=10)
        cues = person.say("Gone")
        assert cut(cues)
        assert said(cues)[0].startswith("gone-good")
        assert held(person.records, "calf/hold") == [10]

    def test_its_gone_said_two_asides_deep_is_about_the_cramp_as_well(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Massage", held=10)
        person.silence()
        person.say("Why", held=5)
        assert said(person.say("Gone"))[0].startswith("gone-good")
        assert held(person.records, "calf/hold") == [10]
        assert held(person.records, "rub/hold") == [5]
        person.to_the_end()
        assert person.records[-1] == EpisodeEnded("gone")

    @pytest.mark.parametrize("answer", ["Yes", "No", "DontKnow"])
    def test_an_answer_is_to_what_was_asked_last(self, person: Person, answer: str) -> None:
        person.say("Cramp")
        person.silence(2)
        person.say("Medicine")
        assert person.say(answer) == ()
        assert said(person.silence()) == ["calf-let-go"]

    def test_a_remark_of_what_is_interrupted_goes_back_to_it(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Medicine", held=10)
        cues = person.say("StillCramping")
        assert said(cues) == ["calf-stay"]
        assert hold(cues).left == 20

    def test_a_remark_in_the_hold_of_an_aside_is_that_asides(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Massage", held=10)
        person.silence()
        cues = person.say("StillCramping", held=4)
        assert [type(cue) for cue in cues] == [Insert]
        assert said(cues) == ["rub-on"]


class TestFaint:
    @pytest.mark.parametrize("silences", range(8))
    def test_it_wins_anywhere(self, person: Person, silences: int) -> None:
        person.say("Cramp")
        person.silence(silences)
        cues = person.say("Faint", held=2)
        assert cut(cues)
        assert said(cues) == ["faint-down"]

    def test_it_wins_in_a_pause_and_in_a_doubt(self, person: Person) -> None:
        person.say("Cramp")
        person.say("Pause")
        assert said(person.say("Faint")) == ["faint-down"]
        person.say("Stop")
        person.mutter("Doctor")
        assert said(person.say("Faint")) == ["faint-down"]

    @pytest.mark.parametrize("name", ["Cramp", "Doctor", "Why", "Sore", "Bedtime", "Correct"])
    def test_nothing_puts_it_off(self, person: Person, name: str) -> None:
        person.say("Cramp", side="left")
        person.silence()
        person.say("Faint", held=3)
        assert person.say(name, other="leg") == ()
        assert person.at == "guiding faint/down"

    def test_only_what_is_urgent_too_comes_before_it(self, person: Person) -> None:
        person.say("Faint")
        assert said(person.say("Emergency")) == ["emergency-call"]
        assert said(person.say("Faint")) == ["faint-down"]

    def test_once_it_has_passed_the_hold_goes_on(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Faint", held=12)
        person.silence()
        assert said(person.say("Yes")) == ["faint-good"]
        back = person.silence()
        assert said(back) == ["stretch-again"]
        assert hold(back).left == 18

    def test_silence_ends_with_a_call_for_help(self, person: Person) -> None:
        person.say("Faint")
        assert person.to_the_end()[-1] == "faint-call"

    def test_who_felt_faint_is_remembered_for_the_night_and_not_for_the_next(self, person: Person) -> None:
        person.say("Faint")
        person.silence()
        person.say("Yes")
        person.silence()
        person.wait(REMEMBERED - 1)
        person.say("Cramp")
        assert said(person.say("Gone"))[1:] == []
        person.silence()
        person.wait(REMEMBERED + 1)
        person.say("Cramp")
        assert said(person.say("Gone"))[1:] == ["gone-walk"]

    def test_a_brief_urgent_aside_still_interrupts(self, tmp_path: Path) -> None:
        brief = """
flow: faint
starts: Faint
first: down
aside: true
urgent: true
steps:
  down:
    say: [{id: faint-down, text: "Lie down.", source: []}]
    then: return
"""
        assert FAINT.split("\n")[1] in brief
        person = Person(small_content(tmp_path, [CALF, GONE_, brief]))
        person.say("Cramp")
        person.silence()
        assert person.say("Faint", held=3)[0] == Cut()


class TestEpisode:
    def test_it_begins_with_its_muscle_and_side_and_ends_as_gone(self, person: Person) -> None:
        person.say("Cramp", muscle="calf", side="left")
        person.silence()
        person.say("Gone", held=12)
        assert person.to_the_end() == []
        assert person.records == [
            EpisodeBegan("calf", "left"),
            Held("calf/hold", 12),
            EpisodeEnded("gone"),
        ]

    def test_which_muscle_is_a_leg_where_it_was_not_said(self, person: Person) -> None:
        person.say("Cramp")
        assert person.records == [EpisodeBegan("leg", "")]

    def test_one_that_nobody_answers_ends_unresolved(self, person: Person) -> None:
        person.say("Cramp")
        person.to_the_end()
        assert person.records == [
            EpisodeBegan("leg", ""),
            Held("calf/hold", 30),
            Held("calf/hold-longer", 60),
            EpisodeEnded("unresolved"),
        ]

    def test_stop_ends_it_as_stopped_and_tells_what_was_held(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Stop", held=7)
        assert person.records[1:] == [Held("calf/hold", 7), EpisodeEnded("stopped")]

    def test_stop_after_it_is_gone_leaves_it_gone(self, person: Person) -> None:
        person.say("Cramp")
        person.say("Gone")
        person.say("Stop")
        assert person.records[-1] == EpisodeEnded("gone")

    @pytest.mark.parametrize("end", ["Stop", "CarryOn", "silence"])
    def test_a_paused_hold_is_told_once_however_it_ends(self, person: Person, end: str) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Pause", held=10)
        if end == "silence":
            person.silence()
        else:
            person.say(end)
            person.to_the_end()
        told = held(person.records, "calf/hold")
        assert told == ([30] if end == "CarryOn" else [10])

    def test_a_hold_resumed_after_every_kind_of_interruption_is_told_once(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Medicine", held=5)
        person.silence()
        person.say("Pause", held=5)
        person.say("CarryOn")
        person.say("Repeat", held=5)
        person.say("Tried", held=5)
        person.say("CountStyle", held=2, count="every")
        person.silence()
        assert held(person.records, "calf/hold") == [30]

    def test_a_hold_that_an_aside_never_goes_back_to_is_told(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Doctor", held=9)
        person.say("Stop")
        assert held(person.records, "calf/hold") == [9]

    def test_a_hold_left_for_another_flow_is_told(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Sore", held=9)
        assert held(person.records, "calf/hold") == [9]

    def test_another_muscle_in_the_same_cramp_is_a_correction(self, person: Person) -> None:
        person.say("Cramp", side="left")
        person.say("Cramp", muscle="foot")
        person.say("Stop")
        assert person.records == [
            EpisodeBegan("leg", "left"),
            Corrected("foot", "left"),
            EpisodeEnded("stopped"),
        ]

    def test_one_leads_to_no_other_before_it_ends(self, person: Person) -> None:
        person.say("Cramp")
        person.say("Bedtime")
        person.to_the_end()
        begun = [record for record in person.records if isinstance(record, EpisodeBegan | EpisodeEnded)]
        assert [type(record) for record in begun] == [EpisodeBegan, EpisodeEnded]

    def test_what_is_no_cramp_begins_none(self, person: Person) -> None:
        for name in ("Why", "Medicine", "Faint", "Doctor", "Sore"):
            person.say(name)
            person.to_the_end()
        assert not [record for record in person.records if isinstance(record, EpisodeBegan | EpisodeEnded)]

    def test_nothing_of_one_cramp_is_left_in_the_next(self, person: Person) -> None:
        person.say("Cramp", muscle="foot", side="left")
        person.say("Stop")
        assert said(person.say("Cramp")) == ["calf-pull"]
        assert person.records[-1] == EpisodeBegan("leg", "")

    def test_no_more_is_told_than_was_held_however_often_it_is_interrupted(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        for _ in range(10):
            person.say("Repeat", held=0.3)
        person.say("Stop", held=0.5)
        assert held(person.records, "calf/hold") == [3]

    def test_a_hold_that_was_not_held_is_not_told(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        person.say("Stop", held=0.9)
        assert held(person.records, "calf/hold") == []


def test_every_cue_that_is_kept_is_one_that_somebody_can_keep(person: Person) -> None:
    cues = person.say("Cramp")
    assert kept(cues) == [EpisodeBegan("leg", "")]
    assert [cue for cue in cues if isinstance(cue, Say)]
