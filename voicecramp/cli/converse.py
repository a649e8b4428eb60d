"""`voicecramp run`: the conversation, aloud."""

import errno
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated, Literal, ParamSpec

import typer
from rich.progress import MofNCompleteColumn
from rich.text import Text

from voicecramp import assistant, config, demonstration
from voicecramp.audio import wav
from voicecramp.audio.again import FoundAgain
from voicecramp.audio.devices import Device, Kind, choose
from voicecramp.audio.file import converse
from voicecramp.audio.live import DeviceLostError, run_live
from voicecramp.audio.signals import ending
from voicecramp.cli.app import ConfigOption, app, console, preparing
from voicecramp.cli.files import keep_apart
from voicecramp.cli.memory import memory_of
from voicecramp.config import Config
from voicecramp.diary import default_path
from voicecramp.errors import VoiceCrampError
from voicecramp.eventlog import EventLog
from voicecramp.events import Event, Failure
from voicecramp.frames import FRAME, Samples, seconds
from voicecramp.pipeline import Pipeline
from voicecramp.terminal import Screen

__all__ = ["run"]

_LONGEST_AFTER = 1800.0
"""Seconds after the end of a file at which the conversation ends: twice what the longest guidance takes."""

_SHORTEST, _LONGEST = 0.1, 1e7
"""Seconds of stream time after which a conversation may be told to end: a few frames; four months."""

_OnFrame = Callable[[Samples, Samples], None]
_P = ParamSpec("_P")


def _length(given: float | None) -> float | None:
    # Not typer's `min` and `max`: "nan" is neither less nor more than anything.
    if given is not None and not _SHORTEST <= given <= _LONGEST:
        raise typer.BadParameter(f"{given:g} is no length: give seconds from {_SHORTEST} to {_LONGEST:,.0f}.")
    return given


@app.command()
def run(  # noqa: PLR0913, PLR0917 - a command's options
    source: Annotated[
        str | None,
        typer.Option(
            "--input",
            metavar="FILE.wav|-",
            help="Hear this recording instead of a microphone; any rate, any channels. Silence follows it until "
            "the conversation is over.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE.wav", help="Write what was heard (left) and what was said (right)."),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help="Write the event log, a line of JSON each, as it happens."),
    ] = None,
    realtime: Annotated[
        bool,
        typer.Option(
            "--realtime/--fast", help="With --input: at real speed and aloud, or as fast as it goes."
        ),
    ] = False,
    asr: Annotated[
        Literal["vosk", "pocketsphinx"] | None,
        typer.Option(help="The recogniser; else chosen automatically."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="The Vosk model: a name from `voicecramp models list`, or a folder.")
    ] = None,
    settings: ConfigOption = None,
    diary: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            readable=False,  # told below, and stops nobody from being helped
            help="Keep the diary here. Else it is your own, and none with --input.",
        ),
    ] = None,
    max_seconds: Annotated[
        float | None,
        typer.Option(callback=_length, help="End after this much stream time, whatever happens."),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Lines only, nothing that changes in place.")
    ] = False,
) -> None:
    """Listen, and help. Without a microphone it demonstrates itself instead."""
    keep_apart(
        {
            "--input": None if source is None else _path(source),
            "the configuration": settings,
            "the diary": diary,
            "--output": output,
            "--events": events,
        }
    )
    chosen = _read(settings, asr, model)
    recording = None if source is None else _recording(source)
    microphone = _device(Kind.MICROPHONE, chosen) if recording is None else None
    with ExitStack() as stack:
        log = EventLog(events) if events else None
        screen = Screen(console, plain=plain or not console.is_terminal)

        # Whoever is listened to is not left alone over a full disk.
        show = _where_there_is_room(screen.show) if microphone else screen.show

        def tell(what: str) -> None:
            show(Failure(t=pipeline.t, what=what))

        trouble = tell if microphone else None
        log_event = log and _while_it_can(log.write, trouble)

        def emit(event: Event) -> None:
            if log_event:
                log_event(event)
            show(event)

        # A recording has no clock on the wall: it is heard faster than it was made.
        memory = stack.enter_context(
            memory_of(
                diary or (default_path() if microphone else None),
                chosen,
                emit,
                datetime.now if microphone else None,
            )
        )
        with preparing("Preparing speech", MofNCompleteColumn()) as progress:
            pipeline, recogniser = assistant.assemble(chosen, emit, progress, memory)
            if recording is None and microphone is None:
                recording = demonstration.recording(assistant.clip_cache(), progress)
        demonstrating = recording is not None and source is None
        speaker = _device(Kind.SPEAKER, chosen) if microphone or demonstrating or realtime else None
        if microphone and not speaker:
            raise VoiceCrampError("No speaker was found: plug one in, or name one under [audio] output.")
        if demonstrating:
            output = output or demonstration.result_path()
            what = " A recorded voice asks for help; nobody is listened to."
            console.print(Text.assemble(("DEMONSTRATION", "bold yellow"), what))
        writer = stack.enter_context(_written(output)) if output else None
        if log:
            stack.enter_context(log)  # last, for it empties the file
        write = _while_it_can(writer.write, trouble) if writer else None
        on_frame = _frames(screen, write, paced=realtime and not speaker)
        stack.enter_context(screen)
        pipeline.begin(recogniser.recogniser.name, recogniser.why)
        if source is None:
            pipeline.greet()
        if speaker:
            mic = microphone if recording is None else recording
            assert mic is not None  # noqa: S101 - one of the two is there
            try:
                run_live(
                    pipeline,
                    mic,
                    speaker,
                    find=FoundAgain(microphone, speaker, lambda: _both_devices(chosen))
                    if microphone
                    else None,
                    max_seconds=max_seconds or math.inf,
                    on_frame=on_frame,
                    on_trouble=lambda what: emit(Failure(t=pipeline.t, what=what)),
                )
            except DeviceLostError:
                if writer:  # as far as it goes, it is whole
                    writer.close()
                raise
        elif recording is not None:
            _hear(pipeline, recording, max_seconds or seconds(len(recording)) + _LONGEST_AFTER, on_frame)


