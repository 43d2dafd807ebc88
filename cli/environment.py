"""The only reader of the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from cli.failures import unusable
from domain.settings import Settings, settings_from

SERVER = "DEPICTIO_SERVER"
TOKEN = "DEPICTIO_TOKEN"  # noqa: S105 -- the name of a variable.


def environment() -> Mapping[str, str]:
    """All variables, for the placeholders of project files."""
    return os.environ


def credentials_path() -> Path:
    """Where `depictio login` keeps tokens: in the folder that this user's settings are in."""
    folder = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(folder).expanduser() / "depictio" / "credentials.json"


def read_settings() -> Settings:
    """The settings of this installation; a wrong one stops the command with exit code 3."""
    own = {name: text for name, text in os.environ.items() if name not in {SERVER, TOKEN}}
    with unusable():
        return settings_from(own)
