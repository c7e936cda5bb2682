"""What the server and the installer say of the instance, to Segment and to the vendor, without a leak in it."""

from __future__ import annotations

from urllib.parse import urlencode

from detection.row import Json, Message
from detection.sender import SERVER, Sender, compact
from detection.server_messages import segment

_REACTOR = {"User-Agent": "ReactorNetty/1.2.4", "Content-Type": "application/json"}


def identify(sender: Sender) -> Message:
    """What the server says of a user, in hashes."""
    draw, user = sender.draw, sender.draw.one(sender.hashes)
    traits: dict[str, Json] = {
        "name": user,
        "email": user,
        "emailDomainHash": draw.sha256(),
        "isSuperUser": draw.happens(0.1),
        "instanceId": sender.instance,
    }
    traits |= {
        "role": draw.one(("backend engineer", "Other", "designer")),
        "proficiency": "Advanced",
        "goal": draw.one(("work project", "just exploring")),
    }
    return segment(sender, "identify", {"type": "identify", "userId": user, "traits": traits}, traits, ("goal", "role"))


def identify_instance(sender: Sender) -> Message:
    """What the server says of itself, without contact details."""
    traits: dict[str, Json] = {
        "isInstance": True,
        "role": "engineer",
        "goal": "work project",
        "email": "",
        "name": "",
        "ip": SERVER,
        "ipAddress": SERVER,
    }
    return segment(
        sender,
        "identify of the instance",
        {"type": "identify", "userId": sender.instance, "traits": traits},
        traits,
        ("goal",),
    )


def setup(sender: Sender) -> Message:
    """The ping at set-up, each of a new instance: with contact details where the newsletter was asked for, else without."""
    draw, agreed = sender.draw, sender.draw.happens(0.4)
    instance = draw.object_id()
    fields = {
        "disable-telemetry": draw.happens(0.2),
        "subscribe-marketing": agreed,
        "email": f"admin{draw.digits(3)}@example.com" if agreed else "",
        "name": draw.one(("Jane Roe", "Max Mustermann")) if agreed else "",
        "role": "engineer",
        "goal": "work project",
        "proficiency": "Advanced",
        "ip": SERVER,
        "ipAddress": SERVER,
    }
    inner = sender.common(instance) | {"instanceId": instance} | fields
    return segment(
        sender,
        "set-up",
        {"type": "track", "event": "Installation Setup Complete", "userId": instance, "properties": inner},
        inner,
        ("goal",),
    )


def ping(sender: Sender) -> Message:
    """The sign of life, in one of its forms over the years."""
    inner: dict[str, Json] = {"instanceId": sender.instance}
    who = sender.draw.one((sender.instance, SERVER))
    event = {
        "event": sender.draw.one(("Instance Active", "Instance Start")),
        "userId": who,
        "context": {"ip": SERVER},
        "properties": inner,
    }
    return Message("ping", "https://api.segment.io/v1/track", dict(_REACTOR), event, inner, compact)


def stats(sender: Sender) -> Message:
    """Counts of what an instance holds."""
    draw = sender.draw
    inner = sender.common(sender.instance) | {
        name: draw.randint(0, 9999)
        for name in ("numOrgs", "numApps", "numPages", "numActions", "numDatasources", "numUsers", "DAU", "MAU")
    }
    return segment(
        sender,
        "stats",
        {"type": "track", "event": "instance_stats", "userId": sender.instance, "properties": inner},
        inner,
    )


def usage_pulse(sender: Sender) -> Message:
    """What the enterprise edition counts."""
    draw = sender.draw
    one: dict[str, Json] = {
        "user": draw.one(sender.hashes),
        "tenantId": draw.object_id(),
        "viewMode": True,
        "isAnonymousUser": False,
        "createdAt": draw.iso(),
    }
    others = [one | {"user": draw.one((draw.sha256(), draw.uuid()))} for _ in range(draw.randint(1, 20))]
    payload = {
        "usageData": [*others, one],
        "message": "usage",
        "hashedMessage": draw.sha256(),
        "instanceId": sender.instance,
    }
    return Message("usage pulse", "https://cs.appsmith.com/api/v1/usage-pulse", dict(_REACTOR), payload, one, compact)


def feature_flags(sender: Sender) -> Message:
    """What the server asks the vendor."""
    draw = sender.draw
    traits: dict[str, Json] = {
        "email": draw.one(sender.hashes),
        "emailDomain": draw.sha256(),
        "isTelemetryOn": True,
        "appsmithVersion": draw.version(),
    }
    payload = {
        "instanceId": sender.instance,
        "organizationId": draw.object_id(),
        "identifiers": [draw.sha256()],
        "traits": traits,
    }
    return Message(
        "feature flags", "https://cs.appsmith.com/api/v1/feature-flags", dict(_REACTOR), payload, traits, compact
    )


def release_notes(sender: Sender) -> Message:
    """The keep-alive of the newer editions."""
    query = urlencode(
        {"instanceId": sender.instance, "isSourceInstall": "false", "version": sender.draw.version(), "edition": "CE"}
    )
    return Message(
        "release notes", f"https://cs.appsmith.com/api/v1/releases?{query}", dict(_REACTOR), None, {}, compact
    )


def installer(sender: Sender) -> Message:
    """A step of the installation."""
    data: dict[str, Json] = {
        "os": sender.draw.one(("Ubuntu 22.04", "CentOS 7", "Mac")),
        "platform": sender.draw.one(("docker", "kubernetes")),
    }
    payload = {
        "userId": SERVER,
        "event": sender.draw.one(("Installation Started", "Installation Success")),
        "data": data,
    }
    return Message(
        "installer",
        "https://hook.integromat.com/dkwb6i52am93pi30ojeboktvj32iw0fa",
        {"Content-Type": "text/plain"},
        payload,
        data,
        compact,
    )
