"""What the composition root makes of people: who they are, how they sign in, and how accounts come about."""

from datetime import timedelta

from argon2 import PasswordHasher

from domain.settings import PROVIDER_BACK, Settings
from persistence.accounts import InvitationRepository, ResetLinkRepository
from persistence.mongo import Documents
from persistence.people import IdentityRepository, SessionRepository, UserRepository
from persistence.projects import ProjectRepository
from persistence.throttle import AttemptRepository
from persistence.tokens import ApiTokenRepository, TokenFamilyRepository
from services.accounts import Accounts
from services.api_tokens import ApiTokens
from services.clock import Clock
from services.families import Families
from services.groups import Groups
from services.invitations import Invitations
from services.oidc import Provider
from services.passwords import Passwords
from services.people import People
from services.provider_sign_in import ProviderSignIn
from services.sessions import Sessions
from services.site import Site
from services.throttle import ADDRESS_FACTOR, SignInThrottle
from services.tokens import Tokens


def people_of(
    settings: Settings, documents: Documents, now: Clock, hasher: PasswordHasher | None, site: Site
) -> People:
    """Who signs in with a password or a token, and how long that lasts."""
    return People(
        UserRepository(documents),
        Sessions(SessionRepository(documents), lengths=site.lengths, now=now),
        SignInThrottle(AttemptRepository(documents), settings.sign_in_attempts, now),
        Passwords(hasher),
        Tokens(
            settings.secret_key,
            issuer=settings.address,
            life=timedelta(minutes=settings.access_token_minutes),
            now=now,
        ),
        Families(TokenFamilyRepository(documents), life=timedelta(days=settings.session_max_days), now=now),
        ApiTokens(ApiTokenRepository(documents), now, audit=site.audit),
        now,
        audit=site.audit,
    )


def accounts_of(
    settings: Settings, documents: Documents, people: People, groups: Groups, site: Site, now: Clock
) -> Accounts:
    """How accounts come about, change and end."""
    return Accounts(
        people,
        UserRepository(documents),
        ProjectRepository(documents),
        groups,
        ResetLinkRepository(documents),
        InvitationRepository(documents),
        IdentityRepository(documents),
        SignInThrottle(AttemptRepository(documents), settings.sign_in_attempts, now),
        site,
        now,
        has_provider=bool(settings.oidc_issuer),
        audit=people.audit,
    )


def provider_sign_in_of(
    settings: Settings,
    documents: Documents,
    people: People,
    accounts: Accounts,
    invitations: Invitations,
    now: Clock,
) -> ProviderSignIn:
    """Sign-in with the provider of the settings, or with none."""
    provider = None
    if settings.oidc_issuer:
        back = settings.address + PROVIDER_BACK
        client = (settings.oidc_client_id, settings.oidc_client_secret)
        provider = Provider(settings.oidc_issuer, *client, back=back, key=settings.secret_key, now=now)
    return ProviderSignIn(
        provider,
        UserRepository(documents),
        IdentityRepository(documents),
        people,
        accounts,
        invitations,
        SignInThrottle(AttemptRepository(documents), settings.sign_in_attempts * ADDRESS_FACTOR, now),
        now,
        audit=people.audit,
    )
