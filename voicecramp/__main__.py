"""`python -m voicecramp` is `voicecramp`."""

from voicecramp.cli import main

main()
