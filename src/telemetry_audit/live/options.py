"""Which of mitmproxy's options a watched proxy takes: those that neither blind it nor change what passes."""

from __future__ import annotations

from collections.abc import Iterable

from mitmproxy import exceptions
from mitmproxy.options import Options

TAKEN = (
    "add_upstream_certs_to_client_chain",
    "block_global",
    "block_private",
    "cert_passphrase",
    "certs",
    "ciphers_client",
    "ciphers_server",
    "client_certs",
    "connect_addr",
    "connection_strategy",
    "dns_name_servers",
    "dns_use_hosts_file",
    "http2",
    "http2_ping_keepalive",
    "key_size",
    "proxyauth",
    "request_client_cert",
    "ssl_insecure",
    "ssl_verify_upstream_trusted_ca",
    "ssl_verify_upstream_trusted_confdir",
    "tcp_timeout",
    "tls_ecdh_curve_client",
    "tls_ecdh_curve_server",
    "tls_version_client_max",
    "tls_version_client_min",
    "tls_version_server_max",
    "tls_version_server_min",
    "upstream_auth",
    "upstream_cert",
)


class OptionRefused(ValueError):
    """An option cannot be set; the argument is a sentence to the operator that says why."""


def refuse_others(settings: Iterable[str]) -> None:
    """Raise OptionRefused unless each of the `NAME=VALUE` is of an option that is taken."""
    for setting in settings:
        name, equals, _ = setting.partition("=")
        if not equals:
            raise OptionRefused("An option of mitmproxy is set as NAME=VALUE.")
        if name not in TAKEN:
            raise OptionRefused(
                f"mitmproxy's option {name} is not taken here: it could hide traffic from the audit, or change it. Taken are {', '.join(TAKEN)}."
            )


def apply(options: Options, settings: Iterable[str]) -> None:
    """Set options of mitmproxy as its own `--set` does. Raises OptionRefused."""
    try:
        options.set(*settings)
    except exceptions.OptionsError as problem:
        raise OptionRefused(f"mitmproxy refuses an option: {problem}") from None
