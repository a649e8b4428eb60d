"""The command line: thin, and alone in knowing the terminal."""

import os
import sys
from io import TextIOWrapper
from typing import NoReturn

from rich.text import Text

from voicecramp.cli import ask, check, converse, diary, inspect, intents, models, say
from voicecramp.cli.app import app, complaints, unusable
from voicecramp.errors import VoiceCrampError

__all__ = ["app", "ask", "check", "converse", "diary", "inspect", "intents", "main", "models", "say"]


def main() -> None:
    """Run the command line; what a person can put right is told in a sentence, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a letter that a terminal lacks is no reason to fall silent
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            app()
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except VoiceCrampError as error:
        _end(str(error))
    except OSError as error:
        if error.filename:  # not a stream that was open from the beginning
            _end(unusable(error))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python tries again at its end
        _end(f"Cannot write to standard output: {error.strerror}; make room or send it elsewhere.")


def _end(why: str) -> NoReturn:
    complaints.print(Text.assemble(("voicecramp:", "bold red"), f" {why}"), soft_wrap=True)
    sys.exit(1)
