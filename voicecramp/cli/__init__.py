"""The command line: thin, and alone in knowing the terminal."""

import sys

from rich.console import Console

from voicecramp.cli import check, converse, diary, inspect, intents, models
from voicecramp.cli.app import app
from voicecramp.errors import VoiceCrampError

__all__ = ["app", "check", "converse", "diary", "inspect", "intents", "main", "models"]


def main() -> None:
    """Run the command line; what a person can put right is told in a sentence, without a traceback."""
    try:
        app()
    except VoiceCrampError as error:
        Console(stderr=True).print(f"[bold red]voicecramp:[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(1)
