"""The reference workload of DESIGN.md chapter 8: 500 samples in 20 runs, as CSV files with a project file.

    python -m benchmarks.reference [SCALE]

SCALE 1 makes 12 011 000 rows of features; another scale makes fewer (or more) features of each sample and leaves the
500 samples and their 8 000 metrics as they are. The same scale always gives the same bytes. One run is made at a time,
as columns, so that memory does not grow with the scale.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "build" / "bench" / "data"
SEED = 20_240_501
SAMPLES = 500
RUNS = 20
FEATURES_PER_SAMPLE = 24_022
CONDITIONS = ("control", "treated", "resistant")
BATCHES = ("B1", "B2", "B3", "B4")
TIMEPOINTS = ("T0", "T24", "T72")
TISSUES = ("liver", "kidney", "lung")
SEXES = ("female", "male")
TOOLS = (("fastqc", "samtools", "picard", "qualimap"), ("fastqc", "samtools", "bcftools", "mosdepth"))
"""Of the samples with an even number, and of those with an odd one."""
METRICS = ("total_reads", "insert_size", "coverage", "error_rate")
CLASSES = ("protein_coding", "lncRNA", "pseudogene")
RANKS = ("phylum", "class", "order", "family", "genus")
CHROMOSOMES = tuple(f"chr{name}" for name in [*range(1, 23), "X", "Y"])
LONGEST_CHROMOSOME = 248_956_422
COLLECTIONS = ("metadata", "metrics", "features")
DECIMALS = 4

Random = np.random.Generator


def rows_of(scale: float) -> int:
    """Rows of `features`, the largest table, at this scale."""
    return SAMPLES * per_sample(scale)


def per_sample(scale: float) -> int:
    """Features of one sample at this scale."""
    return max(1, round(FEATURES_PER_SAMPLE * scale))


def project_file(scale: float, cache: Path = CACHE) -> Path:
    """The project file of the workload at this scale, made if it is not there yet."""
    folder = cache / f"scale-{scale:g}"
    if not (folder / "project.yaml").exists():
        # Made beside its place and moved there: what was interrupted is never taken for the whole.
        partial = cache / f"scale-{scale:g}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        generate(partial, scale)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    return folder / "project.yaml"


def generate(folder: Path, scale: float) -> None:
    """Write the files of the workload; the project file comes last."""
    metadata(np.random.default_rng([SEED, 0])).write_csv(folder / "metadata.csv")
    for run, samples in enumerate(np.array_split(np.arange(SAMPLES), RUNS)):
        place = folder / "runs" / f"run_{run + 1:02}"
        place.mkdir(parents=True)
        random = np.random.default_rng([SEED, 1, run])
        metrics(random, samples).write_csv(place / "metrics.csv", float_precision=DECIMALS)
        features(random, samples, per_sample(scale)).write_csv(place / "features.csv", float_precision=DECIMALS)
    (folder / "project.yaml").write_text(yaml.safe_dump(project(scale), sort_keys=False), "utf-8")


def metadata(random: Random) -> pl.DataFrame:
    """One row a sample."""
    return pl.DataFrame(
        {
            "sample_id": names(np.arange(SAMPLES)),
            "condition": chosen(random, CONDITIONS, SAMPLES),
            "batch": chosen(random, BATCHES, SAMPLES),
            "timepoint": chosen(random, TIMEPOINTS, SAMPLES),
            "tissue": chosen(random, TISSUES, SAMPLES),
            "sex": chosen(random, SEXES, SAMPLES),
            "age": random.integers(18, 85, SAMPLES),
        }
    )


def metrics(random: Random, samples: Any) -> pl.DataFrame:
    """Each of a sample's four tools gives four metrics."""
    pairs = [(sample, tool, metric) for sample in samples for tool in TOOLS[sample % 2] for metric in METRICS]
    count = len(pairs)
    return pl.DataFrame(
        {
            "sample_id": names(np.array([sample for sample, _, _ in pairs])),
            "tool": [tool for _, tool, _ in pairs],
            "metric": [metric for _, _, metric in pairs],
            "value": random.uniform(0, 1000, count),
            "duplication_pct": random.uniform(1, 40, count),
            "gc_pct": random.uniform(35, 65, count),
            "mapped_pct": random.uniform(60, 99.9, count),
        }
    )


def features(random: Random, samples: Any, each: int) -> pl.DataFrame:
    """`each` features of every sample: of its two classes and its three neighbouring ranks."""
    sample = np.repeat(samples, each)
    count = len(sample)
    class_ = (sample % 3 + random.integers(0, 2, count)) % len(CLASSES)
    rank = sample % 3 + random.integers(0, 3, count)
    position = np.tile(np.arange(each), len(samples))
    return pl.DataFrame(
        {
            "sample_id": names(sample),
            "feature_id": pl.select(pl.format("F{}", pl.Series(position).cast(pl.String).str.zfill(6))).to_series(),
            "expression": random.uniform(0, 500, count),
            "effect_size": random.normal(0, 2.5, count),
            "neg_log10_p": random.exponential(1.5, count),
            "mean_expression": random.uniform(0, 14, count),
            "feature_class": picked(CLASSES, class_),
            "chr": chosen(random, CHROMOSOMES, count),
            "position": random.integers(1, LONGEST_CHROMOSOME, count),
            "frac_expressing": random.uniform(0, 1, count),
            "rank": picked(RANKS, rank),
        }
    )


def names(samples: Any) -> pl.Series:
    """The ids of these samples."""
    return picked(tuple(f"S{number:04}" for number in range(SAMPLES)), samples)


def chosen(random: Random, words: tuple[str, ...], count: int) -> pl.Series:
    """As many of the words, each as likely as the others."""
    return picked(words, random.integers(0, len(words), count))


def picked(words: tuple[str, ...], codes: Any) -> pl.Series:
    """The words with these numbers."""
    return pl.Series(words).gather(codes)


def project(scale: float) -> dict[str, Any]:
    """The project file's content, with a link on `sample_id` between every ordered pair of collections."""
    single = {"mode": "single", "scan_parameters": {"filename": "metadata.csv"}}
    links = [
        {"source_dc_tag": source, "source_column": "sample_id", "target_dc_tag": target,
         "link_config": {"resolver": "direct", "target_field": "sample_id"}}
        for source in COLLECTIONS for target in COLLECTIONS if source != target
    ]  # fmt: skip
    return {
        "name": f"Reference workload {scale:g}",
        "workflows": [
            {
                "name": "reference",
                "engine": {"name": "python"},
                "data_location": {"structure": "sequencing-runs", "runs_regex": "run_.*", "locations": ["runs"]},
                "data_collections": [
                    collection("metadata", "metadata", single),
                    collection("metrics", "aggregate", recursive("metrics")),
                    collection("features", "aggregate", recursive("features")),
                ],
            }
        ],
        "links": links,
    }


def collection(tag: str, metatype: str, scan: dict[str, Any]) -> dict[str, Any]:
    config = {"type": "table", "metatype": metatype, "scan": scan, "dc_specific_properties": {"format": "csv"}}
    return {"data_collection_tag": tag, "config": config}


def recursive(name: str) -> dict[str, Any]:
    return {"mode": "recursive", "scan_parameters": {"regex_config": {"pattern": rf"{name}\.csv"}}}


if __name__ == "__main__":
    print(project_file(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
