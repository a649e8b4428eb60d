"""`voicecramp ask`: the conversation, by text."""

from pathlib import Path
from typing import Annotated

import typer

from voicecramp import assistant, config
from voicecramp.cli.app import ConfigOption, app, console
from voicecramp.cli.files import keep_apart
from voicecramp.cli.memory import memory_of
from voicecramp.dialogue import Record
from voicecramp.errors import VoiceCrampError
from voicecramp.events import Event, Failure
from voicecramp.rehearsal import Rehearsal
from voicecramp.terminal import described, typed

__all__ = ["ask"]


@app.command()
def ask(
    sentences: Annotated[list[str], typer.Argument(metavar='SENTENCE ["" SENTENCE ...]')],
    settings: ConfigOption = None,
    diary: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", readable=False, help="Keep a diary here; else it is forgotten at the end."
        ),
    ] = None,
) -> None:
    """Have the same conversation by text, without a sound.

    Each sentence is said when the one before has been answered: at a question, or five seconds into a hold.
    "" is silence: the hold runs to its end, the question goes unanswered; else the next timer rings.
    """
    keep_apart({"the configuration": settings, "the diary": diary})
    chosen = config.read(settings)

    def tell(event: Event) -> None:
        console.print(described(event), soft_wrap=True)

    with memory_of(diary, chosen, tell) as memory:
        mind = assistant.Mind.load(chosen, memory)

        def keep(record: Record, t: float) -> None:
            try:
                memory.record(record, t)
            except VoiceCrampError as error:
                tell(Failure(t=t, what=str(error)))

        rehearsal = Rehearsal(mind.nlu, mind.dialogue, keep)
        for line in typed.converse(rehearsal, sentences):
            console.print(line, soft_wrap=True)