def _read(settings: Path | None, asr: Literal["vosk", "pocketsphinx"] | None, model: str | None) -> Config:
    """Read the configuration; what the command line says of the recogniser counts instead."""
    chosen = config.read(settings)
    asked = {key: value for key, value in (("engine", asr), ("model", model)) if value}
    chosen = chosen.model_copy(update={"asr": chosen.asr.model_copy(update=asked)})
    if model and chosen.asr.engine == "pocketsphinx":
        raise VoiceCrampError(f"PocketSphinx takes no model, so --model {model} is not used; leave one out.")
    return chosen


def _while_it_can(write: Callable[_P, None], trouble: Callable[[str], None] | None) -> Callable[_P, None]:
    """Let a file be written until that fails, then tell the trouble once and go on without; None: raise it."""
    if trouble is None:
        return write
    failed = False

    def written(*args: _P.args, **kwargs: _P.kwargs) -> None:
        nonlocal failed
        if failed:
            return
        try:
            write(*args, **kwargs)
        except VoiceCrampError as error:
            failed = True
            trouble(f"{error} Until then nothing more is written there.")

    return written


def _where_there_is_room(show: Callable[[Event], None]) -> Callable[[Event], None]:
    """Pass over what a file in place of the terminal has no room for."""

    def shown(event: Event) -> None:
        try:
            show(event)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                raise

    return shown


@contextmanager
def _written(path: Path) -> Iterator[wav.StereoWriter]:
    """Write a recording, and tell where it is once it is there."""
    writer = wav.StereoWriter(path)
    try:
        with writer:
            yield writer
    finally:
        if writer.whole:
            console.print(f"Written: {path} (left: what it heard, right: what it said)", soft_wrap=True)


def _recording(source: str) -> Samples:
    if source != "-":
        return wav.read(Path(source))
    if sys.stdin is None:
        raise VoiceCrampError("Standard input is closed; send a recording into it, or name a file.")
    return wav.read(sys.stdin.buffer)


def _path(source: str) -> Path:
    return Path("/dev/stdin" if source == "-" else source)


def _device(kind: Kind, chosen: Config) -> Device | None:
    """The device to use; None, said on the screen, where there is none and none was asked for."""
    wanted = chosen.audio.input if kind is Kind.MICROPHONE else chosen.audio.output
    try:
        return choose(kind, wanted).device
    except VoiceCrampError as error:
        if wanted:
            raise
        console.print(str(error), style="yellow", soft_wrap=True)
        return None


def _hear(pipeline: Pipeline, recording: Samples, longest: float, on_frame: _OnFrame) -> None:
    """Have the conversation with a recording, up to Ctrl-C."""
    told: SimpleQueue[None] = SimpleQueue()
    with ending(lambda: told.put(None)):
        for heard, said in converse(pipeline, recording, longest, lambda: not told.empty()):
            on_frame(heard, said)


def _both_devices(chosen: Config) -> tuple[Device, Device]:
    audio = chosen.audio
    return choose(Kind.MICROPHONE, audio.input).device, choose(Kind.SPEAKER, audio.output).device


def _frames(screen: Screen, write: _OnFrame | None, *, paced: bool) -> _OnFrame:
    """What is done with each pair of frames: written, shown and, without a device to do it, paced."""
    count = 0
    began = time.monotonic()

    def on_frame(heard: Samples, said: Samples) -> None:
        nonlocal count
        if write:
            write(heard, said)
        count += FRAME
        screen.at(seconds(count))
        if paced:
            time.sleep(max(0.0, began + seconds(count) - time.monotonic()))

    return on_frame
