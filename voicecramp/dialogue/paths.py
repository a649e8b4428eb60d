"""Where the steps of the guidance lead: what can be reached, what comes to an end, what would go round for ever."""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.steps import (
    END,
    GONE,
    RETURN,
    AskStep,
    BranchStep,
    RepeatStep,
    SayStep,
    SetStep,
    Step,
    TimerStep,
)

__all__ = ["Spot", "endless", "reachable", "silent_circle", "spot"]

Spot = tuple[str, str]
"""A flow and a step of it, by their names."""

Flows = Mapping[str, Flow]
_Silent = BranchStep | RepeatStep | SetStep | TimerStep


def spot(flows: Flows, flow: Flow, target: str) -> Spot | None:
    """Return the step that a target named in `flow` means; None for `end` and `return`, or where there is none."""
    if target in {END, RETURN}:
        return None
    if target == GONE:
        return (GONE, flows[GONE].first) if GONE in flows else None
    name, _, step = target.rpartition("/")
    home = flows.get(name) if name else flow
    return (home.flow, step) if home and step in home.steps else None


def reachable(flows: Flows) -> frozenset[Spot]:
    """Return every step that some conversation can come to."""
    found: set[Spot] = set()
    coming = [(flow.flow, flow.first) for flow in flows.values() if flow.starts]
    while coming:
        here = coming.pop()
        if here not in found:
            found.add(here)
            flow = flows[here[0]]
            targets = (*_by_silence(flow.steps[here[1]]), *_by_words(flow, flow.steps[here[1]]))
            coming += [to for target in targets if (to := spot(flows, flow, target))]
    return frozenset(found)


def endless(flows: Flows) -> frozenset[Spot]:
    """Return every step from which somebody who says nothing more never comes to an end."""
    ending: set[Spot] = set()
    steps = dict(_steps(flows))
    while True:
        more = {
            here
            for here, (flow, step) in steps.items()
            if here not in ending
            for target in _by_silence(step)
            if target in {END, RETURN, GONE} or spot(flows, flow, target) in ending
        }
        if not more:
            return frozenset(steps.keys() - ending)
        ending |= more


def silent_circle(flows: Flows) -> tuple[Spot, ...]:
    """Return steps that lead back to the first of them without a sound or a wait between; empty if none do.

    The conversation follows such steps at once, so it would go round for ever.
    """
    silent = {here: (flow, step) for here, (flow, step) in _steps(flows) if _may_be_silent(step)}
    leads = {
        here: [to for target in _by_silence(step) if (to := spot(flows, flow, target)) in silent]
        for here, (flow, step) in silent.items()
    }
    try:
        TopologicalSorter(leads).prepare()
    except CycleError as error:
        circle: list[Spot] = error.args[1]
        return tuple(reversed(circle[1:]))
    return ()


def _steps(flows: Flows) -> Iterator[tuple[Spot, tuple[Flow, Step]]]:
    for flow in flows.values():
        yield from (((flow.flow, name), (flow, step)) for name, step in flow.steps.items())


def _by_silence(step: Step) -> Iterable[str]:
    """Where a step leads if nobody says a word."""
    match step:
        case AskStep():
            return (step.silence,)
        case BranchStep():
            return (*(way.then for way in step.branch), step.then)
        case RepeatStep():
            return (step.repeat, step.then)
        case _:
            return (step.then,)


def _by_words(flow: Flow, step: Step) -> Iterable[str]:
    """Where a step leads if somebody does; silent ones are over before a word can be said."""
    if isinstance(step, _Silent):
        return ()
    answers = step.answers.values() if isinstance(step, AskStep) else ()
    reactions = (reaction for reaction in (*step.on.values(), *flow.on.values()) if isinstance(reaction, str))
    return (*answers, *reactions)


def _may_be_silent(step: Step) -> bool:
    if isinstance(step, SayStep):
        return all(line.when for line in step.say)
    return isinstance(step, _Silent)
