"""Intents and the passing of time to cues: the conversation, with guidance as data."""
