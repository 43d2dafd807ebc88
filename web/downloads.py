"""Files on their way to a browser or a program."""

import re
from urllib.parse import quote

from litestar.response import Stream

from services.exports import Download


def sent(download: Download) -> Stream:
    """The file as an attachment under its name; a failure on the way breaks the connection off, so that it shows."""
    return Stream(download.pieces, media_type=download.media_type, headers=attachment(download.name))


def attachment(name: str) -> dict[str, str]:
    """The header that makes a browser keep what comes under this name (RFC 6266)."""
    plain = re.sub(r'[^ -~]|["\\%/]', "_", name)
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
