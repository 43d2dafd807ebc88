"""The patterns by which a project file names runs and files."""

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from domain.description import RegexConfig

PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")


def placeholders(pattern: str) -> list[str]:
    """The names in braces, in order; `{3}` and `{2,4}` are repetitions of a regular expression and stay."""
    return PLACEHOLDER.findall(pattern)


def file_pattern(config: RegexConfig) -> re.Pattern[str]:
    """The regular expression in which each wildcard is a named group; its second occurrence must repeat the first.

    Raises:
        re.error: when it does not compile.
    """
    regexes = {wildcard.name: wildcard.wildcard_regex for wildcard in config.wildcards}
    seen: set[str] = set()

    def group(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{regexes[name]})"

    return re.compile(PLACEHOLDER.sub(group, config.pattern))


def captures(pattern: re.Pattern[str], path: PurePosixPath) -> dict[str, str] | None:
    """What the wildcards captured when the whole name of the file matches, else None.

    `path` is below the run; it is what is matched when the pattern has a slash.
    """
    match = pattern.fullmatch(str(path) if "/" in pattern.pattern else path.name)
    return None if match is None else {name: text or "" for name, text in match.groupdict().items()}


def is_ignored(path: PurePosixPath, ignore: tuple[str, ...], *, is_folder: bool) -> bool:
    """Whether one of the shell patterns names this path below the run or its last part; `work/` means folders only."""
    for pattern in ignore:
        if pattern.endswith("/") and not is_folder:
            continue
        glob = pattern.rstrip("/")
        if fnmatchcase(path.name, glob) or fnmatchcase(str(path), glob):
            return True
    return False
