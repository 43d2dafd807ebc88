"""Collections that are no plain tables: images, boundaries, trees and reports."""

import json
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ingests import CollectionReport, Outcome
from persistence.newick import read_tree
from tests.ingest.lab import Laboratory, project, table

PNG = b"\x89PNG\r\n\x1a\nimage"


def of_type(kind: str, pattern: str, **properties: Any) -> dict[str, Any]:
    """A collection of that type; its format goes without saying."""
    described = table(pattern=pattern)
    described["config"] |= {"type": kind, "dc_specific_properties": properties}
    return described


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.drop("depictio_run_id", "depictio_file").to_dicts()


async def reason(lab: Laboratory) -> str:
    """Why the one file of the collection is refused."""
    report = (await lab.ingest())["table"]
    assert report.outcome is Outcome.FAILED
    (problem,) = report.problems
    return problem.message


def square(name: Any, **more: Any) -> dict[str, Any]:
    ring = [[0, 0], [0, 1.5], [1, 1], [0, 0]]
    return {
        "type": "Feature",
        "properties": {"code": name, **more},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


async def test_boundaries_are_rows(lab: Laboratory) -> None:
    """Properties are columns; the shape can be taken back from its text."""
    features = [square("DK", area=43_000, tags=["x"]), square(7, area=1.5)]
    lab.describe(project(of_type("GeoJSON", r".*\.geojson", feature_id_key="properties.code", s3_location=None)))
    lab.write("run_1/a.geojson", collection(*features))
    assert (await lab.ingest())["table"].rows == 2
    found = rows_of(await lab.frame())
    assert [(row["feature_id"], row["area"], row["tags"]) for row in found] == [
        ("DK", 43_000.0, '["x"]'),
        ("7", 1.5, None),
    ]
    assert [row["geometry_type"] for row in found] == ["Polygon", "Polygon"]
    assert [json.loads(row["geometry"]) for row in found] == [feature["geometry"] for feature in features]
    assert (await lab.collection()).kind == "geojson"


OPEN = {**square("A"), "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [2, 0]]]}}
NOT_BOUNDARIES = {
    "text": ("hello", "is not JSON"),
    "one feature": (json.dumps(square("A")), "is no FeatureCollection"),
    "none": (collection(), "has no feature"),
    "an open ring": (collection(square("B"), OPEN), "has a shape that is none in feature 2 (A)"),
    "two of one id": (collection(square("A"), square("A")), "has the id 'A' in feature 1 and in feature 2"),
    "no id": (collection(square(None)), "has no text or number properties.code in feature 1"),
    "a column of ours": (collection(square("A", geometry=1)), "has the property 'geometry' in feature 1"),
}


@pytest.mark.parametrize("case", NOT_BOUNDARIES)
async def test_what_is_no_boundary_is_refused(lab: Laboratory, case: str) -> None:
    content, message = NOT_BOUNDARIES[case]
    lab.describe(project(of_type("geojson", r".*\.geojson", feature_id_key="properties.code")))
    lab.write("run_1/a.geojson", content)
    assert message in await reason(lab)


async def test_a_tree_is_rows(lab: Laboratory) -> None:
    lab.describe(project(of_type("Phylogeny", r".*\.nwk", ladderize=True, tip_label_strategy="Taxon")))
    lab.write("run_1/a.nwk", "((A:0.1,'B''s, b':2e-1)0.98:1[a comment],C_1);\n")
    await lab.ingest()
    found = (await lab.frame()).select("node", "parent", "name", "length", "is_tip").rows()
    assert found == [
        (0, None, None, None, False),
        (1, 0, "C_1", None, True),
        (2, 0, "0.98", 1.0, False),
        (3, 2, "A", 0.1, True),
        (4, 2, "B's, b", 0.2, True),
    ]


async def test_the_order_and_the_labels_of_a_tree(lab: Laboratory) -> None:
    """As it stands without ladderize, and tips by their first word; another choice reads the file anew."""
    lab.describe(project(of_type("Phylogeny", r".*\.nwk", ladderize=False, tip_label_strategy="first_token")))
    lab.write("run_1/a.nwk", "((A,B_2)n,'C x|y','D|2 z');\n")
    await lab.ingest()
    names = (await lab.frame())["name"].to_list()
    assert names == [None, "n", "A", "B", "C", "D"]
    lab.describe(project(of_type("Phylogeny", r".*\.nwk")))
    assert (await lab.ingest())["table"].changed == 1
    assert (await lab.frame())["name"].to_list() == [None, "C x|y", "D|2 z", "n", "A", "B_2"]


NO_TREES = {
    "(A,B)": "does not end with a semicolon",
    "((A,B);": "ends at character 7 with a parenthesis still open",
    "(A,B));": "has ')' at character 6 without an open parenthesis",
    "(A,A);": "has two tips named 'A'",
    "(A,);": "has a tip without a name",
    "(A:x,B);": "has the branch length 'x' at character 4",
    "(A:,B);": "lacks a branch length at character 4",
    "(A,B);(C,D);": "has something after the end of its tree (character 7)",
    "(A B,C);": "has 'B' at character 4 where a comma should be",
    "(A(B,C));": "has a parenthesis at character 3",
    "(A[x,B);": "has a comment that begins at character 3 and never ends",
    "(A,'B);": "is no Newick tree at character 4",
}


@pytest.mark.parametrize("text", NO_TREES)
async def test_what_is_no_tree_is_refused(lab: Laboratory, text: str) -> None:
    lab.describe(project(of_type("phylogeny", r".*\.nwk")))
    lab.write("run_1/a.nwk", text)
    assert NO_TREES[text] in await reason(lab)


SHAPES = st.recursive(st.none(), lambda below: st.lists(below, min_size=1, max_size=4), max_leaves=20)


@settings(max_examples=60, deadline=None)
@given(shape=SHAPES, lengths=st.lists(st.floats(0, 1e9), min_size=60, max_size=60))
def test_any_tree_comes_back(tmp_path_factory: pytest.TempPathFactory, shape: Any, lengths: list[float]) -> None:
    """The rows of a tree, written as Newick again, are the text that was read."""
    numbers = iter(range(10_000))

    def written(node: Any) -> str:
        number = next(numbers)
        below = f"({','.join(map(written, node))})" if node else ""
        return f"{below}n{number}:{lengths[number % 60]!r}"

    text = f"{written(shape)};"
    path = tmp_path_factory.mktemp("tree") / "a.nwk"
    path.write_text(text)
    rows = read_tree(path).to_dicts()

    def again(number: int) -> str:
        below = [again(row["node"]) for row in rows if row["parent"] == number]
        own = f"({','.join(below)})" if below else ""
        return f"{own}{rows[number]['name']}:{rows[number]['length']!r}"

    assert f"{again(0)};" == text


def report(version: str) -> pl.DataFrame:
    """A report as MultiQC lays it out: a plot, a row of a table, and what made it."""
    at = [datetime(2025, 6, 1, 12)] * 3  # noqa: DTZ001 -- MultiQC writes no zone.
    return pl.DataFrame(
        {
            "anchor": ["fastqc_plot", "general_stats", "run_metadata"],
            "type": ["plot_input", "table_row", "run_metadata"],
            "creation_date": at,
            "plot_type": ["bar plot", "table", None],
            "plot_input_data": ["{}", None, None],
            "sample": [None, "S1", None],
            "total_sequences": [None, 10.5, None],
            "multiqc_version": [None, None, version],
            "modules": [None, None, "[]"],
        }
    )


async def test_a_report_of_multiqc_is_rows(lab: Laboratory) -> None:
    """With the keys that Depictio 1.5 wrote there itself."""
    described = of_type("MultiQC", r"multiqc_data/multiqc\.parquet", modules=["fastqc"], plots={"fastqc": ["Counts"]})
    lab.describe(project(described))
    path = lab.write("run_1/multiqc_data/multiqc.parquet", "")
    report("1.29").write_parquet(path)
    await lab.ingest()
    found = (await lab.frame()).drop("depictio_run_id", "depictio_file")
    assert found.equals(pl.read_parquet(path))
    report("1.28.1").write_parquet(path)
    assert await reason(lab) == "was written by MultiQC 1.28.1; only 1.29 and later are read"
    report("1.30").drop("plot_type").write_parquet(path)
    assert await reason(lab) == "is no report of MultiQC: it has no column 'plot_type'; take its multiqc.parquet"


class TestImages:
    """Image sets: a table, and the files that it names."""

    def describe(self, lab: Laboratory, **properties: Any) -> None:
        said = {"format": "CSV", "image_column": "file", "local_images_path": "pictures", **properties}
        lab.describe(project(of_type("Image", r".*\.csv", **said)))

    def picture(self, lab: Laboratory, name: str, content: bytes = PNG) -> None:
        path = lab.folder / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    async def ingest(self, lab: Laboratory) -> CollectionReport:
        return (await lab.ingest())["table"]

    async def stored(self, lab: Laboratory) -> dict[str, bytes]:
        objects, folder = lab.tables.objects, (await lab.collection()).images_folder
        return {one.path.removeprefix(f"{folder}/"): await objects.get(one.path) for one in await objects.list(folder)}

    async def test_the_files_that_rows_name_are_stored(self, lab: Laboratory) -> None:
        """New and changed ones are taken, those that no row names any more go."""
        self.describe(lab)
        self.picture(lab, "a.png")
        self.picture(lab, "plate 1/Ærø.png", PNG + b"2")
        self.picture(lab, "unnamed.png")
        lab.write("run_1/a.csv", "well,file\n1,a.png\n2,plate 1/Ærø.png\n3,\n4,a.png\n")
        first = await self.ingest(lab)
        assert (first.outcome, first.message) == (Outcome.UPDATED, "images: 2 stored, 0 unchanged, 0 removed")
        assert await self.stored(lab) == {"a.png": PNG, "plate 1/Ærø.png": PNG + b"2"}
        assert (await lab.collection()).image_column == "file"
        again = await self.ingest(lab)
        assert (again.outcome, again.message) == (Outcome.UNCHANGED, "images: 0 stored, 2 unchanged, 0 removed")
        self.picture(lab, "a.png", PNG + b" changed")
        assert (await self.ingest(lab)).outcome is Outcome.UPDATED
        lab.write("run_1/a.csv", "well,file\n1,a.png\n")
        assert (await self.ingest(lab)).message == "images: 0 stored, 1 unchanged, 1 removed"
        assert await self.stored(lab) == {"a.png": PNG + b" changed"}

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("../secret.png", "is no plain path"),
            ("/etc/hostname.png", "is no plain path"),
            ("link.png", "is no plain path"),
            ("none.png", "is not a file"),
            ("text.png", "is no PNG image"),
            ("a.exe", "is none of .bmp"),
        ],
    )
    async def test_what_is_no_image_is_refused(self, lab: Laboratory, name: str, message: str) -> None:
        """Nothing is stored then, and the name is said."""
        self.describe(lab)
        self.picture(lab, "a.png")
        self.picture(lab, "text.png", b"hello")
        (lab.folder / "secret.png").write_bytes(PNG)
        (lab.folder / "pictures" / "link.png").symlink_to(lab.folder / "secret.png")
        lab.write("run_1/a.csv", f"file\na.png\n{name}\n")
        report = await self.ingest(lab)
        assert report.outcome is Outcome.FAILED
        (problem,) = report.problems
        assert (problem.place, message in problem.message) == (name, True)
        assert await self.stored(lab) == {}

    async def test_the_column_must_be_there(self, lab: Laboratory) -> None:
        self.describe(lab, image_column="picture")
        lab.write("run_1/a.csv", "file\na.png\n")
        report = await self.ingest(lab)
        assert [one.place for one in report.problems] == ["image_column: picture"]
