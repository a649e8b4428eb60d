"""Guidance is checked as strictly as code: what is wrong is told with its file, its line and its key."""

import shutil
from pathlib import Path

import pytest

from voicecramp.dialogue import Content
from voicecramp.errors import VoiceCrampError

INTENTS = Path(__file__).parents[2] / "intents"


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """A copy of the content that may be broken."""
    return shutil.copytree(INTENTS, tmp_path / "intents") / "en"


def broken(folder: Path) -> str:
    with pytest.raises(VoiceCrampError) as error:
        Content.load(folder)
    message = str(error.value)
    assert "\n" not in message
    return message


def change(path: Path, before: str, after: str) -> int:
    """Replace text that stands there once; return its line."""
    text = path.read_text()
    assert text.count(before) >= 1
    path.write_text(text.replace(before, after, 1))
    return text[: text.index(before)].count("\n") + 1


CALF = "guidance/calf.yaml"


def test_every_clinical_line_names_statements_that_exist_or_why_it_goes_beyond(content: Content) -> None:
    lines = [line for flow in content.flows.values() for line in flow.lines()]
    assert len(lines) > 30
    for line in lines:
        assert (line.source is None) == bool(line.beyond)
        assert set(line.source or ()) <= content.statements.keys()


def test_what_only_moves_the_conversation_on_is_all_that_claims_nothing(content: Content) -> None:
    words = ("stretch", "pull", "press", "massage", "rub", "ice", "hold", "doctor", "clot", "walk", "muscle")
    for flow in content.flows.values():
        for line in flow.lines():
            if line.source == () and line.id != "help-say":
                assert not any(word in line.text.lower().split() for word in words), line.text


def test_the_statements_are_those_of_the_source(content: Content, shared: Path) -> None:
    theirs = (shared / "source/statements.yaml").read_text()
    assert len(content.statements) == 25
    for name, statement in content.statements.items():
        assert f"  {name}:" in theirs
        assert str(list(statement.refs)) in theirs.split(f"  {name}:")[1].splitlines()[0]


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        (CALF, "then: hold-first", "then: hold-frist", ["calf.yaml", "hold-frist", "no step"]),
        (CALF, "first: begin", "first: bgein", ["calf.yaml", "bgein"]),
        (
            CALF,
            "source: [press-belly]",
            "source: [press-bely]",
            ["calf.yaml", "press-bely", "statements.yaml"],
        ),
        (CALF, "id: calf-press-stretch", "id: calf-press", ["calf.yaml", "calf-press", "unique"]),
        (CALF, "    hold: usual", "    hodl: usual", ["calf.yaml", "say", "hold", "ask"]),
        (CALF, "    hold: usual", "    hold: forever", ["calf.yaml", "forever", "longest"]),
        (CALF, "flow: calf", "flow: claf", ["calf.yaml", "claf"]),
        (CALF, "source: [walk-it]", "sources: [walk-it]", ["calf.yaml", "sources"]),
        (CALF, "        source: [walk-it]\n", "", ["calf.yaml", "source", "beyond"]),
        (CALF, "steps:", "steps: [", ["calf.yaml"]),
        (
            "guidance/doctor.yaml",
            "DontKnow: ask-warm}\n    means: {CannotReach: DontKnow",
            "}\n    means: {CannotReach: DontKnow",
            ["doctor.yaml", "means", "DontKnow"],
        ),
        ("guidance/faint.yaml", "starts: Faint", "starts: Doctor", ["faint.yaml", "Doctor"]),
        ("guidance/faint.yaml", "wait: 60", "wait: soon", ["faint.yaml", "soon"]),
        ("wording.yaml", "ready:", "redy:", ["wording.yaml", "redy"]),
        ("wording.yaml", "About {n} to go", "About {m} to go", ["wording.yaml", "seconds_left", "{m}"]),
        ("wording.yaml", "You're welcome.", "{n}", ["wording.yaml", "welcome", "{n}"]),
        (
            "wording.yaml",
            "About {n} to go",
            "About {n:zzz} to go",
            ["seconds_left needs {n}, with nothing else"],
        ),
        (
            "wording.yaml",
            "About {n} to go",
            "About {n!q} to go",
            ["seconds_left needs {n}, with nothing else"],
        ),
        ("wording.yaml", "About {n} to go", "About to go", ["seconds_left needs {n}", "'About to go."]),
        ("wording.yaml", "About {n} to go", "About {n to go", ["wording.yaml", "seconds_left", "pair up"]),
    ],
)
def test_a_mistake_is_told_where_it_is(
    english: Path, file: str, before: str, after: str, words: list[str]
) -> None:
    change(english / file, before, after)
    message = broken(english)
    for word in words:
        assert word in message


def test_a_wrong_value_is_told_with_its_line(english: Path) -> None:
    line = change(english / "guidance/faint.yaml", "wait: 60", "wait: soon")
    assert f"faint.yaml:{line}" in broken(english)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("source: [press-belly]", "source: [press-bely]", "line 'calf-press' rests on 'press-bely'"),
        ("id: calf-press-stretch", "id: calf-press", "line id 'calf-press' is used"),
        (
            "id: calf-sore, ",
            "id: calf-sore, sorce: [], ",
            "on.Sore.say.sorce is unknown; did you mean source?",
        ),
        (
            "source: [stretch-first, ice-after]}",
            "source: ice-after}",
            'on.Sore.say.source: found "ice-after"',
        ),
        ("Breathe out slowly.", "Breathe, {name}.", "nothing is filled in for braces"),
    ],
)
def test_a_wrong_line_is_told_with_its_line_in_the_file(
    english: Path, before: str, after: str, found: str
) -> None:
    line = change(english / CALF, before, after)
    message = broken(english)
    assert found in message
    assert f"calf.yaml:{line}: " in message


@pytest.mark.parametrize(("body", "found"), [("", "nothing"), (" how-long", '"how-long"')])
def test_a_step_without_a_body_is_told_with_its_line(english: Path, body: str, found: str) -> None:
    line = change(english / "guidance/timer.yaml", "steps:\n", f"steps:\n  begin:{body}\n") + 1
    assert f"timer.yaml:{line}: steps.begin: found {found}, expected a step with one of `say`" in broken(
        english
    )


@pytest.mark.parametrize("missing", ["wording.yaml", "guidance", "../statements.yaml"])
def test_what_is_missing_is_named(english: Path, missing: str) -> None:
    path = english / missing
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert Path(missing).name in broken(english)


def test_silent_steps_that_lead_in_a_circle_are_refused(english: Path) -> None:
    change(english / "guidance/timer.yaml", "first: how-long", "first: round")
    change(
        english / "guidance/timer.yaml",
        "steps:",
        "steps:\n  round: {set: {a: b}, then: ways}\n"
        "  ways: {branch: [{when: {a: c}, then: how-long}], then: unsaid}\n"
        '  unsaid: {say: [{id: timer-never, text: "Never.", source: [], when: {a: c}}], then: round}\n',
    )
    message = broken(english)
    assert "timer.yaml:" in message
    assert "without a sound" in message
    for step in ("timer/round to timer/ways", "timer/ways to timer/unsaid", "timer/unsaid to timer/round"):
        assert step in message


def test_a_circle_with_a_wait_in_it_is_none(english: Path) -> None:
    change(english / "guidance/timer.yaml", "first: how-long", "first: round")
    change(
        english / "guidance/timer.yaml",
        "steps:",
        "steps:\n  round: {set: {a: b}, then: wait}\n  wait: {rest: 3, on: {SetTimer: end}, then: round}\n",
    )
    Content.load(english)
