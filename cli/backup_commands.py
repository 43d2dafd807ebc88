"""`depictio backup` and `depictio restore`: a whole site as one archive, and back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.environment import read_settings
from cli.printing import json_option, print_json

if TYPE_CHECKING:
    from domain.backups import Manifest

PLACE = click.Path(path_type=Path)


@click.command()
@click.argument("target", type=PLACE)
@json_option
def backup(target: Path, as_json: bool) -> None:  # noqa: FBT001 -- as click gives it.
    """Copy the whole site into TARGET: a tar file when its name ends in .tar, else a folder.

    The server may run meanwhile. TARGET holds everything that people have stored, the hashes of their passwords and
    the key of their tokens: keep it as safe as the site itself.
    """
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.progress import shown_progress  # noqa: PLC0415
    from services.backups import back_up  # noqa: PLC0415

    settings = read_settings()
    with shown_progress() as progress:
        progress.start("backup")
        manifest = asyncio.run(back_up(settings, target.absolute(), progress.step))
        progress.finish("backup", "done")
    if as_json:
        print_json({"target": str(target.absolute()), **_numbers(manifest)})
    else:
        click.echo(f"{target} holds {_counted(manifest)}.")


@click.command()
@click.argument("source", type=PLACE)
@click.option("--check", is_flag=True, help="Only read all of SOURCE and compare it with its checksums.")
@click.option("--replace", is_flag=True, help="Take the place of the site in the data directory, which is kept beside.")
@json_option
def restore(source: Path, check: bool, replace: bool, as_json: bool) -> None:  # noqa: FBT001
    """Make a site of the archive SOURCE where the settings say that the site is.

    SOURCE is checked before anything is touched; then all of it is restored, or nothing. Documents and tables may go
    to another kind of store than they came from.
    """
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.progress import shown_progress  # noqa: PLC0415
    from services.restores import check_only, restore_site  # noqa: PLC0415

    with shown_progress() as progress:
        progress.start("restore")
        if check:
            manifest = check_only(source, progress.step)
            progress.finish("restore", "checked")
        else:
            done = asyncio.run(restore_site(read_settings(), source, replace=replace, tell=progress.step))
            manifest = done.manifest
            progress.finish("restore", "done")
    if as_json:
        kept = None if check or done.kept is None else str(done.kept)
        other_key = not check and done.is_other_key
        print_json({"restored": not check, "kept": kept, "other_key": other_key, **_numbers(manifest)})
        return
    if check:
        click.echo(f"{source} is whole: {_counted(manifest)}, made {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
        return
    click.echo(f"Restored {_counted(manifest)}, as of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    if done.kept is not None:
        click.echo(f"The site that was there before is in {done.kept}; delete it when it is not needed any more.")
    if done.is_other_key:
        click.echo(_other_key(source, in_backup=manifest.has_key))


def _other_key(source: Path, *, in_backup: bool) -> str:
    """What does not hold any more, and how it would."""
    lost = "Access tokens of before and links that were opened with a password do not hold: another key signs them."
    kept = "Passwords, API tokens and the links themselves do."
    if not in_backup:
        return f"{lost} {kept} To keep those too, set DEPICTIO_SECRET_KEY as it was set for the site of the backup."
    where = f"{source}/keys/tokens.key" if source.is_dir() else f"keys/tokens.key in {source}"
    return f"{lost} {kept} To keep those too, set DEPICTIO_SECRET_KEY to the content of {where} and start the server."


def _numbers(manifest: "Manifest") -> dict[str, object]:
    return {
        "made_at": manifest.made_at,
        "depictio": manifest.depictio,
        "documents": sum(manifest.documents.values()),
        "tables": len(manifest.tables),
        "files": len(manifest.files),
        "bytes": manifest.bytes,
    }


def _counted(manifest: "Manifest") -> str:
    documents, tables = sum(manifest.documents.values()), len(manifest.tables)
    size = f"{manifest.bytes / 1e6:,.1f} MB"
    return f"{documents} documents and {tables} tables in {len(manifest.files)} files, {size}"
