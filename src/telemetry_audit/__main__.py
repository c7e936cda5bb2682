"""`python -m telemetry_audit`."""

from telemetry_audit.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
