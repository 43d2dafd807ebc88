"""The dashboards that a template brings: made once, in a project that has none of their titles."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

import msgspec

from domain.errors import Conflict, DomainError, Forbidden, Invalid
from services.project_files import ProjectFile
from services.yaml_text import yaml_of

Make = Callable[[str], Awaitable[object]]
"""Makes a dashboard of the text of a dashboard file."""


class BroughtDashboard(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one dashboard file: made, left because the project has one of that title, or refused."""

    file: str
    title: str
    is_new: bool = False
    message: str = ""
    """Why it was not made; empty where it was, or is there already."""


async def bring(file: ProjectFile, titles: Collection[str], make: Make) -> list[BroughtDashboard]:
    """Make each dashboard of the template whose title the project does not have; those that it has are people's own."""
    there, found = set(titles), []
    for path in file.dashboards:
        one = await _brought(path, there, make)
        there.add(one.title)
        found.append(one)
    return found


async def _brought(path: Path, there: Collection[str], make: Make) -> BroughtDashboard:
    title = path.stem
    try:
        text = await asyncio.to_thread(path.read_text, "utf-8")
        decoded = yaml_of(text, f"The dashboard file {path}")
        title = str(decoded.get("title", title)) if isinstance(decoded, dict) else title
        if title in there:
            return BroughtDashboard(file=path.name, title=title)
        await make(text)
    except (OSError, UnicodeDecodeError) as error:
        return BroughtDashboard(file=path.name, title=title, message=f"The file {path} cannot be read: {error}")
    except (Invalid, Forbidden, Conflict) as error:
        return BroughtDashboard(file=path.name, title=title, message=_said(error))
    return BroughtDashboard(file=path.name, title=title, is_new=True)


def _said(error: DomainError) -> str:
    problems = error.problems if isinstance(error, Invalid) else ()
    return " ".join([error.message, *(f"{problem}." for problem in problems)])
