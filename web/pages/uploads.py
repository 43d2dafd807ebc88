"""Uploads: a file is dropped, looked at, corrected and made a table, without anything installed."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Controller, Request, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody

from domain.access import Actor, Capability
from domain.batches import common_tag
from domain.description import Format
from domain.errors import Conflict, Invalid, Problem
from domain.jobs import Job, JobState
from domain.joins import follow_up
from domain.projects import Access
from domain.reader_options import ENCODINGS
from domain.uploaded import FORMATS, SEPARATORS, TOGETHER_MOST, UTF_8, WORKFLOW, Mode, Reading
from domain.wording import tr, trn
from services.system import Services
from services.uploaded import Order, Sent
from web.errors import fault_of
from web.pages.jobs import address
from web.render import Done, Page

NEW = "projects/upload.html"
LOOK = "projects/uploaded.html"
TYPES = {
    "": tr("as detected"),
    "String": tr("text"),
    "Int64": tr("whole number"),
    "Float64": tr("number"),
    "Boolean": tr("true or false"),
    "Date": tr("date"),
    "Datetime": tr("date and time"),
}
CHUNK = 2**20
MAX_FORM_BYTES = 64 * 2**20
"""Without scripts a file comes as part of a form, which is held whole before it is looked at."""
PATIENCE = 2.5
"""So many seconds the page waits for the table; after that it shows how far the job is."""
FORGOTTEN = {False: tr("The file was not kept."), True: tr("The files were not kept.")}
Form = Mapping[str, str]
Body = Request[Actor, str | None, Any]


class FileForm(msgspec.Struct, frozen=True):
    """The form of a browser without scripts."""

    file: list[UploadFile]


class Received(msgspec.Struct, frozen=True):
    """Where the browser goes on with a file that it has sent."""

    location: str
    sent: Sent


class UploadsPage(Controller):
    """`/projects/{project_id}/uploads`."""

    path = "/projects/{project_id:str}/uploads"

    @get("/")
    async def new(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        return await _start(access, services)

    @post("/", request_max_body_size=MAX_FORM_BYTES)
    async def send(
        self, data: MultipartBody[FileForm], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> Page:
        try:
            files = [await services.uploaded.receive(access, one.filename, _chunks(one)) for one in data.file]
            if len(files) > 1:
                return Done(batch_address(access, await services.batches.keep(access, files)), "")
            await services.uploaded.guess(access, files[0])
        except (Invalid, Conflict) as error:
            return await _start(access, services, error)
        return Done(look_address(access, files[0]), "")

    @put("/content", request_max_body_size=None)
    async def stream(
        self,
        request: Body,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        name: FromQuery[str] = "",
    ) -> Received:
        """Take the file as the body of the request, so that the browser can show how far it is."""
        sent = await services.uploaded.receive(access, name, request.stream())
        await services.uploaded.guess(access, sent)
        return Received(look_address(access, sent), sent)

    @get("/{sha256:str}")
    async def look(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        sha256: FromPath[str],
        name: FromQuery[str] = "",
        size: FromQuery[int] = 0,
        into: FromQuery[str] = "",
        batch: FromQuery[str] = "",
        rest: FromQuery[str] = "",
    ) -> Page:
        """The first rows as they seem to want to be read; `into` names a collection that the file is for.

        `batch` is the list of all files that are to be one table, of which this is the first, and `rest` that of the
        files that were sent with them and come later.
        """
        sent = Sent(name=name, sha256=sha256, size=size)
        files = await services.batches.files(access, batch) if batch else (sent,)
        kept = await services.uploaded.reading_of(access, into) if into else None
        own = await services.batches.reading(access, files)
        tag = into or common_tag([one.name for one in files])
        mode = Mode.APPEND if kept else Mode.NEW
        form = {"tag": tag, "mode": mode, "format": own.format, "batch": batch, "rest": rest}
        return await _looked_at(access, services, sent, kept or own, form)

    @post("/{sha256:str}/preview", status_code=200)
    async def again(
        self,
        data: URLEncodedBody[dict[str, str]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        sha256: FromPath[str],
    ) -> Page:
        """The same after a correction."""
        sent = _sent(data, sha256)
        reading = await _asked(access, services, sent, data)
        return await _looked_at(access, services, sent, reading, data, block="look")

    @post("/{sha256:str}", status_code=200)
    async def ingest(
        self,
        data: URLEncodedBody[dict[str, str]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        sha256: FromPath[str],
    ) -> Page:
        sent = _sent(data, sha256)
        reading = Reading()
        try:
            reading = await _asked(access, services, sent, data)
            order = Order(
                tag=data.get("tag", "").strip(),
                mode=_mode(data),
                description=data.get("description", "").strip(),
                reading=reading,
                more=(await _files(access, services, sent, data))[1:],
            )
            job = await services.jobs.upload(access, sent, order)
        except (Invalid, Conflict) as error:
            return await _looked_at(access, services, sent, reading, data, error=error)
        job = await services.jobs.ended(access, job.id, PATIENCE)
        if job.failure is not None:
            failed = Invalid(job.failure.message, job.failure.problems)
            return await _looked_at(access, services, sent, reading, data, error=failed)
        return _over(access, order, job, data.get("rest", ""))

    @post("/{sha256:str}/forget", status_code=200)
    async def forget(
        self,
        data: URLEncodedBody[dict[str, str]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        sha256: FromPath[str],
    ) -> Page:
        files = await _files(access, services, _sent(data, sha256), data)
        await services.batches.forget(access, files)
        return Done(going_on(access, data.get("rest", "")), FORGOTTEN[len(files) > 1])


def going_on(access: Access, rest: str) -> str:
    """Where it goes on: with the files that were sent together and are left, else at the start."""
    return batch_address(access, rest) if rest else f"/projects/{access.project.id}/uploads"


def _over(access: Access, order: Order, job: Job, rest: str) -> Page:
    """The table, when the job was done soon; else the page that shows how far it is; before both what is left."""
    left = batch_address(access, rest) if rest else ""
    if job.state is not JobState.DONE:
        return Done(left or address(job), tr("{job}: this is under way.", job=job.title) if left else "")
    made = f"/projects/{access.project.id}/collections/{job.result.collection_id}"
    report = job.result.reports[0]
    said = trn("{table} has {n:,} row now.", "{table} has {n:,} rows now.", report.rows, table=order.tag)
    return Done(left or made, f"{said} {follow_up(report.joins)}".strip())


async def _start(access: Access, services: Services, error: Invalid | Conflict | None = None) -> Page:
    collections = await services.uploaded.collections(access)
    context = {
        "access": access,
        "collections": collections,
        "most": await services.site.upload_max_mib(),
        "together": TOGETHER_MOST,
    }
    if error is None:
        return Page(NEW, {**context, "message": ""})
    fault = fault_of(error)
    message = " ".join([fault.message, *(f"{problem.message}." for problem in fault.problems)])
    return Page(NEW, {**context, "message": message}, status_code=fault.status)


async def _looked_at(
    access: Access,
    services: Services,
    sent: Sent,
    reading: Reading,
    form: Form,
    *,
    error: Invalid | Conflict | None = None,
    block: str | None = None,
) -> Page:
    """The page of a sent file: its first rows, or why there are none, and what may be corrected."""
    access.require(Capability.DATA_UPLOAD)
    preview = None
    fault = None if error is None else fault_of(error)
    try:
        preview = await services.uploaded.look(access, sent, reading)
    except Invalid as unreadable:
        fault = fault or fault_of(_other_kind(sent, reading, form) or unreadable)
    problems = {problem.place: problem.message for problem in fault.problems} if fault else {}
    files = await _files(access, services, sent, form)
    context = {
        "access": access,
        "sent": sent,
        "files": files,
        "reading": reading,
        "form": form,
        "preview": preview,
        "collections": await services.uploaded.collections(access),
        "own_format": _own_format(reading, form),
        "message": fault.message if fault else "",
        "problems": problems,
        "others": _others(problems, are_several=len(files) > 1),
        "separators": SEPARATORS,
        "types": TYPES,
        "kind": FORMATS[reading.format],
        "encodings": ENCODINGS,
        "sheets": await _sheets(access, services, sent, reading),
        "modes": Mode,
        "shape": _shape(reading),
    }
    return Page(LOOK, context, block=block, status_code=200 if error is None or fault is None else fault.status)


def _own_format(reading: Reading, form: Form) -> Format:
    """What the file itself is, however the collection reads its files."""
    return next((one for one in FORMATS if one == form.get("format")), reading.format)


def _other_kind(sent: Sent, reading: Reading, form: Form) -> Invalid | None:
    """Why a file cannot be read as the others of a collection, where it is of another kind."""
    own = FORMATS[_own_format(reading, form)]
    if form.get("mode") != Mode.APPEND or own == FORMATS[reading.format]:
        return None
    return Invalid(
        tr(
            "{file} is {own}, but {table!r} is made of {others}. Make a new table of it, or let it replace all rows.",
            file=sent.name,
            own=own,
            table=form.get("tag", ""),
            others=FORMATS[reading.format],
        )
    )


def _others(problems: Mapping[str, str], *, are_several: bool) -> list[str]:
    """What is wrong beside the fields; of several files each by its name."""
    found = ((place, text) for place, text in problems.items() if place not in {"tag", "description"})
    return [f"{place.removeprefix(f'{WORKFLOW}/')}: {text}" if are_several and place else text for place, text in found]


async def _asked(access: Access, services: Services, sent: Sent, form: Form) -> Reading:
    """The reading that the form says; that of the collection when the file is appended to it."""
    if _mode(form) is Mode.APPEND:
        kept = await services.uploaded.reading_of(access, form.get("tag", "").strip())
        if kept is not None:
            return kept
    if _mode(form) is not Mode.APPEND and form.get("was") == Mode.APPEND:
        # The form has shown how the files of the collection are read, which says nothing of this one.
        return await services.batches.reading(access, await _files(access, services, sent, form))
    skip = form.get("skip_rows", "") or "0"
    if not skip.isdecimal():
        raise Invalid(
            tr("The file cannot be read in this way."), (Problem("skip_rows", tr("must be a whole number from 0")),)
        )
    separator = {"tab": "\t"}.get(form.get("separator", ","), form.get("separator", ","))
    said = _own_format(Reading(), form)
    is_text = Reading(format=said).is_text
    reading = Reading(
        format=said if not is_text else "tsv" if separator == "\t" else "csv",
        separator=separator if is_text else ",",
        has_header=bool(form.get("has_header")),
        encoding=form.get("encoding", UTF_8),
        sheet=form.get("sheet", ""),
        decimal_comma=bool(form.get("decimal_comma")),
        has_dates=bool(form.get("has_dates")),
        skip_rows=int(skip),
        null_values=tuple(sorted({word.strip() for word in form.get("null_values", "").split(",")} - {""})),
    )
    # Under another shape the columns are others: what was said of the old ones is not meant for them.
    types = _types(form) if form.get("shape") == _shape(reading) else {}
    return msgspec.structs.replace(reading, types=types)


async def _sheets(access: Access, services: Services, sent: Sent, reading: Reading) -> tuple[str, ...]:
    """The sheets to choose from; a workbook that went away or is damaged has none, and the message says why."""
    if not reading.is_sheet:
        return ()
    try:
        return await services.uploaded.sheets(access, sent)
    except Invalid:
        return ()


def _types(form: Form) -> dict[str, str]:
    """The types that were chosen, by column."""
    found = {}
    for field, column in form.items():
        kind, _, number = field.partition(" ")
        chosen = form.get(f"type {number}", "")
        if kind == "column" and chosen:
            found[column] = chosen
    return found


def _shape(reading: Reading) -> str:
    """What decides which columns there are."""
    return f"{reading.separator} {reading.has_header} {reading.skip_rows} {reading.encoding} {reading.sheet}"


def _mode(form: Form) -> Mode:
    try:
        return Mode(form.get("mode", Mode.NEW))
    except ValueError:
        raise Invalid(
            tr("The file was not ingested."), (Problem("mode", tr("use one of {choices}", choices=", ".join(Mode))),)
        ) from None


async def _files(access: Access, services: Services, sent: Sent, form: Form) -> tuple[Sent, ...]:
    """All files that are to be one table; mostly that which was sent."""
    batch = form.get("batch", "")
    return await services.batches.files(access, batch) if batch else (sent,)


def _sent(form: Form, sha256: str) -> Sent:
    size = form.get("size", "0")
    return Sent(name=form.get("name", ""), sha256=sha256, size=int(size) if size.isdecimal() else 0)


def batch_address(access: Access, batch: str) -> str:
    """Of the page of files that were sent together."""
    return f"/projects/{access.project.id}/batches/{quote(batch, safe='')}"


def look_address(access: Access, sent: Sent, **more: str) -> str:
    """Of the page where a sent file is looked at."""
    query = urlencode({"name": sent.name, "size": sent.size, **more})
    return f"/projects/{access.project.id}/uploads/{sent.sha256}?{query}"


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK):
        yield chunk
