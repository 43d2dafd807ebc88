"""The Content-Security-Policy, as a pure function of what a page needs."""

from collections.abc import Iterable


def content_security_policy(
    script_hashes: Iterable[str] = (), *, inline_styles: bool = False, tiles: str = "", ancestors: Iterable[str] = ()
) -> str:
    """The policy of a page that loads scripts from this server and those inline ones whose hashes are given.

    Dash pages pass `app.csp_hashes()` and `inline_styles`, because Mantine and Plotly write `<style>` elements.
    A hash may come with or without its quotes. `tiles` is the origin of the tile server of maps.
    `ancestors` are the sites that may show the page in a frame: none unless they are named.
    """
    hashes = sorted({f"'{value.strip(chr(39))}'" for value in script_hashes})
    origins = [tiles] if tiles else []
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *hashes],
        "style-src": ["'self'", *(["'unsafe-inline'"] if inline_styles else [])],
        "img-src": ["'self'", "data:", "blob:", *origins],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", *origins],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": list(ancestors) or ["'none'"],
        "form-action": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


PAGE_POLICY = content_security_policy()
