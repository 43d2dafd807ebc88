"""What administrators may change while the server runs; what the environment settles stands in `domain.settings`."""

import msgspec

from domain.accounts import Registration, normal_domains
from domain.errors import Invalid, Problem
from domain.settings import Settings
from domain.text import line_problem, paragraphs_problem
from domain.wording import tr

SITE = "site"
RANGES = {
    "audit_days": (1, 3650), "session_idle_hours": (0, 8760), "session_max_days": (0, 365),
    "upload_max_mib": (0, 1_000_000),
}  # fmt: skip
CHOICES = {"registration": tuple(Registration), "public_access": ("on", "off")}
NOTICE_MAX_LENGTH, SIGN_IN_MAX_LENGTH = 300, 1000


class SiteSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The one document of its kind. 0, or an empty choice, leaves to the environment what it settles."""

    id: str = SITE
    audit_days: int = 365
    session_idle_hours: int = 0
    session_max_days: int = 0
    upload_max_mib: int = 0
    registration: str = ""
    registration_domains: str = ""
    public_access: str = ""
    notice: str = ""
    sign_in_text: str = ""
    version: int = 1


class Admission(msgspec.Struct, frozen=True):
    """Who may open an account by themselves; `domains` are the hosts whose addresses may, under the rule `domain`."""

    rule: Registration
    domains: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anybody may who is not invited."""
        return self.rule in {Registration.OPEN, Registration.DOMAIN}


def admission(site: SiteSettings, settings: Settings) -> Admission:
    """By the site, else by the environment, rule and domains each."""
    rule = Registration(site.registration or settings.registration)
    return Admission(rule, normal_domains(site.registration_domains or settings.registration_domains))


def shows_public(site: SiteSettings, settings: Settings) -> bool:
    """Whether visitors who are not signed in see public projects."""
    return site.public_access == "on" if site.public_access else settings.public_access


def checked(site: SiteSettings, settings: Settings) -> SiteSettings:
    """The settings, their texts trimmed, when each of them can be.

    Raises:
        Invalid: naming those that cannot.
    """
    problems = [
        Problem(name, tr("must be {least} to {most}", least=least, most=most))
        for name, (least, most) in RANGES.items()
        if not least <= getattr(site, name) <= most
    ]
    texts = {name: getattr(site, name).strip() for name in ("registration_domains", "notice", "sign_in_text")}
    site = msgspec.structs.replace(site, **texts)
    problems += _choice_problems(site) + _text_problems(site) or _domain_problems(site, settings)
    if problems:
        raise Invalid(tr("The site cannot be set so."), tuple(problems))
    return site


def _choice_problems(site: SiteSettings) -> list[Problem]:
    return [
        Problem(name, tr("must be {known}, or empty", known=", ".join(known)))
        for name, known in CHOICES.items()
        if getattr(site, name) not in {"", *known}
    ]


def _text_problems(site: SiteSettings) -> list[Problem]:
    notice = line_problem(site.notice, "notice", most=NOTICE_MAX_LENGTH)
    text = paragraphs_problem(site.sign_in_text, "sign_in_text", most=SIGN_IN_MAX_LENGTH)
    return [problem for problem in (notice, text) if problem]


def _domain_problems(site: SiteSettings, settings: Settings) -> list[Problem]:
    try:
        found = admission(site, settings)
    except Invalid:
        return [Problem("registration_domains", tr("must be hosts such as example.org, separated by commas"))]
    if found.rule is Registration.DOMAIN and not found.domains:
        return [Problem("registration_domains", tr("must be said when addresses of some hosts may register"))]
    return []
