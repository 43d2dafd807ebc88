"""What holds for every test: it ends, one that waits for ever fails where it waits, and in CI none is skipped.

A test that could not run in CI has shown nothing, so it counts as failed.
"""

import asyncio
import faulthandler
import gc
import os
from collections.abc import Awaitable, Callable, Generator
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from hypothesis import settings

IN_CI = os.environ.get("CI") == "true"
ENDS_WITHIN = float(os.environ.get("TEST_ENDS_WITHIN", "300"))
"""Seconds for the body of a test that can be interrupted; `faulthandler_timeout` of pyproject.toml ends any other."""
# How long an example takes says how busy the machine is, not whether it passes.
settings.register_profile("depictio", settings.get_profile("ci" if IN_CI else "default"), deadline=None)
settings.load_profile("depictio")


def pytest_configure(config: pytest.Config) -> None:
    if IN_CI and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Told(config))


class Told:
    """Tells of each failure at once: a run that is ended from outside has no summary."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal:
            terminal.write_line(f"\n{report.nodeid} failed ({report.when}):\n{report.longreprtext}")


def pytest_itemcollected(item: pytest.Item) -> None:
    if isinstance(item, pytest.Function) and iscoroutinefunction(item.obj):
        item.obj = bounded(item.obj)


def bounded(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The test, which raises `TimeoutError` at what it waits for when that takes too long."""

    @wraps(test)
    async def run(*args: Any, **kwargs: Any) -> None:
        async with asyncio.timeout(ENDS_WITHIN):
            await test(*args, **kwargs)

    return run


@pytest.hookimpl(trylast=True)
def pytest_exception_interact(node: pytest.Item | pytest.Collector) -> None:
    """With a failure pytest gives up its watch, as a person may look at it; but the fixtures are still to be closed."""
    within = float(node.config.getini("faulthandler_timeout") or 0)
    if within and isinstance(node, pytest.Item) and not node.config.option.usepdb:
        stderr = node.config.stash[fault_handler_stderr_fd_key]
        faulthandler.dump_traceback_later(within, exit=node.config.getini("faulthandler_exit_on_timeout"), file=stderr)


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
