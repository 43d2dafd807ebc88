"""Secrets stay where they belong: not in the log, not in files that other users of the machine can read."""

import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.dash_views.conftest import Town
from tests.web.world import PASSWORD
from web.logs import configure_logging

EXAMPLE = Path(__file__).parents[2] / "examples" / "iris" / "project.yaml"
WRONG = "not the password at all"
NEW = "another horse, another staple"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that the server writes at its most talkative level."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging("debug")
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_the_log_holds_no_secret(town: Town, log: io.StringIO) -> None:
    """Neither passwords, right or wrong, nor cookies and tokens, whatever came of the request."""
    user = await town.world.user()
    browser = await town.world.browser(user)
    await (await town.world.browser()).post("/sign-in", email=user.email, password=WRONG)
    await browser.post("/profile/password", current=WRONG, password=NEW, repeated=NEW)
    await browser.post("/profile/password", current=PASSWORD, password=NEW, repeated=NEW)
    transport = httpx.ASGITransport(town.world.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://depictio.test") as rest:
        issued = await rest.post("/api/v1/tokens", json={"email": user.email, "password": NEW})
        token = issued.json()["access_token"]
        await rest.post("/api/v1/tokens", json={"email": user.email, "password": {"wrong": WRONG}})
        for shown in (token, token[:-3]):
            await rest.get("/api/v1/projects?token=in-the-query", headers={"authorization": f"Bearer {shown}"})
        await rest.post("/api/v1/ingests", content=b"[" * 100_000, headers={"authorization": f"Bearer {token}"})
    text = log.getvalue()
    assert '"path":"/api/v1/tokens"' in text
    secrets = (PASSWORD, WRONG, NEW, token, token[:-3], "in-the-query", *browser.http.cookies.values())
    assert [secret for secret in secrets if secret in text] == []


def test_what_the_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Tables, documents, logs and secrets, even in a directory that others may enter and under a lax umask."""
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o755)
    outside = {name: text for name, text in os.environ.items() if not name.startswith(("DEPICTIO_", "AWS_"))}
    done = subprocess.run(
        [Path(sys.executable).with_name("depictio"), "run", EXAMPLE],
        env=outside | {"DEPICTIO_DATA_DIR": str(data_dir), "DEPICTIO_ADMIN_PASSWORD": PASSWORD},
        umask=0o022,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0
    written = list(data_dir.rglob("*"))
    assert {"tokens.key", "documents.password", "storage"} <= {path.name for path in written}
    assert [str(path) for path in written if path.stat().st_mode & 0o077] == []
