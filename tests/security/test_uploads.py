"""Files that are made to do harm: bombs, names that lead elsewhere, contents that are not what they say."""

import gzip
import hashlib
import zipfile
import zlib
from pathlib import Path

import polars as pl
import pytest
import zstandard

from domain.errors import Invalid
from domain.ingests import FoundFile
from persistence.unpacked import unpacking_problem
from services.uploads import Uploads

MIB = 1024 * 1024
PROJECT = "a" * 24


def packed(tmp_path: Path, kind: str) -> bytes:
    """Content of a few kilobytes that becomes some 16 MiB."""
    match kind:
        case "gzip":
            return gzip.compress(b"x\n" + b"1\n" * (8 * MIB))
        case "gzip in parts":
            return b"".join(gzip.compress(b"1\n" * MIB) for _ in range(8))
        case "parquet":
            path = tmp_path / "bomb"
            pl.DataFrame({"x": pl.repeat(0, 2 * MIB, dtype=pl.Int64, eager=True)}).write_parquet(path)
            return path.read_bytes()
    return zlib.compress(b"x\n" + b"1\n" * (8 * MIB))


async def sent(uploads: Uploads, content: bytes) -> FoundFile:
    async def chunks():  # type: ignore[no-untyped-def]  # noqa: ANN202
        yield content

    sha256 = hashlib.sha256(content).hexdigest()
    await uploads.receive(PROJECT, sha256, chunks())
    return FoundFile(path="run/a.csv", run="run", size=len(content), mtime_ns=1, sha256=sha256, captures={})


@pytest.mark.parametrize("kind", ["gzip", "gzip in parts", "parquet", "zlib"])
async def test_what_unpacks_to_more_than_may_be_sent_is_refused(tmp_path: Path, kind: str) -> None:
    """Whatever the file is called; its name and the reason are said."""
    content = packed(tmp_path, kind)
    assert len(content) < MIB / 10
    small, large = Uploads(tmp_path / "small", 4), Uploads(tmp_path / "large", 64)
    file = await sent(small, content)
    with pytest.raises(Invalid) as refused:
        small.path_of(PROJECT, file)
    (problem,) = refused.value.problems
    assert problem.place == "run/a.csv"
    if kind == "zlib":
        assert "gzip" in problem.message
    else:
        assert problem.message == "unpacks to more than 4 MiB"
        assert large.path_of(PROJECT, await sent(large, content)).read_bytes() == content


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\x00damaged", b"PAR1xxxxPAR1", b"", b"x", b"PAR1", b"ARROW1\0\0"])
def test_damaged_files_are_left_to_the_reader(tmp_path: Path, content: bytes) -> None:
    """It says what is wrong and where."""
    path = tmp_path / "file"
    path.write_bytes(content)
    assert unpacking_problem(path, MIB) is None


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "", "A" * 64, "0" * 63 + "\n", "0" * 65])
@pytest.mark.parametrize("project", [PROJECT, "my-project_2"])
def test_uploads_are_found_by_their_hash_alone(tmp_path: Path, name: str, project: str) -> None:
    """Nothing that is no hash becomes a part of a path."""
    uploads = Uploads(tmp_path, 1)
    file = FoundFile(path="../x", run="run", size=1, mtime_ns=1, sha256=name, captures={})
    with pytest.raises(Invalid, match="not the hash"):
        uploads.path_of(project, file)


@pytest.mark.parametrize("project", ["..", "a/b", "", "a\x00", "a.b"])
def test_no_project_leads_out_of_the_folder(tmp_path: Path, project: str) -> None:
    """The id of a project is letters, digits, - and _."""
    file = FoundFile(path="x", run="run", size=1, mtime_ns=1, sha256="0" * 64, captures={})
    with pytest.raises(Invalid):
        Uploads(tmp_path, 1).path_of(project, file)


@pytest.mark.parametrize("kind", ["zstd", "workbook"])
def test_what_a_few_bytes_become_is_counted(tmp_path: Path, kind: str) -> None:
    """Neither the size that a zstd frame claims nor that of a workbook's members is believed."""
    path = tmp_path / "bomb"
    if kind == "zstd":
        path.write_bytes(zstandard.ZstdCompressor().compress(bytes(5 * MIB)))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", bytes(5 * MIB))
    assert path.stat().st_size < MIB // 10
    assert unpacking_problem(path, 4 * MIB) == "unpacks to more than 4 MiB"
    assert unpacking_problem(path, 5 * MIB) is None


def workbook(path: Path) -> bytearray:
    """A small file of two members, the second of which unpacks to 5 MiB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first.bin", b"first" * 20)
        archive.writestr("xl/worksheets/sheet1.xml", bytes(5 * MIB))
    return bytearray(path.read_bytes())


@pytest.mark.parametrize("trick", ["cut", "checksum", "method", "encrypted"])
def test_a_member_that_cannot_be_unpacked_hides_no_other(tmp_path: Path, trick: str) -> None:
    """The reader might leave it out and unpack those that were not counted."""
    path = tmp_path / "bomb.xlsx"
    content = workbook(path)
    central = content.index(b"PK\x01\x02")
    match trick:
        case "cut":
            del content[central:]
        case "checksum":
            content[content.index(b"first.bin") + len("first.bin")] ^= 0xFF
        case "method":
            content[8], content[central + 10] = 97, 97
        case "encrypted":
            content[6], content[central + 8] = content[6] | 1, content[central + 8] | 1
    path.write_bytes(content)
    assert unpacking_problem(path, MIB) == (
        "is a workbook or archive that is damaged, encrypted or packed in an unusual way; save it anew"
    )


def test_an_archive_behind_other_bytes_is_one_too(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv"
    content = workbook(path)
    path.write_bytes(b"a,b\n1,2\n" + content)
    assert unpacking_problem(path, MIB) == "unpacks to more than 1 MiB"
