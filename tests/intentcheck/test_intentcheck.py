"""Everything that can be wrong with content that loads is found, where it is; and nothing where nothing is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from intentcheck.conftest import OTHERS

from voicecramp.intentcheck import Report, check

CALF = "guidance/calf.yaml"
GONE = "guidance/gone.yaml"
CRAMP = "sentences/Cramp.yaml"
ANSWERS = "sentences/Answers.yaml"


def every_word_is_known(_phrases: Sequence[str]) -> Mapping[str, str]:
    return {}


def change(folder: Path, file: str, before: str, after: str) -> None:
    """Replace text that stands there once."""
    text = (folder / file).read_text()
    assert text.count(before) == 1
    (folder / file).write_text(text.replace(before, after))


def checked(folder: Path) -> Report:
    return check(folder, every_word_is_known)


def test_nothing_is_found_where_nothing_is_wrong(small: Path) -> None:
    report = checked(small)
    assert report.troubles == ()
    assert "3 flows with 7 steps and 5 lines say all 3 statements" in report.counts
    assert f"{7 + len(OTHERS)} intents are understood in {11 + len(OTHERS)} sentences" in report.counts


@pytest.mark.parametrize("folder", ["guidance", "sentences"])
def test_what_editors_and_systems_hide_beside_the_files_is_passed_over(small: Path, folder: str) -> None:
    (small / folder / ".#calf.yaml").symlink_to("somebody@somewhere.1234:1700000000")  # Emacs' lock
    (small / folder / "._calf.yaml").write_bytes(bytes(100))  # macOS, on another system's disk
    assert checked(small).troubles == ()


@pytest.mark.parametrize(
    ("file", "before", "after", "found"),
    [
        pytest.param(
            CALF,
            "silence: again",
            "silence: agian",
            "calf.yaml:17: steps.ask.silence leads to 'agian', which is no step",
            id="unknown state",
        ),
        pytest.param(
            CALF,
            "first: pull",
            "examples: [calf cramp, help my calf]\nfirst: pull",
            "calf.yaml:3: examples[1]: 'help my calf': it is no sentence that starts guidance; correct it",
            id="example that nobody understands",
        ),
        pytest.param(
            ANSWERS,
            "guiding, holding",
            "guiding, hodling",
            'Answers.yaml:14: intents.Gone.data[0].requires_context.state[1]: found "hodling"',
            id="unknown moment",
        ),
        pytest.param(
            GONE,
            "then: end\n",
            "then: end\n  old: {rest: 3, then: end}\n",
            "gone.yaml:13: steps.old: nothing leads to this step",
            id="unreachable step",
        ),
        pytest.param(
            "guidance/foot.yaml",
            "starts: Cramp\nwhen: {muscle: foot}\n",
            "",
            "foot.yaml:1: flow: no intent starts this flow",
            id="unreachable flow",
        ),
        pytest.param(
            GONE,
            "then: end\n",
            "then: ice\n",
            "gone.yaml:4: steps.ice: whoever says nothing more never comes to end",
            id="dead end",
        ),
        pytest.param(
            CALF,
            "    silence: again\n",
            "    silence: circle\n  circle: {set: {a: b}, then: round}\n  round: {branch: [], then: circle}\n",
            "round.branch: the list is empty",
            id="branch without ways",
        ),
        pytest.param(
            CALF,
            "    silence: again\n",
            "    silence: circle\n  circle: {set: {a: b}, then: round}\n"
            "  round: {branch: [{when: {a: b}, then: end}], then: circle}\n",
            "leads back to itself without a sound (calf/",
            id="circle",
        ),
        pytest.param(
            CRAMP,
            'cramp, "',
            'cramp, "yes please", "',
            "'yes please'",
            id="sentence of two intents",
        ),
        pytest.param(
            CRAMP,
            "{muscle} cramp",
            "{mussel} cramp",
            "Cramp.yaml:6: intents.Cramp.data[0]: the sentence '{mussel} cramp' names the list {mussel}",
            id="unknown list",
        ),
        pytest.param(
            "_common.yaml",
            "[calf, foot]",
            "[]",
            "_common.yaml:3: lists.muscle: the list has no values",
            id="empty list",
        ),
        pytest.param(
            GONE,
            "when: {muscle: foot}",
            "when: {mussel: foot}",
            "gone.yaml:7: steps.ice.say[1].when.mussel: nothing provides this fact",
            id="unknown fact",
        ),
        pytest.param(
            GONE,
            "when: {muscle: foot}",
            "when: {muscle: feet}",
            "gone.yaml:7: steps.ice.say[1].when.muscle: it is never 'feet'; it can be: calf, foot",
            id="unknown value",
        ),
        pytest.param(
            "guidance/foot.yaml",
            "when: {muscle: foot}",
            "when: {muscle: feet}",
            "foot.yaml:3: when: no sentence of Cramp gives these slots",
            id="slots that start nothing",
        ),
        pytest.param(
            CALF,
            "starts: Cramp",
            "starts: Cramp\nwhen: {muscle: calf}",
            "Cramp.yaml:3: intents.Cramp: 'cramp' (no slot) starts no flow",
            id="no flow for a slot",
        ),
        pytest.param(
            CALF,
            "starts: Cramp",
            "starts: Cramps",
            "calf.yaml:2: starts: no sentence gives the intent Cramps",
            id="starts without sentence",
        ),
        pytest.param(
            CALF,
            "Yes: gone, No",
            "Yes: gone, Better: gone, No",
            "calf.yaml:16: steps.ask.answers.Better: no sentence gives the intent Better",
            id="answer without sentence",
        ),
        pytest.param(
            CALF,
            "on: {Gone: gone}",
            "on: {Gone: gone, 'Yes': gone}",
            "calf.yaml:11: steps.hold.on.Yes: no sentence of Yes counts while holding",
            id="answer at another moment",
        ),
        pytest.param(
            CALF,
            "    on: {Gone: gone}\n",
            "",
            "Answers.yaml:11: intents.Gone: no flow and no command does anything about it",
            id="unhandled intent",
        ),
        pytest.param(
            ANSWERS,
            "  Stop:\n",
            "  Gone2:\n",
            "sentences: no sentence gives the intent Stop, which the program itself acts on; write some",
            id="command without sentence",
        ),
        pytest.param(
            ANSWERS,
            "set a timer for {duration}",
            "set a timer",
            "Answers.yaml:19: intents.SetTimer: 'set a timer' has no {duration}, which SetTimer needs",
            id="missing slot",
        ),
        pytest.param(
            ANSWERS,
            "[count less], slots: {count: less}}",
            "['count {count}']}",
            "Answers.yaml:23: intents.CountStyle: 'count backwards' asks for the count 'backwards'",
            id="unknown counting style",
        ),
        pytest.param(
            "_common.yaml",
            "timer: {values: [ice]}",
            "timer: {values: [tea]}",
            "gone.yaml:10: steps.time.timer: the list `timer` of _common.yaml lacks 'ice'",
            id="unknown timer",
        ),
        pytest.param(
            GONE,
            "Put ice on it.",
            "Well. Put some ice on it now, and keep it there for as long as it is sore.",
            "gone.yaml:6: steps.ice.say[0]: line 'gone-ice' has a sentence of 17 words, 'Put some ice",
            id="long sentence",
        ),
        pytest.param(
            "wording.yaml",
            'welcome: {text: "',
            'welcome: {text: "It was a pleasure to be here with you in the middle of this night. ',
            "welcome: it has a sentence of 15 words",
            id="long sentence of no flow",
        ),
        pytest.param(
            "../statements.yaml",
            "after:\n",
            "after:\n  walk-it: {refs: [1], says: walk}\n",
            "statements.yaml:5: after.walk-it: no line says it",
            id="unsaid statement",
        ),
        pytest.param(
            GONE,
            '"Put ice on it."',
            '" ... "',
            "gone.yaml:6: steps.ice.say[0]: line 'gone-ice' has nothing to say, ' ... '",
            id="line without a word",
        ),
        pytest.param(
            "wording.yaml",
            'noted: {text: "Noted."}',
            'noted: {text: "?"}',
            "noted: it has nothing to say, '?'",
            id="wording without a word",
        ),
        pytest.param(
            "wording.yaml",
            'noted: {text: "Noted."}',
            'noted: {text: "Noted.", source: [note-it]}',
            "noted.source: it rests on 'note-it', which statements.yaml does not have",
            id="statement that there is not",
        ),
        pytest.param(
            GONE,
            ", source: [ice-after]}",
            "}",
            "gone.yaml:6: steps.ice.say[0]: line 'gone-ice' needs either `source:`",
            id="line without source",
        ),
    ],
)
def test_what_is_wrong_is_found_where_it_is(
    small: Path, file: str, before: str, after: str, found: str
) -> None:
    change(small, file, before, after)
    troubles = checked(small).troubles
    assert any(found in trouble for trouble in troubles), troubles
    assert all(trouble.endswith(".") or "; " in trouble for trouble in troubles)


def test_a_word_that_is_not_known_is_found_where_it_is_written(small: Path) -> None:
    def knows_no_foot(phrases: Sequence[str]) -> Mapping[str, str]:
        assert "foot cramp" in phrases
        return {"foot": "foot cramp", "quiet": "be quiet"}

    foot, quiet = check(small, knows_no_foot).troubles
    assert "_common.yaml:3: lists.muscle.values[1]: the recogniser does not know the word 'foot'" in foot
    assert "Answers.yaml:18: intents.Stop.data[0].sentences[1]" in quiet


def test_long_is_more_than_fourteen_words_of_one_sentence(small: Path) -> None:
    fourteen = "Put some ice on it now and keep it there until it is well"
    assert len(fourteen.split()) == 14
    change(small, GONE, "Put ice on it.", f"{fourteen}. {fourteen}!")
    assert checked(small).troubles == ()
    change(small, GONE, f"{fourteen}. ", f"{fourteen}: ")
    assert "28 words" in checked(small).troubles[0]


def test_other_wordings_are_spoken_too(small: Path) -> None:
    change(small, GONE, "source: [ice-after]", f"source: [ice-after], or: ['{'very ' * 15} cold']")
    assert "16 words" in checked(small).troubles[0]


def test_of_guidance_and_of_sentences_the_first_trouble_each_is_told(small: Path) -> None:
    change(small, CALF, "silence: again", "silence: agian")
    change(small, CRAMP, "{muscle} cramp", "{mussel} cramp")
    report = checked(small)
    assert len(report.troubles) == 2
    assert report.counts == ""


def test_a_condition_may_ask_for_what_is_noted_set_and_not_known(small: Path) -> None:
    change(small, GONE, "when: {muscle: foot}", "when: {gone-now: [yes, unsure], often: yes, muscle: ''}")
    assert checked(small).troubles == ()
