"""What the signatures and docstrings of Plotly Express say of its parameters: from here comes `domain/express.py`.

    python -m dash_views.figures.signatures > domain/express.py

To import Plotly Express takes half a second, so the server reads the module that this writes; a test compares the two.
"""

import inspect
import re
import sys
import textwrap
from collections.abc import Callable
from typing import Any

FUNCTIONS = (
    "scatter", "line", "area", "bar", "histogram", "box", "violin", "strip", "ecdf", "density_heatmap",
    "density_contour", "pie", "sunburst", "treemap", "icicle", "funnel", "funnel_area", "scatter_3d", "scatter_matrix",
    "parallel_coordinates", "parallel_categories", "scatter_polar", "line_polar", "bar_polar", "scatter_ternary",
    "timeline",
)  # fmt: skip
"""Those whose arguments are columns and which draw no map."""
TYPES = (
    (r"str or int or Series", "column"),
    (r"(str, or )?list of str or int", "columns"),
    (r"list of two numbers", "range"),
    (r"list of str", "words"),
    (r"dict with str keys and list of str", "orders"),
    (r"dict with str keys and str values", "mapping"),
    (r"dict", "options"),
    (r"bool(ean)?\b(?! or)", "switch"),
    (r"int", "integer"),
    (r"float|number", "number"),
)
HEAD = '''"""The parameters of Plotly Express {version}, its colour scales and templates.

Written by `python -m dash_views.figures.signatures`; do not change it by hand. `choice` goes before its words, with a
bar between two of them; scales and sequences are colours without the `#`.
"""

# fmt: off
'''
WIDTH = 118


def main() -> None:
    """Print the module."""
    import plotly  # noqa: PLC0415 -- see the module's docstring.

    sys.stdout.write(HEAD.format(version=plotly.__version__))
    for name, table in tables().items():
        sys.stdout.write(f"{name} = {{\n" + "".join(_line(*entry) for entry in table.items()) + "}\n")
    sys.stdout.write(f'TEMPLATES = "{" ".join(templates())}"\n')


def tables() -> dict[str, dict[str, str]]:
    """The tables of the module, by name."""
    return {
        "PARAMETERS": {name: " ".join([kind, "|".join(words)]).strip() for name, (kind, words) in parameters().items()},
        "SIGNATURES": {name: " ".join(names) for name, names in signatures().items()},
        "SCALES": {name: " ".join(map(_hex, colours)) for name, colours in scales().items()},
        "SEQUENCES": {name: " ".join(map(_hex, colours)) for name, colours in sequences().items()},
    }


def _line(name: str, text: str) -> str:
    short = f'    "{name}": "{text}",\n'
    return short if len(short) <= WIDTH else f'    "{name}": (\n{_wrapped(text)}    ),\n'


def _wrapped(text: str) -> str:
    lines = textwrap.wrap(text, WIDTH - 12)
    return "".join(f'        "{line}{" " if line is not lines[-1] else ""}"\n' for line in lines)


def _hex(colour: str) -> str:
    if colour.startswith("#"):
        return colour[1:].lower()
    return "".join(f"{round(float(part)):02x}" for part in re.findall(r"[\d.]+", colour)[:3])


def signatures() -> dict[str, tuple[str, ...]]:
    """The names of each function's parameters, in their order."""
    return {name: tuple(inspect.signature(function).parameters) for name, function in _functions().items()}


def parameters() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Type and words by name; `function.name` where a function means something else by the name."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for function, act in _functions().items():
        for name, entry in _described(act.__doc__ or "").items():
            if found.setdefault(name, entry) != entry:
                found[f"{function}.{name}"] = entry
    return found


def scales() -> dict[str, tuple[str, ...]]:
    """Continuous colour scales by their names, which have no case."""
    from plotly.express import colors  # noqa: PLC0415 -- see the module's docstring.

    modules = (colors.sequential, colors.diverging, colors.cyclical)
    return {name: value for module in modules for name, value in _colours(module).items()}


def sequences() -> dict[str, tuple[str, ...]]:
    """Sequences of colours for categories."""
    from plotly.express import colors  # noqa: PLC0415 -- see the module's docstring.

    return _colours(colors.qualitative)


def templates() -> tuple[str, ...]:
    """The names of the templates."""
    from plotly.io import templates as known  # noqa: PLC0415 -- see the module's docstring.

    return tuple(dict.fromkeys([*known, "none"]))


def _functions() -> dict[str, Callable[..., Any]]:
    from plotly import express as px  # noqa: PLC0415 -- see the module's docstring.

    return {name: getattr(px, name) for name in FUNCTIONS}


def _colours(module: Any) -> dict[str, tuple[str, ...]]:
    found = {name: value for name, value in vars(module).items() if isinstance(value, list) and name[0] != "_"}
    return {name: tuple(value) for name, value in found.items() if not name.endswith("_r")}


def _described(doc: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    entries = re.findall(r"^(\w+): (.*)\n((?: {4}.*\n|\n)*)", doc, re.MULTILINE)
    return {name: _entry(kind, " ".join(body.split())) for name, kind, body in entries}


def _entry(kind: str, body: str) -> tuple[str, tuple[str, ...]]:
    words = _words(kind, body)
    if words:
        return "choice", words
    return next((name for start, name in TYPES if re.match(start, kind)), "text"), ()


def _words(kind: str, body: str) -> tuple[str, ...]:
    if not kind.startswith(("str", "string")) or kind.startswith("str or int"):
        return ()
    listing = kind if "one of" in kind else re.match(r"(?:One of|'total').*?(?:\.|$)", body)
    said = listing if isinstance(listing, str) else listing[0] if listing else ""
    return tuple(dict.fromkeys(re.findall(r"'`?([a-z][\w ]*)`?'", said)))


if __name__ == "__main__":
    main()
