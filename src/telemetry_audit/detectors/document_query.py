"""What a datasource was asked in another language than SQL: MongoDB's shell and operators, Elasticsearch, GraphQL, Cypher, DynamoDB, Redis, LDAP."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_QUOTE = r"\\{0,3}[\"']"
_FORMS = tuple(
    (mark, re.compile(pattern))
    for mark, pattern in (
        (
            "db.",
            (
                r"\bdb\.(?:getCollection\([^()]{1,80}\)|[A-Za-z_]\w{0,60})\.(?:find|findOne|aggregate|insert(?:One|Many)?|update(?:One|Many)?"
                r"|delete(?:One|Many)?|replaceOne"
                r"|count(?:Documents)?|distinct|remove|findOneAnd(?:Update|Delete|Replace)|bulkWrite)\s{0,4}\("
            ),
        ),
        (
            "$",
            (
                rf"(?:{_QUOTE}|[{{,\s])\$(?:eq|ne|gt|gte|lt|lte|in|nin|regex|match|group|lookup|project|unwind|elemMatch|exists|or|and|nor|not"
                r"|sample|facet|addFields|expr|text|oid|date|numberLong|numberDecimal)"
                rf"(?:{_QUOTE})?\s{{0,4}}:"
            ),
        ),
        (
            "query",
            (
                rf"{_QUOTE}query{_QUOTE}\s{{0,4}}:\s{{0,4}}\{{\s{{0,4}}{_QUOTE}(?:match|match_all|match_phrase|match_phrase_prefix|term|terms|bool|range|query_string"
                r"|simple_query_string|multi_match"
                rf"|wildcard|prefix|exists|ids|nested|fuzzy|regexp|function_score){_QUOTE}"
            ),
        ),
        (
            "{",
            r"[{\s]\w{1,60}\s{0,4}\(\s{0,4}\w{1,60}\s{0,4}:[^(){}]{1,300}(?:\{[^{}()]{0,300}\}[^(){}]{0,300})?\)\s{0,4}\{\s{0,8}\w",
        ),
        (
            "{",
            r"\b(?:query|mutation|subscription)\b\s{0,4}\w{0,60}\s{0,4}(?:\([^()]{0,300}\)\s{0,4})?\{\s{0,8}\w{1,60}\s{0,4}[({]",
        ),
        (
            "MATCH",
            r"\bMATCH\s{1,4}(?:\w{1,20}\s{0,2}=\s{0,2})?\(\w{0,40}(?::\w{1,60})?[^()]{0,200}\)[\s\S]{0,400}?\b(?:RETURN|SET|DELETE|CREATE|MERGE)\b",
        ),
        (
            "FOR ",
            r"\bFOR\s{1,4}\w{1,40}\s{1,4}IN\s{1,4}@{0,2}\w[\w.]{0,60}\s{1,8}(?:FILTER|SORT|LIMIT|LET|COLLECT|UPDATE|REPLACE|REMOVE|RETURN|FOR)\s",
        ),
        (
            "ollection(",
            r"\b[cC]ollection\(\\{0,3}[\"'][\w/-]{1,80}\\{0,3}[\"']\)\.(?:where|doc|add|orderBy)\(\s{0,4}(?:\\{0,3}[\"']|\{)",
        ),
        (
            "xpression",
            rf"{_QUOTE}(?:KeyConditionExpression|FilterExpression|ExpressionAttributeValues|UpdateExpression|ConditionExpression|ProjectionExpression){_QUOTE}\s{{0,4}}:",
        ),
        (
            "TableName",
            rf"{_QUOTE}TableName{_QUOTE}\s{{0,4}}:\s{{0,4}}{_QUOTE}[\w.-]{{1,255}}{_QUOTE}\s{{0,4}},\s{{0,4}}{_QUOTE}(?:Key|Item|IndexName){_QUOTE}",
        ),
        (
            ":",
            r"(?:\A|\n)\s{0,4}(?:HGETALL|HSET|HMSET|HGET|HMGET|LPUSH|RPUSH|SADD|ZADD|SETEX|MGET|LRANGE|ZRANGE|SMEMBERS|GETSET|SET|GET|DEL)\s{1,4}[A-Za-z_][\w.-]{0,60}:(?!//)[\w:.@-]{1,120}(?:\s|\Z)",
        ),
        (
            "=",
            r"\((?:[&|!]\s{0,2})\((?:objectClass|objectCategory|uid|cn|mail|sAMAccountName|memberOf|givenName|sn)=[^()]{1,120}\)",
        ),
    )
)


def _find(text: str) -> Iterator[Shape]:
    for mark, form in _FORMS:
        if mark in text and (match := form.search(text)):
            yield Shape("query", match.group())
            return


_QUERIES = """
db.users.find({name: "Jane"})
db.getCollection("users").aggregate([])
{"age": {"$gt": 30}}
[{"$match": {"name": "Jane"}}]
{email: {$eq: "jane"}}
{"query": {"match": {"name": "Jane"}}}
{"size":1,"query":{"bool":{"must":[]}}}
{ user(id: "7") { name } }
query Q($id: ID!) { user(id: $id) { name } }
mutation { addUser(name: "Jane", age: 3) { id } }
query { users { name } }
MATCH (u:User {name: 'Jane'}) RETURN u
{"TableName":"users","KeyConditionExpression":"id = :i"}
{"TableName": "users", "Key": {"id": {"S": "7"}}}
HGETALL user:7
FOR u IN users FILTER u.name == 'Jane' RETURN u
firestore.collection("users").where("name", "==", "Jane")
(&(objectClass=person)(uid=jane))
"""

_OTHERS = """
{"$set": {"plan": "free"}, "$os": "Linux"}
function f(a) { return a }
the query was empty {x}
FOR X IN THE LIST RETURN
db.collection("users")
query { x }
{"query": "orders"}
GET https://app.example.com/
MATCH (none) found
translate(10px, 4px) { color: red }
@media (max-width: 600px) { a { color: red } }
if (a: 1) x
{{Table1.selectedRow}}
"""

DOCUMENT_QUERY = Detector(
    id="document-query",
    says=(
        "The text of a query or command for MongoDB, Elasticsearch, a GraphQL server (with arguments or nested fields), Neo4j, ArangoDB, "
        "Firestore, DynamoDB, Redis or LDAP (RFC 4515). "
        "`$set` and other names with a dollar sign that analytics libraries use are none."
    ),
    names={"query": "the text of a query"},
    triggers=("db.", "$", "query", "{", "MATCH", "FOR ", "ollection(", "xpression", ":", "(&(", "(|("),
    find=_find,
    exact=True,
    examples=(
        *(Example(text, ("query",)) for text in _QUERIES.strip().splitlines()),
        *(Example(text, ()) for text in _OTHERS.strip().splitlines()),
    ),
)
