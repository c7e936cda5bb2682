"""What two editions of the document promise differently, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from telemetry_audit.catalog import Catalog, Document


def differences(catalog: Catalog, one: Document, other: Document) -> Iterator[Sequence[str]]:
    """A row for each promise that only one of the editions makes, or that says something else in each: the promise, and what each edition says."""
    for promise in catalog.promises:
        told = [_says(promise.id, document) for document in (one, other)]
        if told[0] != told[1]:
            yield promise.id, *told
    if one.opting_out != other.opting_out:
        yield "(opting out)", one.opting_out, other.opting_out


def promised(catalog: Catalog, document: Document) -> Iterator[Sequence[str]]:
    """A row for each promise of one edition: its id, its title, and what the edition says in particular."""
    for promise in catalog.promised(document.id):
        yield promise.id, promise.title, _says(promise.id, document).removeprefix("promised")


def _says(promise: str, document: Document) -> str:
    if promise not in document.promises:
        return "not promised"
    if promise == "keep-alive-interval":
        return f"{document.keep_alive['event']}, every {document.keep_alive['hours']} hours"
    if promise == "silent-when-off":
        return f"exempt: {', '.join(document.exempt_when_off)}"
    return "promised"
