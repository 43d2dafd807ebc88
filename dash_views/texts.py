"""Numbers, dates and shares as people read them."""

from datetime import date, datetime

from domain.wording import NARROW_SPACE, grouped


def number_text(value: object, decimals: int) -> str:
    """A number for people: thousands apart, very large and very small ones with an exponent."""
    match value:
        case bool():
            text = str(value).lower()
        case int():
            text = grouped(value)
        case float() if value and not 1e-3 <= abs(value) < 1e9:  # noqa: PLR2004 -- where digits stop being readable
            text = f"{value:.{max(decimals, 2)}e}"
        case float():
            text = grouped(value, decimals)
        case datetime():
            text = value.isoformat(sep=" ", timespec="minutes")
        case date():
            text = value.isoformat()
        case _:
            text = str(value)
    return text


def percent(share: float, decimals: int | None = None) -> str:
    """A share in percent: a decimal below ten, and never 0 or 100 of what is neither."""
    if decimals is not None:
        return f"{grouped(share * 100, decimals)}{NARROW_SPACE}%"
    size = abs(share * 100)
    number = grouped(share * 100, 0 if size == 0 or size >= 10 else 1)  # noqa: PLR2004 -- two digits either way
    if number == "100" and share < 1:
        number = "> 99"
    elif number in {"0.0", "-0.0"} and share:
        number = "< 0.1"
    return f"{number}{NARROW_SPACE}%"
