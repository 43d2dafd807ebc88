"""Opening the services of an installation: from nothing, again, twice at once, and when a part is missing."""

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Conflict, Invalid, Unavailable
from domain.settings import Settings
from services.health import Part
from services.opening import open_services

HERE: dict[str, Any] = {"address": "192.0.2.1", "user_agent": ""}
ADMIN = "admin@localhost"


async def test_the_embedded_mode_starts_from_nothing_and_again(data_dir: Path) -> None:
    """The first start gives the administrator's password, the second does not.

    What was stored is there, an access token still holds, and only the owner of the files may read the secrets.
    """
    settings = Settings(data_dir=data_dir)
    async with open_services(settings) as services:
        password = services.first_password
        assert password is not None
        _, admin = await services.people.sign_in(ADMIN, password, **HERE)
        assert admin.is_admin
        token, seconds = await services.people.issue_token(ADMIN, password, address="x")
        assert seconds == 3600
        project = await services.projects.create(admin.actor(), "Kept")
        assert await services.health.ready() == (Part("documents"), Part("storage"))
    async with open_services(settings) as services:
        assert services.first_password is None
        actor = await services.people.actor_of_token(token)
        assert await services.projects.visible(actor) == [project]
    secrets = [path for path in (data_dir / "secrets").iterdir() if path.is_file()]
    assert "tokens.key" in {path.name for path in secrets}
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


async def test_a_given_password_is_not_shown(settings_for: Callable[..., Settings]) -> None:
    settings = settings_for(admin_email="Ada@Example.org", admin_password="correct horse battery")
    async with open_services(settings) as services:
        assert services.first_password is None
        _, admin = await services.people.sign_in("ada@example.org", "correct horse battery", **HERE)
        assert admin.is_admin


async def test_a_weak_given_password_is_a_refusal_that_names_the_setting(
    settings_for: Callable[..., Settings],
) -> None:
    with pytest.raises(Invalid) as raised:
        async with open_services(settings_for(admin_password="short")):
            pass
    assert [problem.place for problem in raised.value.problems] == ["DEPICTIO_ADMIN_PASSWORD"]


async def test_processes_that_start_at_once_make_one_administrator(settings_for: Callable[..., Settings]) -> None:
    """Five at once on a new database: exactly one shows a password, and that one holds."""
    settings = settings_for(admin_password="")
    passwords: list[str] = []

    async def start() -> None:
        async with open_services(settings) as services:
            if services.first_password is not None:
                passwords.append(services.first_password)
                await services.people.sign_in(ADMIN, services.first_password, **HERE)

    await asyncio.gather(*(start() for _ in range(5)))
    assert len(passwords) == 1


async def test_processes_count_failed_sign_ins_together(
    open_quickly: Any, settings_for: Callable[..., Settings]
) -> None:
    """What one process counted limits the other, and a session begun in one holds in the other."""
    settings = settings_for(sign_in_attempts=2)
    async with open_services(settings) as one, open_services(settings) as other:
        token, user = await one.people.sign_in(ADMIN, settings.admin_password, **HERE)
        assert await other.people.actor_of_session(token) == user.actor()
        for services in (one, other):
            with pytest.raises(Exception, match="wrong"):
                await services.people.sign_in(ADMIN, "guess", **HERE)
        for services in (one, other):
            with pytest.raises(Unavailable) as raised:
                await services.people.sign_in(ADMIN, settings.admin_password, **HERE)
            assert raised.value.retry_after is not None
            assert 890 <= raised.value.retry_after <= 900


async def test_a_data_directory_serves_one_process(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir)
    async with open_services(settings):
        with pytest.raises(Conflict, match="in use by another Depictio"):
            async with open_services(settings):
                pass


async def test_an_unreachable_mongodb_is_said(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, mongodb_url="mongodb://user:geheim@127.0.0.1:9/", secret_key="x" * 32)
    with pytest.raises(Unavailable) as raised:
        async with open_services(settings):
            pass
    assert "127.0.0.1:9" in raised.value.message
    assert "geheim" not in raised.value.message


async def test_a_data_directory_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be used"):
        async with open_services(Settings(data_dir=tmp_path / "file")):
            pass


def lose(folder: Path) -> None:
    folder.rmdir()
    folder.touch()


async def test_a_lost_storage_is_not_ready(settings_for: Callable[..., Settings]) -> None:
    """Its directory was replaced by a file: documents are fine, storage says what is wrong."""
    settings = settings_for()
    storage = Path(settings.storage_url)
    async with open_services(settings) as services:
        lose(storage)
        documents, stored = await services.health.ready()
    assert documents == Part("documents")
    assert stored.name == "storage"
    assert str(storage) in stored.problem
