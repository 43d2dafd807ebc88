"""The only reader of the environment."""

import os
from collections.abc import Mapping

from cli.failures import unusable
from domain.settings import Settings, settings_from

SERVER = "DEPICTIO_SERVER"
TOKEN = "DEPICTIO_TOKEN"  # noqa: S105 -- the name of a variable.


def environment() -> Mapping[str, str]:
    """All variables, for the placeholders of project files."""
    return os.environ


def read_settings() -> Settings:
    """The settings of this installation; a wrong one stops the command with exit code 3."""
    own = {name: text for name, text in os.environ.items() if name not in {SERVER, TOKEN}}
    with unusable():
        return settings_from(own)
