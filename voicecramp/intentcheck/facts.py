"""What guidance depends on: facts that something provides, with values that they can have."""

from collections.abc import Iterator, Mapping

from voicecramp.datafile import Place, places
from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.steps import AskStep, SetStep, StepLine, TimerStep, Way
from voicecramp.intentcheck.material import Finding, Material
from voicecramp.intentcheck.meanings import waited

__all__ = ["unknown_facts", "unknown_timers"]

_ANSWERS = {"yes", "no", "unsure"}
"""What a noted answer can be."""

_OF_THE_PAST = {"often": {"yes"}, "diuretic": {"yes"}}
"""What is known without being told in this conversation."""


def unknown_facts(material: Material) -> Iterator[Finding]:
    """Find conditions on facts, or on values of facts, that nothing provides."""
    known = _facts(material)
    for name, flow in material.content.flows.items():
        for place, fact, values in _conditions(flow):
            path = material.guidance(name)
            if fact not in known:
                what = "nothing provides this fact: no sentence that a flow waits for, no `note:`, no `set:`"
                yield Finding(path, place, f"{what}; correct its name")
            for value in sorted(values - known.get(fact, values) - {""}):
                there = ", ".join(sorted(known[fact]))
                yield Finding(path, place, f"it is never '{value}'; it can be: {there}")


def unknown_timers(material: Material) -> Iterator[Finding]:
    """Find timers that cannot be asked about, because the list of their names lacks them."""
    names = [str(value) for value in material.sentences.lists.get("timer", ())]
    for name, flow in material.content.flows.items():
        for step, timer in flow.steps.items():
            if isinstance(timer, TimerStep) and timer.timer not in names:
                what = f"the list `timer` of _common.yaml lacks '{timer.timer}'; add it there"
                yield Finding(material.guidance(name), ("steps", step, "timer"), what)


def _facts(material: Material) -> Mapping[str, set[str]]:
    """Return every fact there can be and its values."""
    known = {name: set(values) for name, values in _OF_THE_PAST.items()}
    answered = waited(material)
    for name, meanings in material.meanings().items():
        for intent in meanings if name in answered else ():
            for slot, value in intent.slots.items():
                known.setdefault(slot, set()).add(str(value))
    for flow in material.content.flows.values():
        for step in flow.steps.values():
            if isinstance(step, AskStep) and step.note:
                known.setdefault(step.note, set()).update(_ANSWERS)
            elif isinstance(step, SetStep):
                for fact, value in step.set.items():
                    known.setdefault(fact, set()).add(str(value))
    return known


def _conditions(flow: Flow) -> Iterator[tuple[Place, str, set[str]]]:
    conditions = [
        *((place, line.when) for place, line in places(flow, StepLine)),
        *((place, way.when) for place, way in places(flow, Way)),
    ]
    for place, condition in conditions:
        for fact, values in condition.items():
            yield (*place, "when", fact), fact, set(map(str, values))
