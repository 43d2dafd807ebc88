"""`depictio run --server`: files are hashed here, and only what the server lacks is sent."""

from pathlib import Path

import httpx

from tests.cli.conftest import Command, Server
from tests.cli.test_run_directly import rows

PNG = b"\x89PNG\r\n\x1a\n"
WELLS = """
name: Plates of wells
workflows:
  - name: plates
    engine: {name: none}
    data_location: {structure: flat, locations: [.]}
    data_collections:
      - data_collection_tag: wells
        config:
          type: image
          scan: {mode: single, scan_parameters: {filename: wells.csv}}
          dc_specific_properties: {format: csv, image_column: file, local_images_path: pictures}
"""


def test_penguins_through_a_server(depictio: Command, penguins: Path, server: Server) -> None:
    """The same tables and summaries as directly; the second run sends nothing; a failure is named."""
    there = {"DEPICTIO_SERVER": server.url, "DEPICTIO_TOKEN": server.token}
    first = depictio("run", penguins, **there)
    assert (first.returncode, first.stderr.count("Error")) == (0, 0), first.stderr
    assert {tag: cells[-3] for tag, cells in rows(first.stdout).items()} == {
        "collection": "rows",
        "penguin_survey.physical_features": "342",
        "penguin_survey.demographic_data": "342",
        "penguin_survey.penguins_complete": "342",
    }
    assert not list((server.data_dir / "spool" / "uploads").glob("*/*"))
    second = depictio("run", penguins, "--server", server.url, "--token", server.token)
    assert "Nothing is new: no data file was read." in second.stdout
    (penguins.parent / "runs/run_1_adelie/demographic_data.csv").write_bytes(b"individual_id,x\nadelie_1,\xff\n")
    third = depictio("run", penguins, **there)
    assert third.returncode == 1
    assert "run_1_adelie/demographic_data.csv: is not UTF-8 (line 2)" in third.stderr
    fourth = depictio("ingest", penguins, "physical_features", **there)
    assert list(rows(fourth.stdout)) == ["collection", "penguin_survey.physical_features",
                                         "penguin_survey.penguins_complete"]  # fmt: skip
    direct = depictio("run", penguins)
    assert (direct.returncode, "--server" in direct.stderr) == (3, True)


def test_refusals_of_a_server(depictio: Command, penguins: Path, server: Server) -> None:
    """A forged token is exit code 4, an address where nothing answers 3; one line each."""
    forged = depictio("run", penguins, "--server", server.url, "--token", "x.y.z")
    assert (forged.returncode, forged.stderr.count("\n")) == (4, 1)
    nobody = depictio("run", penguins, "--server", "http://127.0.0.1:9", "--token", "x")
    assert (nobody.returncode, nobody.stderr.count("\n")) == (3, 1)
    wrong = depictio("run", penguins, "--server", f"{server.url}/elsewhere", "--token", "x")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)


def test_a_server_checks_what_it_gets(server: Server) -> None:
    """A body of another hash, a hash that is none, a listing of files that were not sent: each is refused."""
    iris = {
        "name": "Mine",
        "workflows": [
            {
                "name": "flow",
                "engine": {"name": "python"},
                "data_location": {"locations": ["."]},
                "data_collections": [
                    {
                        "data_collection_tag": "iris",
                        "config": {
                            "type": "table",
                            "scan": {"mode": "single", "scan_parameters": {"filename": "iris.csv"}},
                            "dc_specific_properties": {"format": "csv"},
                        },
                    }
                ],
            }
        ],
    }
    headers = {"authorization": f"Bearer {server.token}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers) as client:
        faulty = client.post("/ingests/", json={**iris, "nmae": "x"})
        assert faulty.status_code == 422
        assert faulty.json()["errors"] == [{"place": "nmae", "message": "is not a known key; did you mean name?"}]
        registered = client.post("/ingests/", json=iris).raise_for_status().json()
        project = f"/projects/{registered['project_id']}"
        collection = f"{project}/collections/{registered['collections'][0]['id']}"
        sha256 = "0" * 64
        assert client.put(f"{project}/uploads/{sha256}", content=b"x").status_code == 422
        assert client.put(f"{project}/uploads/..%2F..%2Fx", content=b"x").status_code in {404, 422}
        listed = {"path": "r/a.csv", "run": "r", "size": 1, "mtime_ns": 1, "sha256": sha256}
        started = client.post(f"{collection}/ingest?wait=60", json=[listed]).raise_for_status()
        (report,) = started.json()["result"]["reports"]
        assert (started.status_code, started.json()["state"], report["outcome"]) == (200, "failed", "failed")
        assert "was not sent to the server" in report["problems"][0]["message"]
        assert client.post(f"{collection}/ingest", json=[listed, listed]).status_code == 422
        for method, place in (("get", "files"), ("post", "plan"), ("post", "ingest")):
            body = {} if method == "get" else {"json": [listed]}
            anonymous = httpx.request(method, f"{server.url}/api/v1{collection}/{place}", **body)
            assert anonymous.status_code in {401, 403, 404}


def test_images_through_a_server(depictio: Command, tmp_path: Path, server: Server) -> None:
    """The files that rows name are sent, later changed ones alone; what is no image is named and changes nothing."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("a", "b"):
        (pictures / f"{name}.png").write_bytes(PNG + name.encode())
    (tmp_path / "wells.csv").write_text("well,file\n1,a.png\n2,b.png\n")
    (tmp_path / "project.yaml").write_text(WELLS)
    there = {"DEPICTIO_SERVER": server.url, "DEPICTIO_TOKEN": server.token}
    first = depictio("run", tmp_path / "project.yaml", **there)
    assert "plates.wells: images: 2 stored, 0 unchanged, 0 removed" in first.stdout, first.stderr
    (pictures / "b.png").write_bytes(PNG + b"other")
    second = depictio("run", tmp_path / "project.yaml", **there)
    assert "plates.wells: images: 1 stored, 1 unchanged, 0 removed" in second.stdout, second.stderr
    assert not list((server.data_dir / "spool" / "uploads").glob("*/*"))
    (pictures / "a.png").write_bytes(b"no image")
    third = depictio("run", tmp_path / "project.yaml", **there)
    assert (third.returncode, "a.png: is no PNG image, whatever its name says" in third.stderr) == (1, True)
    stored = [path.read_bytes() for path in sorted(server.data_dir.rglob("images/*.png"))]
    assert stored == [PNG + b"a", PNG + b"other"]
