"""Every flow of the guidance as a diagram, in Mermaid, which GitHub and most editors draw."""

from collections.abc import Iterable, Iterator, Mapping

from voicecramp.dialogue import Content
from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.steps import (
    END,
    GONE,
    RETURN,
    AskStep,
    BranchStep,
    HoldStep,
    Remark,
    RepeatStep,
    RestStep,
    SayStep,
    SetStep,
    Step,
    StepLine,
    TimerStep,
)

__all__ = ["flows_page"]

MOST_ROWS = 5
"""Rows of a step that are shown; the rest is in its file."""

_INTRODUCTION = """\
# The guidance, flow by flow

Made by `scripts/docs.py` from [intents/en/guidance](../intents/en/guidance); change those, not this.

| shape | step |
| --- | --- |
| box | says something (in parentheses: only if that is so) |
| round | holds a stretch and counts, with what is said meanwhile; or waits |
| six corners | asks, and what leads on: an answer, or silence (dotted where it leads elsewhere) |
| diamond | branches, silently |
| double sides | sets a fact, starts a timer, or repeats, silently |

A name on an arrow is the intent that leads along it; an arrow without one is taken by itself.
"""


def flows_page(content: Content) -> str:
    """Return the page: how the flows lead to each other, then each of them."""
    flows = content.flows.values()
    parts = [_INTRODUCTION, "## How they lead to each other\n", _drawn("LR", _overview(content.flows))]
    for flow in sorted(flows, key=lambda one: one.flow):
        parts += [f"## {flow.flow}\n", f"{_beginning(flow)}\n", _drawn("TD", _diagram(flow))]
    return "\n".join(parts)


def _drawn(direction: str, rows: Iterable[str]) -> str:
    return "\n".join(["```mermaid", f"flowchart {direction}", *(f"  {row}" for row in rows), "```", ""])


def _overview(flows: Mapping[str, Flow]) -> Iterator[str]:
    for flow in flows.values():
        yield f'{_node(flow.flow)}(["{flow.flow}"])' if flow.starts else f'{_node(flow.flow)}["{flow.flow}"]'
    for flow in flows.values():
        there = {
            GONE if target == GONE else target.partition("/")[0]
            for _, target in flow.targets()
            if target == GONE or "/" in target
        }
        yield from (f"{_node(flow.flow)} --> {_node(other)}" for other in sorted(there - {flow.flow}))


def _beginning(flow: Flow) -> str:
    """Tell how a flow begins and what kind it is."""
    slots = "".join(f", {name} {value}" for name, value in flow.when.items())
    told = [f"Starts with **{flow.starts}**{slots}." if flow.starts else "Other flows lead here."]
    if flow.aside:
        told.append("An aside: goes back to what it interrupted.")
    if flow.urgent:
        told.append("Urgent: nothing else is followed before it is over.")
    if flow.episode:
        told.append("A cramp goes on here.")
    return " ".join(told)


def _diagram(flow: Flow) -> Iterator[str]:
    targets = {flow.first}
    for name, step in flow.steps.items():
        yield f"{_node(name)}{_shape(step, _text(name, step))}"
    edges = [edge for name, step in flow.steps.items() for edge in _edges(name, step)]
    if moves := {intent: to for intent, to in flow.on.items() if isinstance(to, str)}:
        yield 'anywhere(("anywhere here"))'
        edges += _joined("anywhere", moves)
    targets |= {target for _, _, target in edges}
    for target in sorted(targets - flow.steps.keys()):
        yield f"{_node(target)}{_elsewhere(target)}"
    yield f"begin((( ))) --> {_node(flow.first)}"
    for origin, label, target in edges:
        arrow = "-.->" if label == "silence" else "-->"
        named = f'|"{_plain(label)}"|' if label else ""
        yield f"{origin if origin == 'anywhere' else _node(origin)} {arrow}{named} {_node(target)}"


def _edges(name: str, step: Step) -> Iterator[tuple[str, str, str]]:
    """Yield the ways on from a step: from where, when, and to where."""
    match step:
        case AskStep():
            yield from _joined(name, {**step.answers, "silence": step.silence})
        case BranchStep():
            yield from ((name, _told(way.when), way.then) for way in step.branch)
            yield name, "else", step.then
        case RepeatStep():
            yield name, f"until {step.times} times", step.repeat
            yield name, "then", step.then
        case _:
            yield name, "", step.then
    yield from _joined(name, {one: to for one, to in getattr(step, "on", {}).items() if isinstance(to, str)})


def _joined(name: str, ways: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield one way for all that leads to the same place."""
    for target in dict.fromkeys(ways.values()):
        yield name, ", ".join(one for one, to in ways.items() if to == target), target


def _text(name: str, step: Step) -> str:
    rows: list[str] = []
    match step:
        case SayStep():
            rows = [_line(line) for line in step.say]
        case HoldStep():
            length = f"{step.hold} s" if isinstance(step.hold, int) else f"for the {step.hold} time"
            rows = [f"hold {length}", *map(_line, step.coaching)]
        case RestStep():
            rows = [f"wait {step.rest:g} s"]
        case AskStep():
            rows = [_line(step.ask), *([f"note: {step.note}"] if step.note else [])]
        case SetStep():
            rows = [f"{fact} = {value or 'not known'}" for fact, value in step.set.items()]
        case TimerStep():
            rows = [f"timer {step.timer}, {step.minutes} minutes"]
        case RepeatStep():
            rows = [f"{step.times} times"]
    reactions = getattr(step, "on", {}).items()
    rows += [
        f"{intent}: {_line(reaction.say)}" for intent, reaction in reactions if isinstance(reaction, Remark)
    ]
    if len(rows) > MOST_ROWS:
        rows[MOST_ROWS - 1 :] = [f"and {len(rows) - MOST_ROWS + 1} more"]
    return "<br/>".join([f"<b>{name}</b>", *map(_plain, rows)])


def _line(line: StepLine) -> str:
    return f"({_told(line.when)}) {line.text}" if line.when else line.text


def _told(condition: Mapping[str, tuple[object, ...]]) -> str:
    """Tell a condition: `side both, swollen no or not known`."""
    return ", ".join(
        f"{name} {' or '.join(str(value) or 'not known' for value in values)}"
        for name, values in condition.items()
    )


def _shape(step: Step, text: str) -> str:
    match step:
        case HoldStep() | RestStep():
            return f'(["{text}"])'
        case AskStep():
            return f'{{{{"{text}"}}}}'
        case BranchStep():
            return f'{{"{text}"}}'
        case RepeatStep() | SetStep() | TimerStep():
            return f'[["{text}"]]'
    return f'["{text}"]'


def _elsewhere(target: str) -> str:
    if target in {END, RETURN, GONE}:
        return f'(("{target}"))'
    return f'>"{target}"]'


def _node(name: str) -> str:
    # Mermaid knows words of its own, `end` among them, so no name stands alone.
    return "n_" + name.replace("-", "_").replace("/", "__")


def _plain(text: str) -> str:
    """Write a text as it may stand in a label."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
