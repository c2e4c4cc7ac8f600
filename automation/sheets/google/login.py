"""Who the program is to Google: a service account, a person who let it in, or the machine's default credentials."""

from collections.abc import Mapping

import google.auth
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.oauth2.credentials import Credentials as UserCredentials
from google.oauth2.service_account import Credentials as ServiceCredentials

from automation.trouble import ConfigurationError, Trouble

#: The least that does the work: read and write the spreadsheets that were shared; of Drive only what a file is called,
#: where it lies and whether it may be edited, never its content.
SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly")

#: What making spreadsheets takes besides: files that the program itself has made, and no others.
CREATING = "https://www.googleapis.com/auth/drive.file"


def credentials_of(settings: Mapping[str, object] | str, *, creating: bool = False) -> tuple[Credentials, str]:
    """The credentials that credentials.json names, and the e-mail address behind them (empty where Google has to be
    asked). Raises `ConfigurationError` for a key that can't be one."""
    scopes = (*SCOPES, CREATING) if creating else SCOPES
    info = {} if isinstance(settings, str) else dict(settings)
    try:
        match info.get("type") if info else settings:
            case "default" if not info:
                found, _ = google.auth.default(scopes=scopes)
                address = str(getattr(found, "service_account_email", ""))
                # On a machine of Google's own, the address is only known to be "default" until it is asked.
                return found, address if "@" in address else ""
            case "service_account" if info:
                service = ServiceCredentials.from_service_account_info(info, scopes=scopes)  # type: ignore[no-untyped-call]
                return service, str(service.service_account_email)
            case "authorized_user" if info:
                user = UserCredentials.from_authorized_user_info(info, scopes=scopes)  # type: ignore[no-untyped-call]
                return user, ""
            case other:
                raise ConfigurationError(Trouble("google.jenis-kunci", jenis=other or "-"))
    except DefaultCredentialsError as error:
        # MalformedError of a broken key is one of these too.
        code = "google.tanpa-kunci-bawaan" if isinstance(settings, str) else "google.kunci-keliru"
        raise ConfigurationError(Trouble(code, sebab=_reason(error))) from None
    except (GoogleAuthError, ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(Trouble("google.kunci-keliru", sebab=_reason(error))) from None


def _reason(error: Exception) -> str:
    """What the library says, its first line only: never a part of the key itself."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return text if "PRIVATE KEY" not in text else type(error).__name__
