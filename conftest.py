"""In CI nothing is skipped: a test that could not run there has shown nothing, so it counts as failed."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

IN_CI = os.environ.get("CI") == "true"
# How long an example takes says how busy the machine is, not whether it passes.
settings.register_profile("depictio", settings.get_profile("ci" if IN_CI else "default"), deadline=None)
settings.load_profile("depictio")


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: thousands of tests need not look for garbage among it."""
    gc.set_threshold(10_000, 20, 20)
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module may skip itself while it is being collected."""
    report = yield
    fail_if_skipped(report)
    return report


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected_failure = hasattr(report, "wasxfail")
    if IN_CI and report.outcome == "skipped" and not expected_failure:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, which CI does not allow: {report.longrepr}"
