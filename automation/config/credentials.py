"""credentials.json: the only file with secrets. All that is wrong with it is said at once, and no secret ever is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from automation.config.settings import Credentials, Smtp
from automation.config.values import closest, is_sender
from automation.trouble import ConfigurationError, Trouble

_KEYS = ("kendali", "google", "smtp")
_SMTP_KEYS = ("host", "port", "username", "password", "from")

#: What google-auth needs, by the type of the key. Authorized users have no private key of their own.
#: https://google-auth.readthedocs.io/en/stable/reference/google.oauth2.service_account.html
_KEY_FIELDS = {
    "service_account": ("client_email", "private_key", "token_uri"),
    "authorized_user": ("client_id", "client_secret", "refresh_token"),
}
#: What credentials.example.json says where a real value belongs, besides "...".
_EXAMPLES = ("\n...\n", "ID_SPREADSHEET_KENDALI")
_PRIVATE_KEY_STARTS = ("-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----")


def read_credentials(path: Path) -> Credentials:
    """Understand credentials.json; relative paths in it start from its folder.

    Raises `ConfigurationError` with every cause.
    """
    content = _load(path, "berkas")
    _refuse_foreign_files(path, content)
    causes = list(_unknown_keys(path, content, _KEYS, ""))
    kendali = content.get("kendali")
    if not isinstance(kendali, str) or not kendali.strip():
        causes.append(_trouble("kendali-kosong", file=path.name))
        kendali = ""
    google = _google(path, content.get("google"), causes)
    smtp = _smtp(path, content.get("smtp"), causes)
    if left := list(_still_example(content)):
        causes.append(_trouble("masih-contoh", file=path.name, fields=", ".join(left)))
    if causes:
        raise ConfigurationError(*causes)
    return Credentials(kendali.strip(), google, smtp, path.parent)


def _still_example(content: Mapping[str, Any], inside: str = "") -> Iterator[str]:
    """The entries that still say what credentials.example.json says in place of a real value."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _still_example(value, f"{inside}{name}.")
        elif value == "..." or (isinstance(value, str) and any(mark in value for mark in _EXAMPLES)):
            yield inside + name


def _trouble(entry: str, **particulars: object) -> Trouble:
    return Trouble(f"kendali.kredensial.{entry}", **particulars)


def _load(path: Path, table: str) -> Mapping[str, Any]:
    """The JSON object in a file; `table` tells credentials.json itself (``berkas``) from a key file (``kunci``)."""
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        cause = _trouble(f"{table}-tidak-ada", file=path.name, path=path)
    except json.JSONDecodeError as error:
        cause = _trouble(f"{table}-bukan-json", file=path.name, line=error.lineno, column=error.colno)
    except UnicodeDecodeError:
        cause = _trouble(f"{table}-bukan-teks", file=path.name)
    except OSError as error:
        cause = _trouble(f"{table}-tidak-terbaca", file=path.name, path=path, reason=error.strerror or "")
    else:
        if isinstance(content, dict):
            return content
        cause = _trouble(f"{table}-bukan-objek", file=path.name)
    raise ConfigurationError(cause) from None  # the cause's text may quote the file, and so a secret


def _refuse_foreign_files(path: Path, content: Mapping[str, Any]) -> None:
    """Google's own downloads, saved under our file's name."""
    if content.get("type") in _KEY_FIELDS:
        raise ConfigurationError(_trouble("kunci-mentah", file=path.name))
    if _is_oauth_client(content):
        raise ConfigurationError(_trouble("klien-oauth", file=path.name))


def _is_oauth_client(content: Mapping[str, Any]) -> bool:
    return any(isinstance(content.get(name), dict) for name in ("installed", "web"))


def _unknown_keys(path: Path, content: Mapping[str, Any], known: tuple[str, ...], inside: str) -> list[Trouble]:
    found = []
    for key in content:
        if key in known or key.startswith("_"):  # "_keterangan": a note, as JSON knows no comments
            continue
        near = closest(key, known)
        where = inside + key[:40]
        if near:
            found.append(_trouble("isian-mirip", file=path.name, field=where, near=inside + near))
        else:
            listed = ", ".join(inside + name for name in known)
            found.append(_trouble("isian-asing", file=path.name, field=where, known=listed))
    return found


def _google(path: Path, value: object, causes: list[Trouble]) -> Mapping[str, object] | str | None:
    """The key itself, ``"default"``, or None; a path is read."""
    if value is None or value == "default":
        return value
    if isinstance(value, str) and value.strip():
        key_path = path.parent / value.strip()
        try:
            value = _load(key_path, "kunci")
        except ConfigurationError as error:
            causes.extend(error.causes)
            return None
        place = key_path.name
    elif isinstance(value, dict):
        place = f"{path.name} (google)"
    else:
        causes.append(_trouble("google-keliru", file=path.name))
        return None
    if "type" not in value and "refresh_token" in value:
        value = {"type": "authorized_user", **value}  # as google-auth's own Credentials.to_json() leaves it
    causes.extend(_faults_of_key(place, value))
    return value


def _faults_of_key(place: str, key: Mapping[str, object]) -> list[Trouble]:
    if _is_oauth_client(key):
        return [_trouble("klien-oauth", file=place)]
    kind = key.get("type")
    fields = _KEY_FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        return [_trouble("kunci-jenis", file=place)]
    missing = [name for name in fields if not _is_text(key.get(name))]
    faults = [_trouble("kunci-tidak-lengkap", file=place, fields=", ".join(missing))] if missing else []
    if "private_key" in fields and "private_key" not in missing and not _is_whole(str(key["private_key"])):
        faults.append(_trouble("kunci-rusak", file=place))
    return faults


def _is_whole(private_key: str) -> bool:
    """A key copied by hand often loses its last lines, or keeps its line breaks as a backslash and an n."""
    return private_key.startswith(_PRIVATE_KEY_STARTS) and "-----END" in private_key and "\\n" not in private_key


def _smtp(path: Path, value: object, causes: list[Trouble]) -> Smtp | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        causes.append(_trouble("smtp-keliru", file=path.name))
        return None
    before = len(causes)
    causes.extend(_unknown_keys(path, value, _SMTP_KEYS, "smtp."))
    missing = [f"smtp.{name}" for name in _SMTP_KEYS if value.get(name) in (None, "")]
    if missing:
        causes.append(_trouble("smtp-tidak-lengkap", file=path.name, fields=", ".join(missing)))
    causes += [
        _trouble("bukan-tulisan", file=path.name, field=f"smtp.{name}")
        for name in ("host", "username", "password", "from")
        if value.get(name) not in (None, "") and not _is_text(value[name])
    ]
    port = value.get("port")
    if isinstance(port, str) and port.strip().isdecimal():
        port = int(port)  # "587" in quotes is clear enough
    if port not in (None, "") and (not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535):
        causes.append(_trouble("port-keliru", file=path.name))
    sender = value.get("from")
    if _is_text(sender) and not is_sender(str(sender)):
        causes.append(_trouble("pengirim-keliru", file=path.name))
    if len(causes) > before or not isinstance(port, int):
        return None
    return Smtp(value["host"].strip(), port, value["username"], value["password"], str(sender).strip())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
