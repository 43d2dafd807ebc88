"""What an ingest did, as a table on a terminal and as lines elsewhere; failures go to standard error."""

import sys

import click
from rich.console import Console

from cli.ingest import Result
from cli.tables import print_table
from domain.ingests import CollectionReport, Outcome
from services.template_dashboards import BroughtDashboard

COLUMNS = ("collection", "new", "changed", "vanished", "unchanged", "rows", "version", "outcome")


def show_reports(project: str, result: Result) -> None:
    """Print the summary, the failures, and the first administrator's password when it was just generated."""
    console = Console()
    if console.is_terminal:
        print_table(console, COLUMNS, [_cells(report) for report in result.reports], project)
    else:
        click.echo("\t".join(COLUMNS))
        for report in result.reports:
            click.echo("\t".join(_cells(report)))
    for report in result.reports:
        _show_message(report)
    _show_dashboards(result.dashboards)
    if result.first_password is not None:
        click.echo(f"The first administrator is {result.admin_email} with the password {result.first_password}")
    if result.read == 0 and all(report.outcome is Outcome.UNCHANGED for report in result.reports):
        click.echo("Nothing is new: no data file was read.")


def _cells(report: CollectionReport) -> list[str]:
    version = "-" if report.table_version is None else str(report.table_version)
    counts = (report.new, report.changed, report.vanished, report.unchanged, report.rows)
    return [f"{report.workflow}.{report.tag}", *map(str, counts), version, report.outcome]


def _show_dashboards(dashboards: list[BroughtDashboard]) -> None:
    for one in dashboards:
        if one.message:
            sys.stderr.write(f"Error: the dashboard {one.title} was not made: {one.message}\n")
        elif one.is_new:
            click.echo(f"The dashboard {one.title} is made of {one.file}.")


def _show_message(report: CollectionReport) -> None:
    name = f"{report.workflow}.{report.tag}"
    if report.outcome is Outcome.FAILED:
        sys.stderr.write(f"Error: {name} failed: {report.message}\n")
        sys.stderr.writelines(f"  {problem}\n" for problem in report.problems)
    elif report.message:
        click.echo(f"{name}: {report.message}")
