"""The one kind of error a person is meant to read."""

__all__ = ["VoiceCrampError"]


class VoiceCrampError(Exception):
    """Something the person can put right.

    The message is one sentence (or two): what is wrong, where (file, line, key), and what to do.
    The command line prints it without a traceback and exits with status 1.
    """
