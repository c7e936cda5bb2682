"""From what a user names to the recordings that are audited: each once, and what is none is said."""

from __future__ import annotations

from collections.abc import Sequence

from telemetry_audit.cli.output import Stop, tell
from telemetry_audit.cli.run import not_a_recording, open_all
from telemetry_audit.readers import Copies, Found, NothingFound, Recording, WrongAddress, find
from telemetry_audit.runs import Identifying, Lost, Map, Refused, here

_MOST_TOLD = 20
"""Files that are named of those that are skipped, or found twice; of more it is said how many."""


def gather(arguments: Sequence[str], engine: Map) -> list[Recording]:
    """The recordings that files, folders, patterns and addresses lead to, in order. Raises Stop where one cannot be read or there is none."""
    found = _found(arguments)
    recordings: list[Recording] = []
    skipped: list[str] = []
    for each, answer in zip(found, _identified(found, engine), strict=True):
        if isinstance(answer, Recording):
            recordings.append(answer)
        elif each.named or not answer.unfit:
            why = answer.why
            raise Stop(not_a_recording(each.name, why) if answer.unfit else f"{each.name}: {why}.")
        else:
            skipped.append(f"Skipped {each.name}: {answer.why}.")
    _tell_some(skipped, "skipped, since they are no recordings")
    if not recordings:
        raise Stop(
            f"There is no recording in {', '.join(arguments)}. One is expected: a mitmproxy dump, a HAR, or an export of stored events."
        )
    return recordings


def _found(arguments: Sequence[str]) -> list[Found]:
    """The files, each once. Raises Stop where one was named twice, or nothing is there."""
    if len(set(arguments)) < len(arguments):
        raise Stop("A recording is named twice, so its events would be counted twice. Name each one once.")
    files, again = [], []
    try:
        for each in find(arguments):
            if not each.again:
                files.append(each)
            elif each.named and each.again in arguments and each.again != each.name:
                raise Stop(f"{each.name} is {each.again} under another name, and would be counted twice. Name it once.")
            elif each.again != each.name:
                again.append(f"{each.name} is {each.again} once more, and counts once.")
            else:
                again.append(f"{each.name} was found twice, and counts once.")
    except NothingFound as problem:
        raise Stop(f"{problem}.") from None
    except WrongAddress as problem:
        raise Stop(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from None
    except OSError as problem:
        raise Stop(f"{problem.filename or 'A recording'} cannot be read: {problem.strerror}.") from None
    _tell_some(again, "found twice, which count once")
    return files


def _identified(found: Sequence[Found], engine: Map) -> list[Recording | Refused]:
    """What each file is; what can be read only once is opened for good, and what is refused by its sort is not looked at."""
    answers: dict[int, Recording | Refused] = {}
    again = [number for number, each in enumerate(found) if each.path and not each.unfit]
    identify = Identifying(Copies() if engine is here else None)
    for at, answer in engine(identify, [found[number] for number in again], _nobody):
        number = again[at]
        answers[number] = identify(found[number], _nobody) if isinstance(answer, Lost) else answer
    for number, each in enumerate(found):
        if number not in answers:
            answers[number] = Refused(each.unfit, unfit=True) if each.unfit else open_all([each.name])[0]
    return [answers[number] for number in range(len(found))]


def _tell_some(lines: Sequence[str], what: str) -> None:
    for line in lines[:_MOST_TOLD]:
        tell(line)
    if len(lines) > _MOST_TOLD:
        tell(f"{len(lines) - _MOST_TOLD:,} more files were {what}.")


def _nobody(_: int) -> None:
    """Takes signs of progress: identifying is quick."""
