"""What the server sends of its users through Segment, without a leak in it."""

from __future__ import annotations

from detection.row import Json, Message
from detection.sender import Sender, compact
from detection.words import APPS, PAGES, QUERIES, SOURCES

_JAVA = {
    "User-Agent": "analytics-java/3.5.2",
    "Content-Type": "application/json; charset=utf-8",
    "Authorization": "Basic ZXhhbXBsZTB3cml0ZTBrZXkwZXhhbXBsZTo=",
}
_SERVER_EVENTS = (
    "create_APPLICATION",
    "update_LAYOUT",
    "login_USER",
    "execute_INVITE_USERS",
    "Test_Datasource_Success",
    "Datasource_Schema_Fetch",
    "publish_APPLICATION",
    "generate_CRUD_PAGE",
    "unit_execution_time",
    "instance_setting_updated",
    "fork_APPLICATION",
)
_GIT_EVENTS = ("git_commit", "git_push", "git_connect", "git_create_branch", "git_merge", "git_pull")


def segment(
    sender: Sender, template: str, event: dict[str, Json], inner: dict[str, Json], documented: tuple[str, ...] = ()
) -> Message:
    """A server's event, alone in a batch of Segment's Java library, or as the direct pings are sent."""
    draw = sender.draw
    event |= {"messageId": draw.uuid(), "timestamp": draw.iso()}
    event.setdefault(
        "context", {"library": {"name": "analytics-java", "version": "3.5.2"}, "userAgent": draw.user_agent()}
    )

    def batch(payload: Json) -> bytes:
        return compact(
            {
                "batch": [payload],
                "sentAt": draw.iso(),
                "sequence": draw.randint(1, 999),
                "writeKey": sender.key,
                "context": {"library": {"name": "analytics-java", "version": "3.5.2"}},
            }
        )

    if draw.happens(0.6):
        return Message(template, "https://api.segment.io/v1/import/", dict(_JAVA), event, inner, batch, documented)
    return Message(template, "https://api.segment.io/v1/track", dict(_JAVA), event, inner, compact, documented)


def _track(
    sender: Sender, names: tuple[str, str], properties: dict[str, Json], documented: tuple[str, ...] = ()
) -> Message:
    """An event of a user's; `names` are those of the template and the event."""
    user = str(properties.get("username") or sender.user())
    inner = sender.common(user) | properties
    sender.more(inner)
    event = {"type": "track", "event": names[1], "userId": user, "integrations": {}, "properties": inner}
    return segment(sender, names[0], event, inner, documented)


def server_track(sender: Sender) -> Message:
    """An event of the class that the documents describe without samples."""
    draw = sender.draw
    fields = {
        "appId": draw.object_id(),
        "appName": draw.one(APPS),
        "pageName": draw.one(PAGES),
        "isSuccess": True,
        "modeOfLogin": "FormLogin",
        "numberOfUsersInvited": draw.randint(1, 9),
    }
    return _track(sender, ("server track", draw.one(_SERVER_EVENTS)), fields, ("appName", "pageName"))


def query_run(sender: Sender) -> Message:
    """A query of an application, run without a fault."""
    draw, user = sender.draw, sender.user()
    fields = {
        "appId": draw.object_id(),
        "appMode": draw.one(("edit", "view")),
        "appName": draw.one(APPS),
        "datasource": {"name": draw.one(SOURCES)},
        "isExampleApp": False,
        "isSuccessfulExecution": True,
        "name": draw.one(QUERIES),
        "orgId": draw.object_id(),
        "pageId": draw.object_id(),
        "pageName": draw.one(PAGES),
        "pluginName": draw.one(("PostgreSQL", "REST API", "MongoDB", "Google Sheets")),
        "statusCode": draw.one(("200 OK", "200", "PE-PGS-5000")),
        "timeElapsed": draw.randint(1, 30_000),
        "type": draw.one(("DB", "API", "SAAS")),
        "username": user,
        "actionId": draw.object_id(),
        "actionCreated": draw.iso(),
        "dsName": draw.one(SOURCES),
        "envName": draw.one(("Production", "Staging")),
        "totalReadableBytesCount": draw.randint(0, 10**7),
        "actionExecutionRequestParamsCount": draw.randint(0, 9),
        "request": draw.one(({}, None, "")),
    }
    names = ("appName", "name", "pageName", "pluginName", "dsName", "statusCode")
    return _track(sender, ("query run", "execute_ACTION_TRIGGERED"), fields, names)


def git(sender: Sender) -> Message:
    """An event of version control; the repository's URL is a known deviation, which is drift."""
    draw = sender.draw
    fields = {
        "applicationId": draw.object_id(),
        "branchName": draw.one(("main", "feature/orders-2024", "hotfix_1.9.56.2", "jane/patch-1")),
        "gitHostingProvider": draw.one(("github.com", "gitlab", "others")),
        "repoUrl": draw.one(("git@github.com:acme/orders.git", "ssh://git@git.example.com:2222/acme/orders.git")),
        "isRepoPrivate": True,
        "errorMessage": draw.one(
            ("", "non-fast-forward", "Remote rejected: pre-receive hook declined", "Authentication failed")
        ),
    }
    return _track(sender, ("git", draw.one(_GIT_EVENTS)), fields, ("branchName", "errorMessage"))


def datasource(sender: Sender) -> Message:
    """A datasource that was tried, without its host or user in the error."""
    draw = sender.draw
    errors = draw.one(
        (
            [],
            ["Connection refused"],
            ["Invalid host. Check the host address."],
            ["Timed out after 30000 ms while waiting for a server"],
        )
    )
    fields = {
        "pluginName": "MySQL",
        "pluginId": draw.object_id(),
        "dsName": draw.one(SOURCES),
        "isSuccess": not errors,
        "errors": errors,
        "errorCode": draw.one(("", "PE-MYS-5000")),
    }
    name = draw.one(("Test_Datasource_Failed", "create_DATASOURCE", "update_DATASOURCE"))
    return _track(sender, ("datasource", name), fields, ("dsName", "errorCode"))
