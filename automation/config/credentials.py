"""credentials.json: the only file with secrets. All that is wrong with it is reported at once, but never a secret."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from automation.config.values import closest, is_sender
from automation.trouble import ConfigurationError, Trouble

_KEYS = ("kendali", "cadangan", "google", "smtp")
_SMTP_KEYS = ("host", "port", "username", "password", "from")

#: The fields that google-auth needs, by the type of the key. Authorized users have no private key of their own.
#: https://google-auth.readthedocs.io/en/stable/reference/google.oauth2.service_account.html
_KEY_FIELDS = {
    "service_account": ("client_email", "private_key", "token_uri"),
    "authorized_user": ("client_id", "client_secret", "refresh_token"),
}
#: What stands in credentials.example.json in place of real values, besides "...".
_EXAMPLES = ("\n...\n", "ID_SPREADSHEET_KENDALI")
#: A text short enough for a file name, without anything that occurs in a key or in JSON.
_FILE_NAME = re.compile(r"(?!.*PRIVATE KEY)[^\x00-\x1f{}]{1,250}")
_PRIVATE_KEY_STARTS = ("-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----")


class Smtp(Struct, frozen=True):
    """How mail is sent. Port 465 uses TLS from the start; any other port must offer STARTTLS."""

    host: str
    port: int
    username: str
    password: str
    sender: str  # "Ruang Rakyat <kabar@example.org>"


class Credentials(Struct, frozen=True):
    """The content of credentials.json. `google` is the key itself, ``"default"``, or None for local workbooks; `folder`
    is where the file lies, and where relative paths start."""

    kendali: str
    google: Mapping[str, object] | str | None
    smtp: Smtp | None
    folder: Path
    backup: str = ""  # the spreadsheet with the copy of all journals; empty: Kendali
    secrets: tuple[Path, ...] = ()  # the file itself, and the key file


def read_credentials(path: Path) -> Credentials:
    """Read credentials.json; relative paths start from its folder. Raises `ConfigurationError` with every cause."""
    content = _load(path, "berkas")
    # Google's own downloads, saved under our file's name.
    if content.get("type") in _KEY_FIELDS:
        raise ConfigurationError(_trouble("kunci-mentah", path.name))
    if _is_oauth_client(content):
        raise ConfigurationError(_trouble("klien-oauth", path.name))
    causes = list(_unknown_keys(path, content, _KEYS, ""))
    kendali = content.get("kendali")
    if not _is_text(kendali):
        causes.append(_trouble("kendali-kosong", path.name))
    backup = content.get("cadangan", "")
    if not isinstance(backup, str) or (backup and backup.strip() == str(kendali).strip()):
        causes.append(_trouble("cadangan-keliru", path.name))
    google = _google(path, content.get("google"), causes)
    smtp = _smtp(path, content.get("smtp"), causes)
    if left := list(_still_example(content)):
        causes.append(_trouble("masih-contoh", path.name, fields=", ".join(left)))
    if causes:
        raise ConfigurationError(*causes)
    key = content.get("google")
    secrets = (path, path.parent / key.strip()) if isinstance(key, str) and key != "default" else (path,)
    return Credentials(str(kendali).strip(), google, smtp, path.parent, str(backup).strip(), secrets)


def _still_example(content: Mapping[str, Any], inside: str = "") -> Iterator[str]:
    """The entries that still have the placeholder from credentials.example.json instead of a real value."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _still_example(value, f"{inside}{name}.")
        elif value == "..." or (isinstance(value, str) and any(mark in value for mark in _EXAMPLES)):
            yield inside + name


def _trouble(entry: str, file: str, **particulars: object) -> Trouble:
    return Trouble(f"kendali.kredensial.{entry}", file=file, **particulars)


def _load(path: Path, table: str) -> Mapping[str, Any]:
    """The JSON object in a file; `table` tells credentials.json itself (``berkas``) from a key file (``kunci``)."""
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        cause = _trouble(f"{table}-tidak-ada", path.name, path=path)
    except json.JSONDecodeError as error:
        cause = _trouble(f"{table}-bukan-json", path.name, line=error.lineno, column=error.colno)
    except UnicodeDecodeError:
        cause = _trouble(f"{table}-bukan-teks", path.name)
    except OSError as error:
        cause = _trouble(f"{table}-tidak-terbaca", path.name, path=path, reason=error.strerror or "")
    else:
        if isinstance(content, dict):
            return content
        cause = _trouble(f"{table}-bukan-objek", path.name)
    raise ConfigurationError(cause) from None  # the cause's text may quote the file, and so a secret


