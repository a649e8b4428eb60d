"""What people say and what guidance does about it: each side has what the other counts on."""

from collections.abc import Iterator

from voicecramp.datafile import Place
from voicecramp.dialogue import UNDERSTOOD, State
from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.steps import AskStep, HoldStep, RestStep, SayStep, Step
from voicecramp.intentcheck.material import Finding, Material
from voicecramp.nlu.text import normalise

__all__ = [
    "missing_intents",
    "missing_slots",
    "unhandled_intents",
    "unheard_intents",
    "unstarted_slots",
    "waited",
    "wrong_examples",
]

_NEEDED = {"SetTimer": "duration", "HoldFor": "length", "CountStyle": "count", "Note": "note"}
"""The slot without which a command has nothing to go by."""


def unheard_intents(material: Material) -> Iterator[Finding]:
    """Find intents that a flow waits for and that no sentence gives at that moment."""
    heard: dict[str, set[str]] = {}
    for state, phrases in material.sentences.phrases.items():
        for meaning in phrases.values():
            heard.setdefault(meaning.name, set()).add(state)
    told: set[str] = set()
    for name, flow in material.content.flows.items():
        for where, intent, moments in _waited_for(flow):
            path = material.guidance(name)
            if intent not in heard.keys() | told:
                told.add(intent)  # once, however many steps wait for it
                yield Finding(
                    path, where, f"no sentence gives the intent {intent}; write some, or correct it"
                )
            elif moments.isdisjoint(heard.get(intent, moments)):
                moment = " or ".join(sorted(moments))
                what = f"no sentence of {intent} counts while {moment}; let one, under `requires_context`"
                yield Finding(path, where, what)


def missing_intents(material: Material) -> Iterator[Finding]:
    """Find intents that need no flow to be acted on and that no sentence gives, such as a Stop that was lost."""
    for name in sorted(UNDERSTOOD - material.sentences.files.keys() - waited(material)):
        what = f"no sentence gives the intent {name}, which the program itself acts on; write some"
        yield Finding(material.folder / "sentences", (), what)


def unhandled_intents(material: Material) -> Iterator[Finding]:
    """Find intents that have sentences and that nothing answers."""
    acted_on = waited(material) | UNDERSTOOD
    for name, path in material.sentences.files.items():
        if name not in acted_on:
            yield Finding(path, ("intents", name), "no flow and no command does anything about it; let one")


def missing_slots(material: Material) -> Iterator[Finding]:
    """Find sentences of a command that lack its slot, and counting styles that there are not."""
    wording = type(material.content.wording).model_fields
    for name, meanings in material.meanings().items():
        where = material.sentences.files[name], ("intents", name)
        for intent in meanings:
            if (slot := _NEEDED.get(name, "")) and slot not in intent.slots:
                yield Finding(*where, f"'{intent.text}' has no {{{slot}}}, which {name} needs; add it")
            style = intent.slots.get("count", "usual")
            if name == "CountStyle" and f"counting_{style}" not in wording:
                yield Finding(
                    *where, f"'{intent.text}' asks for the count '{style}', which there is not; correct it"
                )


def unstarted_slots(material: Material) -> Iterator[Finding]:
    """Find slots with which an intent that starts guidance starts none, and flows that none starts."""
    starts = {flow.starts for flow in material.content.flows.values() if flow.starts}
    started: set[str] = set()
    for name, meanings in material.meanings().items():
        for intent in meanings:
            if flow := material.content.started_by(intent):
                started.add(flow.flow)
            elif name in starts:
                said = ", ".join(f"{slot} {value}" for slot, value in intent.slots.items()) or "no slot"
                what = f"'{intent.text}' ({said}) starts no flow; write one for it, or one without `when:`"
                yield Finding(material.sentences.files[name], ("intents", name), what)
    for name, flow in material.content.flows.items():
        if flow.when and flow.starts in material.sentences.files and name not in started:
            what = f"no sentence of {flow.starts} gives these slots; write one, or correct them"
            yield Finding(material.guidance(name), ("when",), what)


def wrong_examples(material: Material) -> Iterator[Finding]:
    """Find examples in guidance that no sentence has, or that never start it."""
    started: dict[str, set[str]] = {}
    for phrases in material.sentences.phrases.values():
        for text, meaning in phrases.items():
            if flow := material.content.started_by(meaning):
                started.setdefault(text, set()).add(flow.flow)
    for name, flow in material.content.flows.items():
        for index, example in enumerate(flow.examples):
            others = started.get(normalise(example), set())
            if name not in others:
                what = (
                    f"it starts {' or '.join(sorted(others))}"
                    if others
                    else "it is no sentence that starts guidance"
                )
                place = ("examples", index)
                yield Finding(material.guidance(name), place, f"'{example}': {what}; correct it")


def waited(material: Material) -> set[str]:
    """Return every intent that some flow names."""
    return {intent for flow in material.content.flows.values() for _, intent, _ in _waited_for(flow)}


def _waited_for(flow: Flow) -> Iterator[tuple[Place, str, frozenset[str]]]:
    """Yield every intent that a flow names: where, which, and the moments in which it is waited for there."""
    if flow.starts:
        yield ("starts",), flow.starts, frozenset(State)
    moments = {name: frozenset([state]) for name, step in flow.steps.items() if (state := _moment(step))}
    for intent in flow.on:
        yield ("on", intent), intent, frozenset().union(*moments.values())
    for name, moment in moments.items():
        for key in ("answers", "means", "on"):
            for intent in getattr(flow.steps[name], key, {}):
                yield ("steps", name, key, intent), intent, moment


def _moment(step: Step) -> str | None:
    match step:
        case HoldStep():
            return State.HOLDING
        case AskStep():
            return State.ASKING
        case SayStep() | RestStep():
            return State.GUIDING
    return None
