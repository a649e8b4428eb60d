"""How hypothesis runs here."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # a slow machine is no failure
settings.load_profile("unhurried")
