"""A site of its own that files are ingested into by the command line, and what of its folder can be seen meanwhile."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.memory import Peak

COMMAND = "from cli.main import main; main()"
WITHIN = 600.0
PROJECT = "Ingests"


class Done(msgspec.Struct, frozen=True):
    """A command that ended: what it printed as JSON, how long it took, and the most memory that it held."""

    code: int
    said: Any
    seconds: float
    peak_mib: float


def project_of(collections: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A project file with one workflow over the folders `run_*`; by tag the `config` of each collection."""
    return {
        "name": PROJECT,
        "workflows": [
            {
                "name": "flow",
                "engine": {"name": "python"},
                "data_location": {"structure": "sequencing-runs", "runs_regex": "run_", "locations": ["runs"]},
                "data_collections": [{"data_collection_tag": tag, "config": one} for tag, one in collections.items()],
            }
        ],
    }


def of_files(pattern: str, **properties: Any) -> dict[str, Any]:
    """The `config` of a collection of all files of that name."""
    scan = {"mode": "recursive", "scan_parameters": {"regex_config": {"pattern": pattern}}}
    return {"type": "table", "scan": scan, "dc_specific_properties": properties}


class Site:
    """`folder` holds the project file, the runs, and in `data` what the site stores."""

    def __init__(self, folder: Path, project: Mapping[str, Any]) -> None:
        self.folder = folder
        self.runs = folder / "runs"
        shutil.rmtree(folder, ignore_errors=True)
        self.runs.mkdir(parents=True)
        # JSON is YAML too.
        (folder / "project.yaml").write_text(json.dumps(project), "utf-8")
        outside = {name: text for name, text in os.environ.items() if not name.startswith(("DEPICTIO_", "AWS_"))}
        self._environment = outside | {
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "DEPICTIO_DATA_DIR": str(folder / "data"),
            "DEPICTIO_ADMIN_PASSWORD": secrets.token_hex(12),
        }

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command of `depictio`."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ingest(self) -> Done:
        """`depictio run`, to its end."""
        return self._done("run", str(self.folder / "project.yaml"), "--json")

    def collection(self, tag: str) -> Any:
        """What `depictio collection show` says."""
        return self._done("collection", "show", PROJECT, tag, "--json").said

    def rows(self, tag: str, limit: int) -> tuple[dict[str, str], list[dict[str, Any]]]:
        """Types by column, and rows, of the table as JSON has them, without the columns that every ingest adds."""
        said = self._done("collection", "rows", PROJECT, tag, "--json", "--limit", str(limit)).said
        own = {one["name"]: one["dtype"] for one in said["columns"] if not one["name"].startswith("depictio_")}
        return own, [{name: row[name] for name in own} for row in said["rows"]]

    def _done(self, *arguments: str) -> Done:
        begin = time.perf_counter()
        with self.start(*arguments) as process:
            peak = Peak(process.pid)
            out, fault = process.communicate(timeout=WITHIN)
            seconds, most = time.perf_counter() - begin, peak.stop()
        if not out:
            raise RuntimeError(f"{' '.join(arguments)} said nothing: {fault}")
        return Done(process.returncode, json.loads(out), seconds, most)

    @property
    def spooled(self) -> bool:
        """Whether rows of files that were read lie in the spool."""
        return any((self.folder / "data/spool/rows").glob("ingest-*/*"))

    @property
    def parts(self) -> int:
        """How many data files the tables have."""
        return sum(1 for _ in (self.folder / "data/storage/tables").glob("*/*/*.parquet"))

    @property
    def commits(self) -> int:
        """How many versions the tables have."""
        return sum(1 for _ in (self.folder / "data/storage/tables").glob("*/*/_delta_log/*.json"))
