"""The command line: thin, and alone in knowing the terminal."""

import sys

from rich.text import Text

from voicecramp.cli import check, converse, diary, inspect, intents, models
from voicecramp.cli.app import app, complaints
from voicecramp.errors import VoiceCrampError

__all__ = ["app", "check", "converse", "diary", "inspect", "intents", "main", "models"]


def main() -> None:
    """Run the command line; what a person can put right is told in a sentence, without a traceback."""
    try:
        app()
    except VoiceCrampError as error:
        complaints.print(Text.assemble(("voicecramp:", "bold red"), f" {error}"), soft_wrap=True)
        sys.exit(1)
