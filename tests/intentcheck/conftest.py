"""Content small enough to be read at a glance, in which nothing is wrong."""

import shutil
from pathlib import Path

import pytest

from voicecramp.dialogue import UNDERSTOOD

ENGLISH = Path(__file__).parents[2] / "intents/en"

FILES = {
    "statements.yaml": """\
relief:
  stretch-first: {refs: [1], says: "stretch it"}
  hold-30-60: {refs: [2], says: "hold it"}
after:
  ice-after: {refs: [4], says: "ice it"}
""",
    "en/_common.yaml": """\
language: en
lists:
  muscle: {values: [calf, foot]}
  timer: {values: [ice]}
  count: {values: [less, backwards]}
  duration: {values: [{in: a minute, out: 60}]}
  length: {values: [{in: a minute, out: 60}]}
  note: {values: [it]}
""",
    "en/sentences/Cramp.yaml": """\
language: en
intents:
  Cramp:
    labels: [cramp]
    data:
      - sentences: [cramp, "{muscle} cramp"]
""",
    "en/sentences/Answers.yaml": """\
language: en
intents:
  "Yes":
    labels: ["yes"]
    data:
      - {sentences: ["yes", "yes please"], requires_context: {state: [asking]}}
  "No":
    labels: ["no"]
    data:
      - {sentences: ["no"], requires_context: {state: [asking]}}
  Gone:
    labels: [gone]
    data:
      - {sentences: [it's gone], requires_context: {state: [guiding, holding]}}
  Stop:
    labels: [stop]
    data:
      - sentences: [stop, be quiet]
  SetTimer:
    labels: [timer]
    data:
      - sentences: ["set a timer for {duration}"]
  CountStyle:
    labels: [count]
    data:
      - {sentences: [count less], slots: {count: less}}
""",
    "en/guidance/calf.yaml": """\
flow: calf
starts: Cramp
first: pull
episode: true
steps:
  pull:
    say: [{id: calf-pull, text: "Pull your toes up.", source: [stretch-first]}]
    then: hold
  hold:
    hold: usual
    on: {Gone: gone}
    then: ask
  ask:
    ask: {id: calf-let-go, text: "Has it let go?", source: []}
    note: gone-now
    answers: {Yes: gone, No: again}
    silence: again
  again:
    repeat: hold
    times: 3
    then: gone
""",
    "en/guidance/foot.yaml": """\
flow: foot
starts: Cramp
when: {muscle: foot}
first: stretch
steps:
  stretch:
    say: [{id: foot-pull, text: "Pull your toes back.", source: [stretch-first]}]
    then: gone
""",
    "en/guidance/gone.yaml": """\
flow: gone
first: ice
steps:
  ice:
    say:
      - {id: gone-ice, text: "Put ice on it.", source: [ice-after]}
      - {id: gone-foot, text: "On the foot.", source: [], when: {muscle: foot}}
    then: time
  time:
    timer: ice
    minutes: 20
    then: end
""",
}

OTHERS = sorted(UNDERSTOOD - {"Yes", "No", "Stop", "SetTimer", "CountStyle"})
"""The intents that there must be too: a sentence each."""

SLOTS = {"HoldFor": " {length}", "Note": " {note}"}

FILES["en/sentences/Others.yaml"] = "language: en\nintents:\n" + "".join(
    f'  {name}: {{labels: [{name}], data: [{{sentences: ["{name}{SLOTS.get(name, "")}"]}}]}}\n'
    for name in OTHERS
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The language's folder of the small content, to be broken."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copy(ENGLISH / "wording.yaml", tmp_path / "en")
    return tmp_path / "en"
