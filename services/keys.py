"""The key by which a server signs, the same for all its processes and after a restart."""

from domain.settings import Settings
from persistence.files import kept_secret, writable


def secret_key(settings: Settings) -> str:
    """The key that the settings give, or one that is made once and kept in the data directory."""
    if settings.secret_key:
        return settings.secret_key
    folder = settings.data_dir / "secrets"
    with writable(settings.data_dir):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return kept_secret(folder / "tokens.key")
