"""Beside a running instance: what mitmproxy sees, as evidence for the same audit that recordings go through."""
