"""Google's own description of its API (discovery documents), and checking requests against it.

The documents come with google-api-python-client. What they don't know is answered as Google answers it.
"""

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import googleapiclient  # type: ignore[import-untyped]

from tests.sheets_server.answer import ApiError
from tests.sheets_server.masks import InvalidMask, Mask, parse_mask

HOSTS = {"sheets.googleapis.com": "sheets.v4", "www.googleapis.com": "drive.v3"}
#: Messages of which only one field may be set.
ONE_OF = {"Request", "ExtendedValue"}


@dataclass(frozen=True, slots=True)
class Method:
    """One method of an API; `kind` is its id without the API's name (``values.batchGet``, ``files.list``)."""

    kind: str
    http: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Mapping[str, Any]]
    request: str | None
    response: str
    scopes: frozenset[str]


class Api:
    """The methods and messages of one discovery document."""

    def __init__(self, name: str) -> None:
        folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
        document = json.loads((folder / f"{name}.json").read_text("utf-8"))
        self.schemas: dict[str, dict[str, Any]] = document["schemas"]
        self._common: dict[str, Any] = document["parameters"]
        self.methods = list(self._walk(document["resources"], document["servicePath"]))

    def _walk(self, resources: Mapping[str, Any], base: str) -> Sequence[Method]:
        found: list[Method] = []
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                template = re.sub(r"\\{\\?\+?(\w+)\\}", r"(?P<\1>[^/:]+|[^/]+?)", re.escape(base + method["path"]))
                found.append(
                    Method(
                        method["id"].removeprefix("sheets.").removeprefix("spreadsheets.").removeprefix("drive."),
                        method["httpMethod"],
                        re.compile("/" + template + r"\Z"),
                        {**self._common, **method.get("parameters", {})},
                        method.get("request", {}).get("$ref"),
                        method.get("response", {}).get("$ref", ""),
                        frozenset(method.get("scopes", ())),
                    )
                )
            found += self._walk(resource.get("resources", {}), base)
        return found

    def find(self, http: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method behind an address and what its path names, or None."""
        for method in self.methods:
            match = method.pattern.match(path) if method.http == http else None
            if match:
                return method, {name: unquote(text) for name, text in match.groupdict().items()}
        return None

    def check_query(self, method: Method, query: Mapping[str, list[str]]) -> Mask:
        """Refuse unknown or malformed query parameters; returns the mask of ``fields``."""
        for name, texts in query.items():
            known = method.parameters.get(name)
            if known is None or known.get("location") != "query":
                raise ApiError(
                    400,
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. Field '
                    f"'{name}' could not be found in request message.",
                )
            if len(texts) > 1 and not known.get("repeated"):
                raise ApiError(400, f"Invalid value at '{name}': Proto field is not repeating, cannot start list.")
            for text in texts:
                _check_parameter(name, text, known)
        return self.check_mask(query.get("fields", [""])[0], method.response)

    @functools.cache  # noqa: B019 - there are two of these, for as long as the process lives
    def check_mask(self, text: str, schema: str) -> Mask:
        """Refuse a mask with fields that the message `schema` does not have."""
        try:
            mask = parse_mask(text)
        except InvalidMask:
            raise _mask_error(text, text) from None
        unknown = self._unknown_path(mask, {"$ref": schema})
        if unknown:
            raise _mask_error(text, unknown)
        return mask

    def _unknown_path(self, mask: Mask, known: Mapping[str, Any], prefix: str = "") -> str:
        """The first path of `mask` that a field does not have, or nothing."""
        while known.get("type") == "array":
            known = known["items"]
        message = self.schemas[known["$ref"]] if "$ref" in known else known
        for name, child in (mask or {}).items():
            field = message.get("properties", {}).get(name)
            if field is None:
                return prefix + name
            if unknown := self._unknown_path(child, field, f"{prefix}{name}."):
                return unknown
        return ""

    def check_body(self, schema: str, body: Any) -> None:
        """Refuse a body with unknown fields, wrong types or unknown enum values, all of them at once."""
        complaints: list[str] = []
        if isinstance(body, dict):
            self._check_message(schema, body, "", complaints)
        else:
            complaints.append("Invalid JSON payload received. Root element must be a message.")
        if complaints:
            raise ApiError(400, "\n".join(complaints[:20]))

    def _check_message(self, schema: str, body: Mapping[str, Any], path: str, complaints: list[str]) -> None:
        properties = self.schemas[schema].get("properties", {})
        at = f" at '{path}'" if path else ""
        if schema in ONE_OF and len(body) > 1:
            second = list(body)[1]
            complaints.append(
                f"Invalid value{at} (oneof), oneof field '{'kind' if schema == 'Request' else 'value'}' is already "
                f"set. Cannot set '{second}'"
            )
        for name, value in body.items():
            if name not in properties:
                complaints.append(f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.')
            elif value is not None:
                self._check_value(properties[name], value, f"{path}.{snake(name)}".lstrip("."), complaints)

    def _check_value(self, known: Mapping[str, Any], value: Any, path: str, complaints: list[str]) -> None:
        if "$ref" in known:
            if isinstance(value, dict):
                self._check_message(known["$ref"], value, path, complaints)
            else:
                complaints.append(f"Invalid value at '{path}' ({known['$ref']}), {json.dumps(value)}")
        elif known.get("type") == "array":
            if not isinstance(value, list):
                complaints.append(f"Invalid value at '{path}', Proto field is repeating, expected a list")
                return
            for index, item in enumerate(value):
                self._check_value(known["items"], item, f"{path}[{index}]", complaints)
        elif not _fits(known, value):
            kind = known.get("format") or known.get("type", "any")
            complaints.append(f"Invalid value at '{path}' (TYPE_{kind.upper()}), {json.dumps(value)}")


def _fits(known: Mapping[str, Any], value: Any) -> bool:
    if "enum" in known:
        return value in known["enum"]
    match known.get("type"):
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return True


def _check_parameter(name: str, text: str, known: Mapping[str, Any]) -> None:
    wrong = (
        ("enum" in known and text not in known["enum"])
        or (known.get("type") == "boolean" and text.lower() not in ("true", "false"))
        or (known.get("type") == "integer" and not re.fullmatch(r"-?\d+", text))
    )
    if wrong:
        kind = known.get("format") or known.get("type", "string")
        raise ApiError(400, f"Invalid value at '{snake(name)}' (TYPE_{kind.upper()}), \"{text}\"")


def _mask_error(text: str, path: str) -> ApiError:
    violation = {
        "field": text,
        "description": f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.",
    }
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return ApiError(400, "Request contains an invalid argument.", details=(detail,))


@functools.cache
def snake(name: str) -> str:
    """``rowData`` as Google's messages spell it, ``row_data``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda letter: "_" + letter[1].lower(), name)


@functools.cache
def api(name: str) -> Api:
    """The API of a discovery document (``sheets.v4``), read once."""
    return Api(name)
