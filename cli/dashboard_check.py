"""A dashboard file checked as an import checks it, with nothing made."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from domain.collections import DataCollection, ids_by_name
from domain.dashboard_file import dashboard_file
from domain.dashboards import Dashboard, retitle, revise
from domain.errors import Invalid
from services.yaml_text import yaml_of


def text_of(file: Path) -> str:
    """The file's text; `Invalid` when it cannot be read."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise Invalid(f"The dashboard file {file} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"The dashboard file {file} is not UTF-8.") from error


def checked(text: str, collections: list[DataCollection]) -> int:
    """How many tiles the file has.

    Raises:
        Invalid: naming each fault with its place.
    """
    found = dashboard_file(yaml_of(text, "The dashboard file"), ids_by_name(collections))
    at = datetime.now(UTC)
    empty = Dashboard(id="", project_id="", title=found.title, created_by="", created_at=at, updated_at=at)
    titled = retitle(empty, found.title, found.subtitle)
    division = msgspec.structs.asdict(found.division)
    return len(revise(titled, msgspec.structs.replace(titled, tiles=dict(found.tiles), **division)).tiles)
