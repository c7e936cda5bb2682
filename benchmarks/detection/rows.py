"""The rows of the benchmark: benign messages, and messages with one leak in each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from detection.content import content_leaks
from detection.credentials import secret_leaks
from detection.drawing import Draw
from detection.known import Known
from detection.layers import chosen, hide
from detection.messages import any_message, message_of
from detection.people import People
from detection.personal import personal_leaks
from detection.places import Planted
from detection.planting import neutral, plant
from detection.row import ADDRESS, NAMED, Json, Leak, Message, Row
from detection.sender import Sender

_DEPTHS = (0, 1, 2, 3)
_SHARES = (10, 6, 3, 2)
"""How many leaks of 21 are plain, in one layer, two, three."""

_GROUPS = (9, 5, 6, 4)
"""The same of personal data, secrets, datasource content, known values."""

_NO_PLACE = frozenset({"release notes", "set-up", "identify of the instance", "client metrics"})
"""Templates without fields to plant into, or in which contact details may stand."""

_LONGEST_HIDDEN = 1500


class Rows:
    """A seeded source of labelled rows."""

    def __init__(self, seed: int) -> None:
        """The rows follow from the seed."""
        self.draw = Draw(seed)
        people = People(self.draw)
        self.known = Known(people)
        self.sender = Sender(self.draw, self.known.users)
        self._groups: tuple[dict[str, Callable[[], Leak]], ...] = (
            personal_leaks(people),
            secret_leaks(self.draw),
            content_leaks(people),
            self.known.leaks(),
        )

    def benign(self, count: int) -> Iterator[Row]:
        """Rows in which nothing may be found."""
        for number in range(1, count + 1):
            message = any_message(self.sender)
            payload = json.dumps(message.payload)
            yield Row(message.template, "", "", "", frozenset(), message.exchange(number), payload)

    def leaks(self, count: int) -> Iterator[Row]:
        """Rows in each of which a promise is broken."""
        for number in range(1, count + 1):
            yield self._without_consent(number) if number % 100 == 0 else self._leak(number)

    def _leak(self, number: int) -> Row:
        draw = self.draw
        (group,) = draw.choices(self._groups, weights=_GROUPS)
        leak = group[draw.one(list(group))]()
        message = any_message(self.sender)
        while message.template in _NO_PLACE:
            message = any_message(self.sender)
        (depth,) = draw.choices(_DEPTHS, weights=_SHARES) if not leak.whole else (0,)
        what, layers = self._written(leak, depth)
        place = plant(draw, message, what)
        return Row(
            message.template,
            leak.kind,
            ", ".join(layers),
            place,
            leak.promises,
            message.exchange(number),
            f"{what.key}: {what.text}",
        )

    def _written(self, leak: Leak, depth: int) -> tuple[Planted, tuple[str, ...]]:
        """The leak as it is planted, and its layers; what is one only by its name takes the name along into its layers."""
        draw = self.draw
        key = (
            draw.one(leak.keys)
            if leak.keys and (leak.hinted or not isinstance(leak.value, str) or draw.happens(0.4))
            else neutral(draw)
        )
        value: Json = leak.value
        text = value if isinstance(value, str) else json.dumps(value)
        if depth == 0 or len(text) > _LONGEST_HIDDEN:
            return Planted(value, key, leak, is_plain=True), ()
        first: tuple[str, ...] = ()
        if leak.hinted:
            text, key, first = json.dumps({key: value, "n": 1}), neutral(draw), ("JSON in a string",)
        elif draw.happens(0.3) and leak.promises != ADDRESS:
            text = f"Row {text} was refused"
        layers = (*first, *chosen(draw, exact=leak.exact, depth=depth - len(first)))
        hidden = hide(draw, text, layers[len(first) :])
        return Planted(hidden, key, leak._replace(hinted=False), is_plain=False), layers

    def _without_consent(self, number: int) -> Row:
        """A ping at set-up with contact details although nobody asked for the newsletter."""
        message: Message = message_of(self.sender, "set-up")
        name = self.draw.one(("email", "name"))
        message.inner |= {"subscribe-marketing": False, "email": "", "name": ""}
        message.inner[name] = {"email": "admin7@example.com", "name": "Jane Roe"}[name]
        return Row(
            message.template,
            "contact without consent",
            "",
            "documented field",
            NAMED,
            message.exchange(number),
            message.inner[name],
        )
