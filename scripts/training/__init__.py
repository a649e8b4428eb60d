"""Makes a small Vosk model: a dictionary, texts and recordings in, a model folder out. See README.md here."""
