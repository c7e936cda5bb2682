"""Texts of queries with values in them, and what databases say of a row that they refuse."""

from __future__ import annotations

import json
import re

from detection.people import People

_SQL = (
    "SELECT * FROM customers WHERE email = '{email}'",
    "SELECT id, name, total FROM orders WHERE customer_id = {number} ORDER BY created_at DESC LIMIT 10",
    "SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.last_name LIKE '{name}%';",
    "UPDATE users SET status = 'blocked' WHERE id = {number};",
    "INSERT INTO patients (name, born) VALUES ('{name}', '1980-02-03')",
    "DELETE FROM sessions WHERE user_id = {number} AND expires_at < '2025-01-01'",
    "WITH late AS (SELECT * FROM invoices WHERE due < '2025-03-01') SELECT count(*) FROM late WHERE owner = '{name}'",
    "MERGE INTO stock USING feed ON stock.sku = feed.sku WHEN MATCHED THEN UPDATE SET qty = {number};",
    "EXEC dbo.GetCustomer @name = '{name}'",
    "CALL transfer({number}, '{name}')",
    "SELECT TOP 5 [Name] FROM [dbo].[Customers] WHERE [City] = N'{city}'",
    "SELECT `name` FROM `shop`.`users` WHERE `id` IN ({number}, 7, 19)",
    "INSERT INTO audit_log VALUES ({number}, '{name}', now()) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    "SELECT EXTRACT(YEAR FROM born) FROM people WHERE surname = '{name}'",
    "-- find a customer\nSELECT\n  id,\n  name\nFROM crm.customers\nWHERE\n  phone = '{phone}'\nLIMIT 1;",
    "REPLACE INTO settings (owner, value) VALUES ('{email}', {number})",
)
_KEYWORD = re.compile(r"'[^']*'|\b[A-Z]{2,}\b")
_ROW_ERRORS = (
    'ERROR: duplicate key value violates unique constraint "users_key"\n  Detail: Key (login)=({value}) already exists.',
    'insert or update on table "orders" violates foreign key constraint "fk"  Detail: Key (customer)=({value}) is not present in table "customers".',
    'null value in column "age" violates not-null constraint Detail: Failing row contains ({number}, {value}, null).',
    'ERROR: invalid input syntax for type integer: "{value}"',
    'ERROR: invalid input value for enum status: "{value}"',
    "Duplicate entry '{value}' for key 'users.login'",
    "Cannot cast '{value}' to INTEGER",
    "ORA-01722: unable to convert string value containing '{value}' to a number",
    "Data truncation: Incorrect datetime value: '{value}' for column 'born' at row 1",
    "Truncated incorrect DOUBLE value: '{value}'",
    'E11000 duplicate key error collection: shop.users index: login_1 dup key: {{ login: "{value}" }}',
    "Violation of UNIQUE KEY constraint 'UQ_users'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is ({value}).",
    "Conversion failed when converting the nvarchar value '{value}' to data type int.",
    "Numeric value '{value}' is not recognized",
    "ORA-00001: unique constraint (CRM.UQ) violated\nORA-03301: (ORA-00001 details) row with column values (LOGIN:'{value}') already exists",
    'java.lang.NumberFormatException: For input string: "{value}"',
)


def sql(people: People) -> str:
    """A statement with literals, in one of several dialects and hands."""
    draw = people.draw
    name = draw.one(people.names)[1].replace("'", "''")
    number, city = draw.randint(2, 99_999), draw.one(people.cities).replace("'", "''")
    made = draw.one(_SQL).format(name=name, email=people.email(), phone=people.phone(), city=city, number=number)
    return draw.one((made, made, made.replace(" WHERE", "\nWHERE").replace(" SET", "\n  SET"), _in_small(made)))


def _in_small(statement: str) -> str:
    """With keywords in small letters, literals as they are."""
    return _KEYWORD.sub(lambda word: word.group() if word.group().startswith("'") else word.group().lower(), statement)


def other_query(people: People) -> str:
    """A query of a document database, a search engine or an interface, with values in it."""
    draw = people.draw
    first, email, number = draw.one(people.names)[0].replace("'", " "), people.email(), draw.randint(2, 99_999)
    documents: tuple[object, ...] = (
        {"find": "users", "filter": {"name": first}, "limit": 10},
        {"update": "users", "updates": [{"q": {"_id": number}, "u": {"$set": {"city": draw.one(people.cities)}}}]},
        {"$or": [{"age": {"$gt": 30}}, {"name": {"$regex": f"^{first}"}}]},
        {"query": {"bool": {"must": [{"match": {"customer": first}}, {"range": {"total": {"gte": number}}}]}}},
        {"query": {"term": {"email.keyword": email}}, "size": 20},
        {"TableName": "users", "Key": {"id": {"S": str(number)}}},
        [{"$match": {"status": "open", "owner": first}}, {"$limit": 5}],
    )
    texts = (
        f'db.users.find({{ email: "{email}" }})',
        f'db.getCollection("orders").find({{"customer.name": "{first}"}}).limit(10)',
        f'db.orders.aggregate([{{ $match: {{ status: "open", owner: "{first}" }} }}, {{ $group: {{ _id: "$city" }} }}])',
        f"query {{ user(id: {number}) {{ name email orders(first: 5) {{ total }} }} }}",
        f'mutation {{ updateUser(id: {number}, name: "{first}") {{ id }} }}',
        f"MATCH (p:Person {{name: '{first}'}})-[:KNOWS]->(q) RETURN q",
    )
    return draw.one((*texts, *(json.dumps(each, ensure_ascii=False) for each in documents)))


def row_error(people: People) -> str:
    """What a database says of a row that it refuses, with a value of it."""
    draw = people.draw
    values = (people.email(), draw.one(people.cities), draw.one(people.names)[1], f"INV-{draw.digits(6)}")
    return draw.one(_ROW_ERRORS).format(value=draw.one(values), number=draw.randint(1, 999))
