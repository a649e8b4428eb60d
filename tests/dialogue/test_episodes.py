"""What is kept of a cramp: that it began, every second that was held, and how it ended."""

from pathlib import Path

import pytest
from dialogue.small import Person, flow, held, hold, said
from dialogue.small import content as small_content

from voicecramp.dialogue.records import Corrected, EpisodeBegan, EpisodeEnded, Held
from voicecramp.dialogue.walk import REMEMBERED


def test_it_begins_with_its_muscle_and_side_and_ends_as_gone(person: Person) -> None:
    person.say("Cramp", muscle="calf", side="left")
    person.silence()
    person.say("Gone", held=12)
    assert person.to_the_end() == []
    assert person.records == [
        EpisodeBegan("calf", "left"),
        Held("calf/hold", 12),
        EpisodeEnded("gone"),
    ]


def test_which_muscle_is_a_leg_where_it_was_not_said(person: Person) -> None:
    person.say("Cramp")
    assert person.records == [EpisodeBegan("leg", "")]


def test_one_that_nobody_answers_ends_unresolved(person: Person) -> None:
    person.say("Cramp")
    person.to_the_end()
    assert person.records == [
        EpisodeBegan("leg", ""),
        Held("calf/hold", 30),
        Held("calf/hold-longer", 60),
        EpisodeEnded("unresolved"),
    ]


def test_stop_ends_it_as_stopped_and_tells_what_was_held(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Stop", held=7)
    assert person.records[1:] == [Held("calf/hold", 7), EpisodeEnded("stopped")]


def test_stop_after_it_is_gone_leaves_it_gone(person: Person) -> None:
    person.say("Cramp")
    person.say("Gone")
    person.say("Stop")
    assert person.records[-1] == EpisodeEnded("gone")


@pytest.mark.parametrize("end", ["Stop", "CarryOn", "silence"])
def test_a_paused_hold_is_told_once_however_it_ends(person: Person, end: str) -> None:
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


def test_a_hold_resumed_after_every_kind_of_interruption_is_told_once(person: Person) -> None:
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


def test_a_hold_that_an_aside_never_goes_back_to_is_told(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Doctor", held=9)
    person.say("Stop")
    assert held(person.records, "calf/hold") == [9]


def test_a_second_that_the_count_skipped_when_it_went_on_was_not_held(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Medicine", held=12.4)
    assert hold(person.silence()).left == 17
    person.silence()
    assert held(person.records, "calf/hold") == [29]


def test_a_hold_whose_aside_leads_elsewhere_is_told(tmp_path: Path) -> None:
    lead = """
flow: lead
starts: Walk
first: say
aside: true
steps:
  say:
    say: [{id: lead-say, text: "Get up, slowly, and hold on to something, and then stand a while.", source: []}]
    then: foot/back
"""
    person = Person(small_content(tmp_path, flow("calf"), flow("gone"), flow("foot"), lead))
    person.say("Cramp")
    person.silence()
    person.say("Walk", held=8)
    person.silence()
    assert held(person.records, "calf/hold") == [8]
    assert said(person.silence()) == []
    assert said(person.silence()) == []
    assert person.at == "idle", "it went back to what was over"


def test_a_hold_left_for_another_flow_is_told(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Sore", held=9)
    assert held(person.records, "calf/hold") == [9]


def test_another_muscle_in_the_same_cramp_is_a_correction(person: Person) -> None:
    person.say("Cramp", side="left")
    person.say("Cramp", muscle="foot")
    person.say("Stop")
    assert person.records == [
        EpisodeBegan("leg", "left"),
        Corrected("foot", "left"),
        EpisodeEnded("stopped"),
    ]


def test_one_leads_to_no_other_before_it_ends(person: Person) -> None:
    person.say("Cramp")
    person.say("Bedtime")
    person.to_the_end()
    begun = [record for record in person.records if isinstance(record, EpisodeBegan | EpisodeEnded)]
    assert [type(record) for record in begun] == [EpisodeBegan, EpisodeEnded]


def test_what_is_no_cramp_begins_none(person: Person) -> None:
    for name in ("Why", "Medicine", "Faint", "Doctor", "Sore"):
        person.say(name)
        person.to_the_end()
    assert not [record for record in person.records if isinstance(record, EpisodeBegan | EpisodeEnded)]


def test_a_side_that_is_not_about_the_cramp_corrects_nothing(person: Person) -> None:
    person.say("Cramp", side="left")
    person.say("Bedtime", side="right")
    assert person.records == [EpisodeBegan("leg", "left")]


def test_what_was_tried_in_one_cramp_is_not_told_in_the_next(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Stop", held=20)
    assert said(person.say("Tried")) == ["calf-tried", "tried-for-20"]
    person.say("Cramp")
    assert said(person.say("Tried")) == ["tried-nothing", "calf-pull"]


def test_what_is_asked_after_a_cramp_is_not_about_it(tmp_path: Path) -> None:
    tell = """
flow: tell
starts: Why
first: say
aside: true
steps:
  say:
    say:
      - {id: tell-left, text: "The left one.", source: [], when: {side: left}}
      - {id: tell-all, text: "Any.", source: []}
    then: return
"""
    person = Person(small_content(tmp_path, flow("calf"), flow("gone"), tell))
    person.say("Cramp", side="left")
    assert said(person.say("Why")) == ["tell-left", "tell-all"]
    person.say("Stop")
    assert said(person.say("Why")) == ["tell-all"]


def test_nothing_of_one_cramp_is_left_in_the_next(person: Person) -> None:
    person.say("Cramp", muscle="foot", side="left")
    person.say("Stop")
    assert said(person.say("Cramp")) == ["calf-pull"]
    assert person.records[-1] == EpisodeBegan("leg", "")


@pytest.mark.parametrize(
    ("later", "begun"),
    [(REMEMBERED - 1, EpisodeBegan("foot", "left")), (REMEMBERED + 1, EpisodeBegan("leg", ""))],
)
def test_one_that_has_come_back_is_the_same_one_unless_it_was_another_night(
    person: Person, later: float, begun: EpisodeBegan
) -> None:
    person.say("Cramp", muscle="foot", side="left")
    person.say("Stop")
    person.say("Why")
    person.say("Stop")
    person.wait(later)
    cues = person.say("Cramp", again="same")
    assert said(cues) == ["foot-back" if begun.muscle == "foot" else "calf-pull"]
    assert person.records[-1] == begun


def test_no_more_is_told_than_was_held_however_often_it_is_interrupted(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    for _ in range(10):
        person.say("Repeat", held=0.3)
    person.say("Stop", held=0.5)
    assert held(person.records, "calf/hold") == [3]


def test_a_hold_that_was_not_held_is_not_told(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Stop", held=0.9)
    assert held(person.records, "calf/hold") == []
