"""The schemas of what this program writes itself, to hold against them what it is given back."""

from __future__ import annotations

import json
from typing import Any

from telemetry_audit.catalog.loading import data_folder

_OF_A_VERSION = frozenset({"additionalProperties", "required"})
"""The keywords by which one version of the program differs from the next, which adds fields and takes none away."""


def departure(data: object, name: str) -> str:
    """Where JSON data first departs from the schema `name` of the folder `schemas/`, as the schema's own path; "" if nowhere.

    Fields may be missing or unknown, as in what another version wrote: whoever reads asks for those that it needs. The path holds no data.
    """
    import jsonschema_rs  # noqa: PLC0415 - a listing must not pay for loading validators

    schema = _of_any_version(json.loads((data_folder("schemas") / f"{name}.schema.json").read_text("utf-8")))
    validator = jsonschema_rs.Draft202012Validator(schema, offline=True, mask="a value")
    try:
        if validator.is_valid(data):
            return ""
        return next("/".join(map(str, error.schema_path)) for error in validator.iter_errors(data))
    except ValueError:  # what no JSON can hold, such as a lone surrogate
        return "type"


def _of_any_version(schema: Any) -> Any:
    """The schema without the keywords that tell one version from the next; names of fields are no keywords."""
    if isinstance(schema, list):
        return [_of_any_version(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _of_any_version(member) for name, member in value.items()}
        if key in {"properties", "$defs"}
        else _of_any_version(value)
        for key, value in schema.items()
        if key not in _OF_A_VERSION
    }
