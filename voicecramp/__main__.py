"""Where the command `voicecramp` begins; `python -m voicecramp` is the same."""

import signal

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    # It is imported for half a second, in which Ctrl-C would be a traceback; there is nothing to put away yet.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from voicecramp import cli  # noqa: PLC0415  # see above

    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()


if __name__ == "__main__":
    main()
