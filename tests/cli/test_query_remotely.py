"""`depictio query --server`: the same answers as directly, as the account of the token may have them."""

import json
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Command, Server

CARD = "{component_type: card, data_collection_tag: penguins_complete, column_name: body_mass_g}"
DASHBOARD = ("--dashboard", "Palmer penguins")


@pytest.fixture
def data_dir(installed: Path) -> Path:
    return installed


def test_a_server_answers_as_the_data_directory_does(depictio: Command, server: Server) -> None:
    """Tiles and components, JSON and CSV; failures have the same exit codes."""
    there = {"DEPICTIO_SERVER": server.url, "DEPICTIO_TOKEN": server.token}
    card = depictio("query", CARD, "--project", "Palmer penguins", "--filter", "species in Gentoo", **there)
    assert (card.returncode, card.stderr) == (0, "")
    assert json.loads(card.stdout)["rows"] == [{"value": 5076.016260162602, "values": 123}]
    page = ("--sort", "body_mass_g desc", "--limit", "1", "--format", "csv")
    link = ("--link", f'{server.url}/dashboards/x?f.species=[["in",["Gentoo"]]]')
    rows = depictio("query", "rows", *DASHBOARD, *page, *link, "--server", server.url, "--token", server.token)
    assert rows.stdout.splitlines()[1] == "gentoo_18,49.2,15.2,221.0,6300.0,Biscoe,male,2007,Gentoo"
    assert rows.stderr == "rows: 123 of 342 rows matched, 1 of 123 shown\n"
    for arguments, message in (
        (("weight", *DASHBOARD), "no tile 'weight'"),
        (("rows", *DASHBOARD, "--offset", "-1"), "starting at 0"),
        (("rows", *DASHBOARD, "--filter", "specis in Gentoo"), "did you mean species?"),
        ((CARD.replace("body_mass_g", "weight"), "--project", "Palmer penguins"), "no column 'weight'"),
        (("rows", "--dashboard", "Whales"), "no dashboard 'Whales'"),
    ):
        done = depictio("query", *arguments, **there)
        assert (done.returncode, done.stdout) == (1, "")
        assert message in done.stderr
    forged = depictio("query", "rows", *DASHBOARD, "--server", server.url, "--token", "x.y.z")
    assert (forged.returncode, forged.stderr.count("\n")) == (4, 1)
    held = depictio("query", "rows", *DASHBOARD)
    assert (held.returncode, "--server" in held.stderr) == (3, True)


def test_a_server_that_is_not_there(depictio: Command) -> None:
    nobody = depictio("query", "rows", *DASHBOARD, "--server", "http://127.0.0.1:9", "--token", "x")
    assert (nobody.returncode, nobody.stderr.count("\n")) == (3, 1)


def test_two_dashboards_of_one_title_are_told_apart(depictio: Command, server: Server) -> None:
    """By their project or by their id; the title alone is refused."""
    there = {"DEPICTIO_SERVER": server.url, "DEPICTIO_TOKEN": server.token}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers={"authorization": f"Bearer {server.token}"}) as client:
        [iris] = [one for one in client.get("/projects/").json()["items"] if one["name"] == "Iris"]
        twin = client.post(f"/projects/{iris['id']}/dashboards/", json={"title": "Palmer penguins"}).json()
        both = depictio("query", "rows", *DASHBOARD, **there)
        assert (both.returncode, "say which by its id: " in both.stderr, twin["id"] in both.stderr) == (1, True, True)
        mine = depictio("query", "rows", *DASHBOARD, "--project", "Palmer penguins", "--limit", "1", **there)
        assert mine.returncode == 0
        other = depictio("query", "rows", "--dashboard", twin["id"], **there)
        assert "has no tile 'rows'" in other.stderr
        client.delete(f"/dashboards/{twin['id']}").raise_for_status()
