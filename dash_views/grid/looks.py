"""Icons of tabs and sections: those that can be chosen, and what stands for the names that Depictio 1.5 has."""

CHOICES = (
    "activity",
    "adjustments",
    "bookmark",
    "calendar",
    "chart-bar",
    "chart-dots",
    "chart-histogram",
    "chart-line",
    "chart-pie",
    "clock",
    "database",
    "dna",
    "file-text",
    "filter",
    "gauge",
    "git-merge",
    "heart-rate-monitor",
    "home",
    "info-circle",
    "layout-dashboard",
    "list-check",
    "map",
    "number-123",
    "photo",
    "report-analytics",
    "route",
    "stack-2",
    "star",
    "table",
    "tag",
    "users",
    "world",
)
"""Symbols of `/static/vendor/icons.svg`."""
OTHERS = "stack-2"
"""What stands for an icon that is none of ours: a picture of another installation, a name of another set."""
WORDS = {
    "chart-bell": "chart-histogram",
    "chart-scatter": "chart-dots",
    "scatter": "chart-dots",
    "chart-box": "report-analytics",
    "chart": "chart-bar",
    "bacteria": "dna",
    "virus": "dna",
    "flask": "dna",
    "test-tube": "dna",
    "dna": "dna",
    "table": "table",
    "counter": "number-123",
    "numeric": "number-123",
    "filter": "filter",
    "tune": "adjustments",
    "map": "map",
    "earth": "world",
    "account": "users",
    "image": "photo",
    "calendar": "calendar",
    "clock": "clock",
    "database": "database",
    "tag": "tag",
    "information": "info-circle",
    "home": "home",
    "gauge": "gauge",
    "speedometer": "gauge",
}
"""Beginnings of the names of Material Design icons, and what looks most like them here."""


def symbol_of(icon: str) -> str:
    """The symbol that stands for an icon as a document has it; empty when it has none."""
    if not icon or icon in CHOICES:
        return icon
    plain = icon.rpartition(":")[2]
    return next((symbol for word, symbol in WORDS.items() if plain.startswith(word)), OTHERS)
