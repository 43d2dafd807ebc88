"""`docs/cli.md` against the commands as click knows them."""

import re

import click
import pytest

from cli import failures
from cli.environment import SERVER, TOKEN
from cli.main import COMMANDS, EPILOG, main
from domain.settings import Settings
from tests.docs.pages import rows, section, text

PAGE = "docs/cli.md"


def command(name: str) -> click.Command:
    first, _, second = name.partition(" ")
    found = main.get_command(click.Context(main), first)
    assert found is not None
    if second:
        assert isinstance(found, click.Group)
        return found.commands[second]
    return found


PARTS = [
    f"{name} {part}" for name in COMMANDS if isinstance(found := command(name), click.Group) for part in found.commands
]
"""The commands of two words."""


def test_every_command_has_a_chapter_in_the_order_of_the_help() -> None:
    assert re.findall(r"^## `depictio (\w+)`$", text(PAGE), re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_chapter_names_every_argument_and_option(name: str) -> None:
    """With the variable that may stand for it, if there is one: its own, or the setting that it overrides."""
    said = {row[0]: row[1] for row in rows(PAGE, f"`depictio {name}`")}
    known = {}
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            setting = f"DEPICTIO_{str(parameter.name).upper()}"
            assert parameter.envvar in {None, setting}
            has_setting = parameter.envvar or parameter.name in Settings.__struct_fields__
            known[max(parameter.opts, key=len)] = setting if has_setting else ""
        else:
            known[parameter.make_metavar(click.Context(command(name)))] = ""
    assert said == known


@pytest.mark.parametrize("name", COMMANDS)
def test_a_chapter_shows_the_usage_and_says_what_the_help_says(name: str) -> None:
    found = command(name)
    chapter = section(PAGE, f"`depictio {name}`")
    pieces = found.collect_usage_pieces(click.Context(found))
    usage = " ".join(piece for piece in pieces if piece != "[OPTIONS]" or len(found.params) > len(_arguments(found)))
    assert f"    depictio {name} {usage}\n" in chapter
    assert COMMANDS[name].help.rstrip(".") in " ".join(chapter.split())


def _arguments(found: click.Command) -> list[click.Argument]:
    return [parameter for parameter in found.params if isinstance(parameter, click.Argument)]


def test_the_exit_codes_are_those_of_the_help() -> None:
    """Each code is in the table, and the table's codes are what the commands return."""
    codes = [int(row[0]) for row in rows(PAGE, "Exit codes")]
    assert codes == [0, failures.FAILED, click.UsageError.exit_code, failures.UNUSABLE, failures.NOT_PERMITTED]
    assert [int(code) for code in re.findall(r"\b(\d) ", EPILOG)] == codes


def test_the_variables_of_the_command_line_are_named() -> None:
    """Every option that says where a server is can be given by them."""
    named = f"`{SERVER}` and `{TOKEN}` stand for `--server` and `--token`; `login` and `logout` read the former only."
    assert named in section(PAGE, "Environment")
    readers: dict[str, set[str]] = {SERVER: set(), TOKEN: set()}
    with_server = set()
    for name in (*COMMANDS, *PARTS):
        for one in command(name).params:
            if isinstance(one, click.Option) and one.name == "server":
                with_server.add(name)
            if isinstance(one, click.Option) and one.envvar:
                readers[one.envvar].add(name)
    assert readers == {SERVER: with_server, TOKEN: with_server - {"login", "logout"}}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_a_command_is_described_like_a_command(name: str) -> None:
    test_a_chapter_names_every_argument_and_option(name)
    said = command(name).get_short_help_str(300).rstrip(".")
    assert said in " ".join(section(PAGE, f"`depictio {name}`").split())
    usage = " ".join(command(name).collect_usage_pieces(click.Context(command(name))))
    assert f"    depictio {name} {usage}\n" in section(PAGE, f"`depictio {name}`")
