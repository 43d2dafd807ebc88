"""`depictio validate`: a project file checked by itself."""

from pathlib import Path

import click

from cli.printing import json_option, print_json
from cli.variables import variable_option, variables_of


@click.command()
@click.argument("project_file", type=click.Path(path_type=Path))
@variable_option
@json_option
def validate(project_file: Path, variables: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 -- as click gives it.
    """Check PROJECT_FILE: its keys, types, patterns and tags. No data is looked at."""
    from services.project_files import read_project_file  # noqa: PLC0415 -- loaded when called, for a fast --help.

    file = read_project_file(project_file, variables_of(variables))
    description = file.description
    collections = list(description.collections())
    numbers = {
        "workflow": len(description.workflows),
        "data collection": len(collections),
        "join": len(description.joins),
    }
    if as_json:
        print_json({"project": description.name, **{f"{noun.replace(' ', '_')}s": n for noun, n in numbers.items()}})
        return
    counts = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for noun, number in numbers.items())
    if file.template:
        click.echo(f"The template {file.template}")
    click.echo(f"{project_file} is valid: {description.name} with {counts}.")
