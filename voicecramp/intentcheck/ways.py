"""Ways through the guidance: every step is come to, and leads to an end."""

from collections.abc import Iterator

from voicecramp.dialogue.paths import endless, reachable
from voicecramp.intentcheck.material import Finding, Material

__all__ = ["dead_ends", "unreachable"]


def unreachable(material: Material) -> Iterator[Finding]:
    """Find steps that no conversation comes to."""
    flows = material.content.flows
    reached = reachable(flows)
    for name, flow in flows.items():
        missed = [step for step in flow.steps if (name, step) not in reached]
        if len(missed) == len(flow.steps):
            what = "no intent starts this flow and no other flow leads to it; lead to it, or remove it"
            yield Finding(material.guidance(name), ("flow",), what)
        else:
            for step in missed:
                what = "nothing leads to this step; lead to it, or remove it"
                yield Finding(material.guidance(name), ("steps", step), what)


def dead_ends(material: Material) -> Iterator[Finding]:
    """Find steps from which silence leads nowhere but round and round."""
    for flow, step in sorted(endless(material.content.flows)):
        what = "whoever says nothing more never comes to end, return or gone from here; lead the way out"
        yield Finding(material.guidance(flow), ("steps", step), what)
