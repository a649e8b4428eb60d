"""All that can be said, read from `intents/` and checked as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecramp.datafile import listed, load, locate, places
from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.paths import silent_circle, spot
from voicecramp.dialogue.statements import Statement, Statements
from voicecramp.dialogue.steps import END, RETURN, StepLine
from voicecramp.dialogue.wording import Wording
from voicecramp.errors import VoiceCrampError
from voicecramp.nlu import Intent

__all__ = ["Content"]


@dataclass(frozen=True)
class Content:
    """All that can be said, checked as a whole."""

    flows: Mapping[str, Flow]
    wording: Wording
    statements: Mapping[str, Statement]

    @classmethod
    def load(cls, folder: Path) -> "Content":
        """Read a language's folder (`intents/en`) and the statements beside it.

        Raises:
            VoiceCrampError: A file is missing or broken, a step leads nowhere or steps without a sound lead
                in a circle, an id is used twice, or a line rests on a statement that does not exist.
        """
        headings = load(folder.parent / "statements.yaml", Statements).root
        statements = {name: statement for group in headings.values() for name, statement in group.items()}
        wording = load(folder / "wording.yaml", Wording)
        paths = listed(folder / "guidance")
        if not paths:
            message = f"{folder / 'guidance'} holds no guidance; restore it from the repository."
            raise VoiceCrampError(message)
        flows = {path: load(path, Flow) for path in paths}
        _check_names(flows)
        _check_lines(flows, statements)
        content = cls({flow.flow: flow for flow in flows.values()}, wording, statements)
        for path, flow in flows.items():
            content._check_targets(path, flow)
        _check_circles(folder / "guidance", content.flows)
        return content

    def exists(self, flow: Flow, target: str) -> bool:
        """Whether a target named in `flow` leads anywhere."""
        return target in {END, RETURN} or spot(self.flows, flow, target) is not None

    def started_by(self, intent: Intent) -> Flow | None:
        """The flow this intent starts, if it starts one: that for its slots, else that for any."""
        flows = [flow for flow in self.flows.values() if flow.starts == intent.name]
        return next(
            (flow for flow in flows if flow.when and flow.when.items() <= intent.slots.items()),
            next((flow for flow in flows if not flow.when), None),
        )

    def _check_targets(self, path: Path, flow: Flow) -> None:
        for where, target in [("first", f"{flow.flow}/{flow.first}"), *flow.targets()]:
            if not self.exists(flow, target):
                there = locate(path, tuple(where.split(".")))
                message = f"{there} leads to '{target}', which is no step; name one, or flow/step, end, return, gone"
                raise VoiceCrampError(message)


def _check_names(flows: Mapping[Path, Flow]) -> None:
    starts: dict[tuple[str, str], Path] = {}
    for path, flow in flows.items():
        if flow.flow != path.stem:
            message = (
                f"{path}: flow: is '{flow.flow}', but the file's name says '{path.stem}'; make them agree"
            )
            raise VoiceCrampError(message)
        start = (flow.starts, str(sorted(flow.when.items())))
        if flow.starts and start in starts:
            message = f"{path}: starts: {flow.starts} starts {starts[start].name} already"
            raise VoiceCrampError(message)
        starts[start] = path


def _check_lines(flows: Mapping[Path, Flow], statements: Mapping[str, Statement]) -> None:
    ids: dict[str, Path] = {}
    for path, flow in flows.items():
        for place, entry in places(flow, StepLine):
            for line in entry.wordings:
                if line.id in ids:
                    what = f"line id '{line.id}' is used in {ids[line.id].name} already; ids are unique"
                    raise VoiceCrampError(f"{locate(path, place)}: {what}")
                ids[line.id] = path
                for name in line.source:
                    if name not in statements:
                        what = f"line '{line.id}' rests on '{name}', which statements.yaml does not have"
                        raise VoiceCrampError(f"{locate(path, (*place, 'source'))}: {what}")


def _check_circles(folder: Path, flows: Mapping[str, Flow]) -> None:
    # The conversation follows silent steps at once: in a circle of them it would hang, and the person with it.
    if circle := silent_circle(flows):
        (flow, first), way = circle[0], " to ".join(map("/".join, (*circle, circle[0])))
        message = (
            f"{locate(folder / f'{flow}.yaml', ('steps', first))} leads back to itself without a sound ({way}); "
            "put a say, hold, rest or ask step between"
        )
        raise VoiceCrampError(message)