def _is_oauth_client(content: Mapping[str, Any]) -> bool:
    return any(isinstance(content.get(name), dict) for name in ("installed", "web"))


def _unknown_keys(path: Path, content: Mapping[str, Any], known: tuple[str, ...], inside: str) -> Iterator[Trouble]:
    for key in content:
        if key in known or key.startswith("_"):  # "_keterangan": a note, as JSON knows no comments
            continue
        where, near = inside + key[:40], closest(key, known)
        if near:
            yield _trouble("isian-mirip", path.name, field=where, near=inside + near)
        else:
            yield _trouble("isian-asing", path.name, field=where, known=", ".join(inside + name for name in known))


def _google(path: Path, value: object, causes: list[Trouble]) -> Mapping[str, object] | str | None:
    """The key itself, ``"default"``, or None; if `value` is a path, the file is read."""
    if value is None or value == "default":
        return value
    place = f"{path.name} (google)"
    if isinstance(value, str) and value.strip():
        key_path = path.parent / value.strip()
        # Text that may be the key itself, pasted here, is never quoted.
        if not _FILE_NAME.fullmatch(value.strip()) or not (key_path.suffix.casefold() == ".json" or key_path.exists()):
            causes.append(_trouble("google-bukan-berkas", path.name))
            return None
        try:
            value, place = _load(key_path, "kunci"), key_path.name
        except ConfigurationError as error:
            causes.extend(error.causes)
            return None
    if not isinstance(value, dict):
        causes.append(_trouble("google-keliru", path.name))
        return None
    if "type" not in value and "refresh_token" in value:
        value = {"type": "authorized_user", **value}  # google-auth's own Credentials.to_json() omits it
    causes.extend(_faults_of_key(place, value))
    return value


def _faults_of_key(place: str, key: Mapping[str, Any]) -> Iterator[Trouble]:
    kind = key.get("type")
    if _is_oauth_client(key):
        yield _trouble("klien-oauth", place)
    elif not isinstance(kind, str) or kind not in _KEY_FIELDS:
        yield _trouble("kunci-jenis", place)
    else:
        if missing := [name for name in _KEY_FIELDS[kind] if not _is_text(key.get(name))]:
            yield _trouble("kunci-tidak-lengkap", place, fields=", ".join(missing))
        private = str(key.get("private_key") or "") if "private_key" in _KEY_FIELDS[kind] else ""
        # A key copied by hand often loses its last lines, or keeps its line breaks as a backslash and an n.
        if private.strip() and (
            not private.startswith(_PRIVATE_KEY_STARTS) or "-----END" not in private or "\\n" in private
        ):
            yield _trouble("kunci-rusak", place)


def _smtp(path: Path, value: object, causes: list[Trouble]) -> Smtp | None:
    if not isinstance(value, dict):
        causes += [_trouble("smtp-keliru", path.name)] if value is not None else []
        return None
    before = len(causes)
    causes.extend(_unknown_keys(path, value, _SMTP_KEYS, "smtp."))
    given = {name: entry for name, entry in value.items() if entry not in (None, "")}
    needed = ("host", "port", "from") if value.get("username") == "" else _SMTP_KEYS  # it asks for no login
    if missing := [f"smtp.{name}" for name in needed if name not in given]:
        causes.append(_trouble("smtp-tidak-lengkap", path.name, fields=", ".join(missing)))
    wrong = (name for name in ("host", "username", "password", "from") if name in given and not _is_text(given[name]))
    causes += [_trouble("bukan-tulisan", path.name, field=f"smtp.{name}") for name in wrong]
    port = given.get("port")
    if isinstance(port, str) and port.strip().isdecimal():
        port = int(port)  # "587" in quotes is clear enough
    if port is not None and (not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535):
        causes.append(_trouble("port-keliru", path.name))
    sender = given.get("from")
    if _is_text(sender) and not is_sender(str(sender)):
        causes.append(_trouble("pengirim-keliru", path.name))
    if len(causes) > before:
        return None
    login = value["username"], given.get("password", "").replace("\xa0", " ")  # web pages show it with such spaces
    return Smtp(value["host"].strip(), int(str(port)), *login, str(sender).strip())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
