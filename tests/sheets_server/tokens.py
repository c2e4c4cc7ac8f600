"""The token endpoint: who is who, checked as Google checks it."""

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

TOKEN_URI = "https://oauth2.googleapis.com/token"


class TokenError(Exception):
    """An OAuth error answer."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error, description)
        self.body = {"error": error, "error_description": description}


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for."""

    account: str
    scopes: frozenset[str]


@functools.cache
def key_pair() -> tuple[str, bytes]:
    """One RSA key for the test run, as PEM: private and public."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public


@dataclass(slots=True)
class Accounts:
    """Service accounts and users, their secrets and the tokens given out."""

    services: dict[str, bytes] = field(default_factory=dict)
    users: dict[str, tuple[str, str, frozenset[str] | None]] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    skewed: bool = False  # as if the clocks of all who ask were wrong
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def service_account(self, email: str) -> dict[str, Any]:
        private, public = key_pair()
        self.services[email] = public
        return {
            "type": "service_account",
            "project_id": "ruang-rakyat",
            "private_key_id": "0" * 40,
            "private_key": private,
            "client_email": email,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": TOKEN_URI,
            "universe_domain": "googleapis.com",
        }

    def user(self, email: str, *, scopes: frozenset[str] | None = None) -> dict[str, Any]:
        """A person who let the program in; returns authorized-user credentials. `scopes` limits what they allowed."""
        number = next(self._numbers)
        self.users[f"1//refresh-{number}"] = (f"secret-{number}", email, scopes)
        return {
            "type": "authorized_user",
            "client_id": "1234567890-abc.apps.googleusercontent.com",
            "client_secret": f"secret-{number}",
            "refresh_token": f"1//refresh-{number}",
        }

    def revoke(self, email: str) -> None:
        """Take a key or a permission away; tokens already given out die too."""
        self.services.pop(email, None)
        self.users = {token: user for token, user in self.users.items() if user[1] != email}
        self.grants = {token: grant for token, grant in self.grants.items() if grant.account != email}

    def expire(self) -> None:
        self.grants.clear()

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        match form.get("grant_type"):
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                grant = self._service_grant(form.get("assertion", ""))
            case "refresh_token":
                grant = self._user_grant(form)
            case other:
                raise TokenError("unsupported_grant_type", f"Invalid grant_type: {other}")
        token = f"ya29.token-{next(self._numbers)}"
        self.grants[token] = grant
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer", "scope": " ".join(grant.scopes)}

    def _service_grant(self, assertion: str) -> Grant:
        try:
            _, claims, _, _ = jwt._unverified_decode(assertion)  # type: ignore[no-untyped-call]
            email = str(claims["iss"])
            public = self.services[email]
        except KeyError:
            raise TokenError("invalid_grant", "Invalid grant: account not found") from None
        except ValueError:
            raise TokenError("invalid_grant", "Invalid JWT: Failed to decode JWT.") from None
        try:
            if self.skewed:
                raise ValueError("Token used too early")
            jwt.decode(assertion, certs=public, audience=TOKEN_URI)  # type: ignore[no-untyped-call]
        except ValueError as error:
            skewed = "Token used too early" in str(error) or "Token expired" in str(error)
            raise TokenError(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your "
                "iat and exp values in the JWT claim."
                if skewed
                else "Invalid JWT Signature.",
            ) from None
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise TokenError("invalid_scope", "Empty or missing scope not allowed.")
        return Grant(email, scopes)

    def _user_grant(self, form: Mapping[str, str]) -> Grant:
        secret, email, allowed = self.users.get(form.get("refresh_token", ""), ("", "", None))
        if not email:
            raise TokenError("invalid_grant", "Token has been expired or revoked.")
        if form.get("client_secret") != secret:
            raise TokenError("invalid_client", "The provided client secret is invalid.")
        scopes = frozenset(form.get("scope", "").split()) or allowed or frozenset()
        if allowed is not None and not scopes <= allowed:
            raise TokenError("invalid_scope", "Some requested scopes were invalid.")
        return Grant(email, scopes)
