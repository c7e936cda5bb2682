"""What can be asked of the audit in mitmproxy's own interfaces."""

from __future__ import annotations

import asyncio
import sys

from mitmproxy import command, types

from telemetry_audit.live.session import LOG, Session


class Commands:
    """A mitmproxy addon: the commands `audit.summary` and `audit.report`."""

    name = "telemetry-audit-commands"

    def __init__(self, session: Session) -> None:
        """Tell of `session`."""
        self.session = session

    @command.command("audit.summary")  # type: ignore[untyped-decorator]
    def summary(self) -> str:
        """What the telemetry audit has stored so far, in a line."""
        line = self.session.totals.line()
        LOG.info("%s", line)
        return line

    @command.command("audit.report")  # type: ignore[untyped-decorator]
    def report(self, path: types.Path) -> None:
        """Write the report on the journal as it is to a file; its suffix chooses the format (.txt, .json)."""
        self.session.spawn(self._write(path))

    async def _write(self, path: str) -> None:
        """Have it written by a process of its own, which holds nothing up."""
        settings = self.session.settings
        command = [sys.executable, "-m", "telemetry_audit", "report", str(settings.journal), "-o", path]
        command += ["--config", settings.configuration] if settings.configuration else []
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stderr=pipe)
        _, said = await process.communicate()
        for line in said.decode(errors="replace").splitlines():
            LOG.warning("%s", line)
