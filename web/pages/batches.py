"""Files that were dropped together: sorted by what they hold, and each kind looked at as one table."""

from collections.abc import Mapping, Sequence

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, URLEncodedBody

from domain.access import Capability
from domain.errors import Invalid
from domain.projects import Access
from domain.uploaded import FORMATS, SEPARATORS
from domain.wording import tr
from services.batches import Batch
from services.system import Services
from services.uploaded import Sent
from web.pages.uploads import FORGOTTEN, batch_address, going_on, look_address
from web.render import Done, Page

TOGETHER = "projects/batch.html"
NONE = tr("Choose at least one file.")
Form = Mapping[str, str]


class Kept(msgspec.Struct, frozen=True):
    """Where the browser goes on with files that it has sent."""

    location: str


class BatchesPage(Controller):
    """`/projects/{project_id}/batches`."""

    path = "/projects/{project_id:str}/batches"

    @post("/", status_code=200)
    async def keep(
        self, data: JSONBody[Batch], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> Kept:
        """Keep the list of what was sent."""
        access.require(Capability.DATA_UPLOAD)
        if not data.files:
            raise Invalid(NONE)
        return Kept(await _address(access, services, data.files))

    @get("/{batch:str}")
    async def show(
        self, access: NamedDependency[Access], services: NamedDependency[Services], batch: FromPath[str]
    ) -> Page:
        return await _shown(access, services, batch)

    @post("/{batch:str}/table", status_code=200)
    async def table(
        self,
        data: URLEncodedBody[dict[str, str]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        batch: FromPath[str],
    ) -> Page:
        """Look at the chosen files as one table; the others wait."""
        chosen, others = _parted(await services.batches.files(access, batch), data)
        if not chosen:
            return await _shown(access, services, batch, NONE)
        more = {"batch": await services.batches.keep(access, chosen)} if len(chosen) > 1 else {}
        more |= {"rest": await services.batches.keep(access, others)} if others else {}
        return Done(look_address(access, chosen[0], **more), "")

    @post("/{batch:str}/forget", status_code=200)
    async def forget(
        self,
        data: URLEncodedBody[dict[str, str]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        batch: FromPath[str],
    ) -> Page:
        chosen, others = _parted(await services.batches.files(access, batch), data)
        if not chosen:
            return await _shown(access, services, batch, NONE)
        await services.batches.forget(access, chosen)
        rest = await services.batches.keep(access, others) if others else ""
        return Done(going_on(access, rest), FORGOTTEN[len(chosen) > 1])


async def _address(access: Access, services: Services, files: Sequence[Sent]) -> str:
    """Of the first rows, where only one file has come."""
    batch = await services.batches.keep(access, files)
    return batch_address(access, batch) if len(files) > 1 else look_address(access, files[0])


async def _shown(access: Access, services: Services, batch: str, message: str = "") -> Page:
    files = await services.batches.files(access, batch)
    context = {
        "access": access,
        "batch": batch,
        "files": files,
        "number": {one.name: number for number, one in enumerate(files)},
        "found": await services.batches.sorted(access, files),
        "formats": FORMATS,
        "separators": SEPARATORS,
        "message": message,
    }
    return Page(TOGETHER, context, status_code=422 if message else 200)


def _parted(files: Sequence[Sent], form: Form) -> tuple[list[Sent], list[Sent]]:
    """The files that the form has chosen, of which `only` is the only one, and the others."""
    said = {key.removeprefix("file ") for key in form if key.startswith("file ")}
    wanted = {form["only"]} if "only" in form else said
    chosen = [one for number, one in enumerate(files) if str(number) in wanted]
    return chosen, [one for one in files if one not in chosen]
