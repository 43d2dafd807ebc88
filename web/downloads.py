"""Files on their way to a browser or a program."""

from urllib.parse import quote

from litestar.response import Stream

from services.exports import Download


def sent(download: Download) -> Stream:
    """The file as an attachment under its name; a failure on the way breaks the connection off, so that it shows."""
    name = download.name.encode("ascii", "replace").decode().replace("?", "_")
    disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(download.name)}"
    return Stream(download.pieces, media_type=download.media_type, headers={"content-disposition": disposition})
