"""Everything a person may ask for, asked by text and aloud: the table of what it does, row by row.

A turn is the seconds of silence before a sentence, and the sentence. By text, half a minute and more of silence is
time that passes; aloud, every turn but the first interrupts whatever is being said.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conversation import Script, recorded, talk

from voicecramp.assistant import Mind
from voicecramp.cli.memory import NIGHT
from voicecramp.config import Config
from voicecramp.dialogue import Announce, Answer, Cue, Hold, Insert, Say
from voicecramp.diary import Diary
from voicecramp.frames import RATE
from voicecramp.rehearsal import Rehearsal

VOICES = ("flite-slt", "flite-rms", "espeak-rp-f2")
"""Two women and a man, two ways of making speech; none of them answers."""

OVER = (7.0, "stop")
"""What ends a row that is said aloud, after time for a line or two."""

LONG = 30.0
"""Seconds of silence in which a hold ends or a timer rings."""

Row = tuple[Script, list[str]]
"""What is said, and lines that must be spoken, in this order, whatever else is."""

CRAMPS: dict[str, Row] = {
    "in bed or standing": (
        [(1.0, "help, calf cramp"), (9.0, "i'm standing up")],
        ["calf-straighten-knee", "calf-toes-up", "calf-face-wall"],
    ),
    "a towel": (
        [(1.0, "my calf is cramping"), (9.0, "i can't reach my foot")],
        ["calf-straighten-knee", "calf-towel"],
    ),
    "muscle not named": (
        [(1.0, "help, leg cramp"), (14.0, "stop")],
        ["calf-straighten-knee", "calf-meant"],
    ),
    "both legs": ([(1.0, "cramp in both calves"), (9.0, "it's gone")], ["calf-both", "calf-other"]),
    "the other leg": (
        [(1.0, "my left calf is cramping"), (9.0, "it's the other leg")],
        ["calf-left", "all-right", "calf-right"],
    ),
    "another muscle": (
        [(1.0, "my calf is cramping"), (9.0, "i meant the thigh")],
        ["calf-straighten-knee", "all-right", "thigh-side"],
    ),
    "foot": ([(1.0, "help, foot cramp")], ["foot-toes-back"]),
    "toes": ([(1.0, "my toes are cramping")], ["foot-toes-back"]),
    "back of the thigh": ([(1.0, "my hamstring is cramping")], ["hamstring-straighten"]),
    "front of the thigh": ([(1.0, "help, thigh cramp")], ["thigh-side"]),
    "massage, press, walk": (
        [
            (1.0, "my right calf is cramping"),
            (9.0, "should i massage it"),
            (6.0, "where do i press"),
            (6.0, "can i walk around"),
        ],
        ["calf-right", "massage-", "press-", "walk-"],
    ),
}
URGENT: dict[str, Row] = {
    "faint": (
        [(1.0, "help, calf cramp"), (9.0, "i feel faint"), (9.0, "yes")],
        ["calf-toes-up", "faint-down", "faint-good", "stretch-again"],
    ),
    "emergency": ([(1.0, "my chest hurts"), (12.0, "yes")], ["emergency-call", "emergency-good"]),
    "the signs": (
        [(1.0, "what are the warning signs")],
        ["doctor-clot"],
    ),
}
QUESTIONS: dict[str, Row] = {
    "painkiller": ([(1.0, "can i take ibuprofen")], ["medicine-painkiller-"]),
    "quinine": ([(1.0, "does quinine help")], ["medicine-quinine-"]),
    "magnesium": ([(1.0, "does magnesium help")], ["medicine-magnesium-"]),
    "vitamin": ([(1.0, "can i take vitamin b twelve")], ["medicine-vitamin-b12-"]),
    "calcium": ([(1.0, "do calcium channel blockers help")], ["medicine-calcium-channel-blocker-"]),
    "baclofen": ([(1.0, "can i take baclofen")], ["medicine-baclofen-"]),
    "anything": ([(1.0, "can i take anything for it")], ["medicine-any-"]),
    "why": ([(1.0, "why do i get cramps")], ["why-"]),
    "at night": (
        [(1.0, "how do i stop getting cramps at night"), (9.0, "tell me more")],
        ["prevent-night-stretch", "prevent-night-drink"],
    ),
    "from exercise": ([(1.0, "how do i prevent cramps from exercise")], ["prevent-exercise-"]),
    "in the heat": ([(1.0, "how do i prevent cramps in the heat")], ["prevent-heat-"]),
    # Twice, as somebody asks who is not answered: one of eight is heard as nothing known.
    "who": ([(1.0, "who are you"), (2.0, "who are you")], ["who-"]),
    "source": ([(1.0, "what is your source")], ["source-"]),
    "what to say": ([(1.0, "what can i ask you")], ["options-idle"]),
    # Last, for a sign of a clot changes what is said after it; and not after feeling faint, with which it is an emergency.
    "doctor": (
        [
            (1.0, "should i see a doctor"),
            (9.0, "no"),
            (5.0, "i don't know"),
            (8.0, "no"),
            (8.0, "yes"),
        ],
        [
            "doctor-intro",
            "doctor-ask-swollen",
            "doctor-ask-warm",
            "doctor-feel-warm",
            "doctor-ask-tender",
            "doctor-summary-tender",
        ],
    ),
}
BESIDE: dict[str, Row] = {
    "sore, and the ice timed": (
        [(1.0, "my leg is sore after the cramp"), (10.0, "yes"), (4.0, "how long is left on the timer")],
        ["sore-ice", "sore-time", "sore-timing", "timer-named-ice", "minutes-20"],
    ),
    "timers": (
        [
            (1.0, "set a timer for thirty seconds"),
            (4.0, "time the ice"),
            (5.0, "cancel the ice timer"),
            (40.0, "how many cramps this week"),
        ],
        ["timer", "seconds-30", "timer-ice-told", "timer-named-ice", "timer-off", "timer-done", "cramps-"],
    ),
    "bedtime": ([(1.0, "stretch with me")], ["bedtime-"]),
    "settings": (
        [
            (1.0, "help, calf cramp"),
            (9.0, "talk slower"),
            (6.0, "count every second"),
            (6.0, "make it forty five seconds"),
            (6.0, "whisper please"),
        ],
        ["calf-toes-up", "slower", "counting-every", "hold-length-45", "whispering"],
    ),
    "the diary": (
        [(1.0, "how many cramps this week"), (4.0, "when was my last cramp"), (5.0, "note left calf")],
        ["cramps-", "last-", "noted"],
    ),
    "what was tried": (
        [(1.0, "help, calf cramp"), (15.0, "what have i tried so far")],
        ["calf-toes-up", "calf-tried-toes"],
    ),
    "thank you": ([(1.0, "help, calf cramp"), (9.0, "thank you very much")], ["calf-toes-up", "welcome"]),
    "good night": ([(1.0, "help, calf cramp"), (9.0, "good night")], ["calf-toes-up", "good-night"]),
}
TABLE = {"cramps": CRAMPS, "urgent": URGENT, "questions": QUESTIONS, "beside": BESIDE}
ROWS = {f"{table}: {name}": row for table, rows in TABLE.items() for name, row in rows.items()}


def missing(expected: list[str], spoken: list[str]) -> list[str]:
    """What of the expected lines was not spoken in its turn; a name ending in a dash stands for all that begin so."""
    rest = iter(spoken)
    return [
        want
        for want in expected
        if not any(one == want or (want[-1] == "-" and one.startswith(want)) for one in rest)
    ]


def ids(cues: Iterator[Cue]) -> list[str]:
    spoken: list[str] = []
    for cue in cues:
        match cue:
            case Say(line) | Insert(line) | Answer(line) | Announce(line):
                spoken.append(line.id)
            case Hold(coaching=coaching):
                spoken += [line.id for line in coaching]
    return spoken


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_by_text(row: Row) -> None:
    script, expected = row
    with Diary.open(None, NIGHT) as diary:
        mind = Mind.load(Config(), diary)
        rehearsal = Rehearsal(mind.nlu, mind.dialogue, diary.record)
        spoken: list[str] = []
        for silence, sentence in script:
            if silence >= LONG:
                spoken += ids(rehearsal.silence())
            spoken += ids(rehearsal.say(sentence))
    assert missing(expected, spoken) == [], spoken


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("table", TABLE)
def test_aloud(table: str, voice: str, tmp_path: Path, clips: Path) -> None:
    rows = TABLE[table]
    script: list[tuple[float, str]] = []
    ends: list[float] = []  # stream seconds at which each row is over
    for row, _ in rows.values():
        script += [*row, OVER]
        ends.append(len(recorded(script, voice)) / RATE)
    conversation = talk(script, voice, tmp_path, clips)
    said = [(event.start, event.id) for event in conversation.of("say")]
    told = {}
    for begin, end, (name, (_, expected)) in zip([0.0, *ends], ends, rows.items(), strict=False):
        if lost := missing(expected, [line for start, line in said if begin <= start < end]):
            told[name] = lost
    assert told == {}, conversation.screen
