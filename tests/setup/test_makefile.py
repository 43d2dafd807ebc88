"""The Makefile's promises that can be tried without building an environment again."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEPS = ["node_modules/.installed", ".venv/.packages", "build/assets", ".venv/.project"]


def make(folder: Path, *arguments: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("make") or "make", *arguments],
        cwd=folder,
        env={"PATH": path, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


SCRIPTS = ("web/vendor.py", "web/icons.py", "web/boundaries.py", "domain/countries.py", "domain/us_states.py")


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A folder in which every step of the set-up has left its stamp."""
    for index, name in enumerate(["Makefile", ".npmrc", "package.json", "requirements.lock", "pyproject.toml", *STEPS]):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, file) if name not in STEPS else file.touch()
        os.utime(file, (index, index))
    for name in SCRIPTS:
        script = tmp_path / name
        script.parent.mkdir(exist_ok=True)
        script.touch()
        os.utime(script, (0, 0))
    return tmp_path


def steps_due(folder: Path) -> list[str]:
    """The steps that `make setup` would run."""
    said = make(folder, "--dry-run", "--debug=basic", "setup").stdout
    return [step for step in re.findall(r"Must remake target '(\S+)'", said) if step != "setup"]


def test_help_names_every_target_that_people_use() -> None:
    """`make` alone explains itself."""
    said = make(ROOT).stdout
    listed = re.findall(r"^make (\w+) +\S", said, re.MULTILINE)
    people_use = ["help", "setup", "demo", "test", "screenshots", "strings", "bench", "check", "format"]
    assert listed == [*people_use, "install", "npm", "assets", "lock", "clean"]


def test_a_prepared_folder_needs_no_step(prepared: Path) -> None:
    """A second run does nothing."""
    assert steps_due(prepared) == []


@pytest.mark.parametrize(
    ("changed", "due"),
    [
        ("requirements.lock", [".venv/.packages", ".venv/.project"]),
        ("pyproject.toml", [".venv/.project"]),
        ("package.json", ["node_modules/.installed", "build/assets"]),
        ("web/vendor.py", ["build/assets"]),
        ("web/icons.py", ["build/assets"]),
        ("web/boundaries.py", ["build/assets"]),
    ],
)
def test_a_change_runs_the_steps_made_from_it(prepared: Path, changed: str, due: list[str]) -> None:
    """A changed lock file, manifest or step is noticed, and nothing else is done again."""
    (prepared / changed).touch()
    assert steps_due(prepared) == due


def test_an_old_python_is_refused_in_one_line(prepared: Path) -> None:
    """Without a Python that is new enough the step stops before it touches anything."""
    (prepared / "requirements.lock").touch()
    refused = make(prepared, ".venv/.packages", "PYTHONS=python-that-is-missing")
    assert refused.returncode != 0
    assert len(refused.stderr.splitlines()) == 1
    assert "Depictio needs Python 3.11 or newer" in refused.stderr


def test_a_missing_npm_is_said_in_one_line(prepared: Path, tmp_path: Path) -> None:
    """The message asks for npm by name, with the way to get it."""
    (prepared / "package.json").touch()
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "id"):
        (tools / name).symlink_to(shutil.which(name) or name)
    refused = make(prepared, "npm", path=str(tools))
    assert refused.returncode != 0
    assert len(refused.stderr.splitlines()) == 1
    assert "Depictio needs npm" in refused.stderr


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^(\S+==[^\\]+?) *\\$", (ROOT / lock).read_text(), re.MULTILINE))


def test_the_server_runs_on_versions_that_were_tested() -> None:
    """The server's lock file is a part of the one that tests run on."""
    assert pins("requirements-server.lock") < pins("requirements.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-server.lock"])
def test_the_locks_hold_names_versions_and_hashes_alone(lock: str) -> None:
    """No address is recorded: packages come from wherever pip is told to look."""
    text = (ROOT / lock).read_text()
    entry = r"[a-z0-9._-]+==[^\s;]+( ; [^\\\n]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+"
    assert re.fullmatch(f"({entry})+", text)


def test_each_direct_requirement_is_locked() -> None:
    """A dependency added to pyproject.toml without `make lock` is caught here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
        *project["dependency-groups"]["build"],
        *(each for each in project["dependency-groups"]["dev"] if isinstance(each, str)),
    ]
    names = {re.split(r"[^A-Za-z0-9-]", each, maxsplit=1)[0] for each in declared}
    assert names - {pin.split("==")[0] for pin in pins("requirements.lock")} == set()


def test_browser_packages_have_exact_versions() -> None:
    """Without a lock file for npm, package.json itself says which version."""
    manifest = json.loads((ROOT / "package.json").read_text())
    versions = [*manifest["dependencies"].values(), *manifest["devDependencies"].values()]
    assert [each for each in versions if not re.fullmatch(r"\d+\.\d+\.\d+", each)] == []
