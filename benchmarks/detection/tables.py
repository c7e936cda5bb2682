"""Rows of a datasource, in every form in which an answer travels."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from detection.people import People
from detection.row import Json

type Table = list[dict[str, Json]]


def table(people: People, count: int) -> Table:
    """Rows of a datasource: customers, orders, staff, or goods that name nobody."""
    draw = people.draw
    make: Callable[[int], dict[str, Json]] = draw.one(
        (_customer(people), _order(people), _employee(people), _product(people))
    )
    return [make(number) for number in range(1, count + 1)]


def _customer(people: People) -> Callable[[int], dict[str, Json]]:
    draw = people.draw
    return lambda number: {
        "id": number,
        "name": people.full_name(),
        "email": people.email(),
        "phone": people.phone(),
        "city": draw.one(people.cities),
    }


def _order(people: People) -> Callable[[int], dict[str, Json]]:
    draw = people.draw
    return lambda number: {
        "order_id": 10_000 + number,
        "customer_id": draw.randint(1, 999),
        "total": round(draw.uniform(5, 900), 2),
        "status": draw.one(("paid", "open", "shipped", "refunded")),
        "created_at": draw.iso(),
        "note": draw.one(people.notes),
    }


def _employee(people: People) -> Callable[[int], dict[str, Json]]:
    draw = people.draw
    return lambda number: {
        "employee_no": 500 + number,
        "first_name": draw.one(people.names)[0],
        "last_name": draw.one(people.names)[1],
        "salary": draw.randint(30, 180) * 1000,
        "department": draw.one(("Sales", "Support", "Finance")),
    }


def _product(people: People) -> Callable[[int], dict[str, Json]]:
    draw = people.draw
    return lambda number: {
        "sku": f"{draw.letters(3).upper()}-{draw.digits(5)}",
        "title": " ".join(draw.one(people.notes).split()[:3]).rstrip("."),
        "price": round(draw.uniform(1, 99), 2),
        "stock": draw.randint(0, 900) + number,
    }


def as_csv(rows: Table, separator: str) -> str:
    """With a line of names (RFC 4180)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_pipes(rows: Table, *, markdown: bool) -> str:
    """As Markdown has it, or as `psql` prints it."""
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    if markdown:
        body = [f"| {' | '.join(line)} |" for line in lines]
        return "\n".join([body[0], "|" + " --- |" * len(rows[0]), *body[1:]])
    body = [" " + " | ".join(line) for line in lines]
    return "\n".join([body[0], "+".join("-" * 12 for _ in rows[0]), *body[1:], f"({len(rows)} rows)"])


def as_xml(rows: Table) -> str:
    """An element for each row."""
    inside = ("".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in row.items()) for row in rows)
    return '<?xml version="1.0"?><rows>' + "".join(f"<row>{each}</row>" for each in inside) + "</rows>"


def as_java(rows: Table) -> str:
    """As Java prints a list of maps."""
    return (
        "[" + ", ".join("{" + ", ".join(f"{name}={value}" for name, value in row.items()) + "}" for row in rows) + "]"
    )


def as_python(rows: Table) -> str:
    """As Python prints a list of dictionaries."""
    return repr(rows)


def as_box(rows: Table) -> str:
    """As the client of MySQL prints it."""
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    body = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines]
    return "\n".join((rule, body[0], rule, *body[1:], rule))


def as_columns(rows: Table) -> Json:
    """A list for each column."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def as_hits(rows: Table) -> Json:
    """As Elasticsearch answers."""
    found = [{"_index": "crm", "_id": str(number), "_score": 1.0, "_source": row} for number, row in enumerate(rows)]
    return {"took": 3, "timed_out": False, "hits": {"total": {"value": len(rows), "relation": "eq"}, "hits": found}}


def as_fields(rows: Table) -> Json:
    """Names of fields, and a list of values for each row."""
    return {"fields": [{"name": name} for name in rows[0]], "rows": [list(row.values()) for row in rows]}


def as_graphql(rows: Table) -> Json:
    """As GraphQL answers."""
    return {"data": {"customers": rows}}


def as_resources(rows: Table) -> Json:
    """As JSON:API has it."""
    return {"data": [{"type": "customers", "id": str(number), "attributes": row} for number, row in enumerate(rows)]}


def as_attributes(rows: Table) -> str:
    """XML with a row's values in attributes."""
    inside = ("".join(f" {name}={quoteattr(str(value))}" for name, value in row.items()) for row in rows)
    return "<rows>" + "".join(f"<row{each}/>" for each in inside) + "</rows>"


def as_html(rows: Table) -> str:
    """An HTML table."""
    cells = ("".join(f"<td>{escape(str(value))}</td>" for value in row.values()) for row in rows)
    return "<table>" + "".join(f"<tr>{each}</tr>" for each in cells) + "</table>"
