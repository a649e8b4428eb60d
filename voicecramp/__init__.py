"""VoiceCramp: an offline voice assistant that talks you through a leg cramp."""

__version__ = "0.1.0"
