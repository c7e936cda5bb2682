"""Keys and tokens by the marks that their makers give them: only those that open something, not those that are written into web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_KEYS = (
    (("AKIA", "ASIA", "ABIA", "ACCA"), r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"),  # Amazon Web Services
    (("LTAI",), r"LTAI[A-Za-z0-9]{16,24}"),  # Alibaba Cloud
    (("AIza",), r"AIza[0-9A-Za-z_-]{35}"),  # Google
    (("GOCSPX-",), r"GOCSPX-[0-9A-Za-z_-]{24,32}"),
    (("ya29.",), r"ya29\.[0-9A-Za-z_-]{20,}"),
    (("Q~",), r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"),  # Microsoft Entra
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_[A-Za-z0-9]{30,255}"),  # GitHub
    (("github_pat_",), r"github_pat_[A-Za-z0-9_]{22,255}"),
    (
        ("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glsoat-"),
        r"gl(?:pat|ptt|dt|rt|cbt|soat)-[0-9A-Za-z_-]{20,64}",
    ),  # GitLab
    (("xox",), r"xox[abceoprs](?:\.xox[bp])?-[0-9A-Za-z-]{10,}"),  # Slack
    (("xapp-",), r"xapp-[0-9]-[0-9A-Z]{8,}-[0-9]+-[0-9a-f]{20,}"),
    (("hooks.slack.com/services/",), r"hooks\.slack\.com/services/T[0-9A-Z]{6,}/B[0-9A-Z]{6,}/[0-9A-Za-z]{16,}"),
    (("sk_live_", "rk_live_", "sk_test_", "rk_test_"), r"[sr]k_(?:live|test)_[0-9A-Za-z]{16,255}"),  # Stripe
    (("/api/webhooks/",), r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"),
    (("whsec_",), r"whsec_[0-9A-Za-z+/=]{24,}"),
    (("SK",), r"SK[0-9a-f]{32}"),  # Twilio
    (("SG.",), r"SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{32,64}"),  # SendGrid
    (("key-",), r"key-[0-9a-f]{32}"),  # Mailgun
    (("-us",), r"[0-9a-f]{32}-us[0-9]{1,2}"),  # Mailchimp
    (("T3BlbkFJ",), r"sk-[A-Za-z0-9_-]{10,}T3BlbkFJ[A-Za-z0-9_-]{10,}"),  # OpenAI
    (
        ("sk-",),
        r"sk-(?:proj|svcacct|admin|None|ant-[a-z0-9]+)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{32,64}",
    ),  # OpenAI, Anthropic and others
    (("npm_",), r"npm_[A-Za-z0-9]{36}"),
    (("pypi-",), r"pypi-[A-Za-z0-9_-]{50,}"),
    (("rubygems_",), r"rubygems_[0-9a-f]{48}"),
    ((":AA",), r"[0-9]{8,10}:AA[A-Za-z0-9_-]{32,34}"),  # Telegram
    (("dapi",), r"dapi[0-9a-f]{32}(?:-[0-9])?"),  # Databricks
    (("do",), r"do[opr]_v1_[0-9a-f]{64}"),  # DigitalOcean
    (("shp",), r"shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),  # Shopify
    (("hf_",), r"hf_[A-Za-z]{34,}"),  # Hugging Face
    (("hvs.", "hvb."), r"hv[sb]\.[A-Za-z0-9_-]{24,}"),  # HashiCorp Vault
    ((".atlasv1.",), r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}"),
    (("dckr_pat_",), r"dckr_pat_[A-Za-z0-9_-]{20,}"),  # Docker
    (("lin_api_",), r"lin_api_[A-Za-z0-9]{32,}"),  # Linear
    (("ntn_", "secret_"), r"(?:ntn_|secret_)(?=[A-Za-z]*[0-9])[A-Za-z0-9]{40,50}"),  # Notion
    (("pat",), r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),  # Airtable
    (("ATATT3",), r"ATATT3[A-Za-z0-9_=-]{60,}"),  # Atlassian
    (("ATCTT3",), r"ATCTT3[A-Za-z0-9_=-]{60,}"),
    (("sq0",), r"sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,43}"),  # Square
    (("access_token$production$",), r"access_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}"),  # Braintree
    (("EAA",), r"EAA[A-Za-z0-9]{80,}|EAACEdEose0cBA[A-Za-z0-9]{20,}"),  # Facebook
    (("nfp_",), r"nfp_[A-Za-z0-9]{36}"),  # Netlify
    (("rnd_",), r"rnd_[A-Za-z0-9]{28,32}"),  # Render
    (("sl.",), r"sl\.[A-Za-z0-9_-]{130,}"),  # Dropbox
    (("NRAK-",), r"NRAK-[A-Z0-9]{27}"),  # New Relic
    (("glsa_", "glc_"), r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/]{32,400}={0,2}"),  # Grafana
    (("sntrys_", "sntryu_"), r"sntry[su]_[A-Za-z0-9_=+/-]{40,}"),  # Sentry
    (("phx_",), r"phx_[A-Za-z0-9]{40,}"),  # PostHog, personal
    (("PMAK-",), r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),  # Postman
    (("sbp_",), r"sbp_[0-9a-f]{40}"),  # Supabase
    (("pscale_",), r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}"),  # PlanetScale
    (("pul-",), r"pul-[0-9a-f]{40}"),  # Pulumi
    (("dp.",), r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9]{40,44}"),  # Doppler
    (("figd_",), r"figd_[A-Za-z0-9_-]{40,}"),  # Figma
    (("sgp_",), r"sgp_[A-Za-z0-9]{40,}"),  # Segment's public API, Sourcegraph
    (("AGE-SECRET-KEY-1",), r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    (("AccountKey=", "SharedAccessKey="), r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{43,86}={1,2}"),  # Azure
    (("sig=",), r"(?:sv|se|sp|sr|st|ss|spr)=[^&\s]{1,64}&(?:[a-z]{1,6}=[^&\s]{0,128}&){0,10}sig=[A-Za-z0-9%+/]{30,}"),
    (("X-Amz-Signature=",), r"X-Amz-Signature=[0-9a-f]{64}"),
    (
        ("MT", "Mz", "ND", "NT", "Nz", "OD", "OT", "MD"),
        r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}",
    ),  # Discord
)
_PATTERNS = tuple((marks, re.compile(rf"(?<![A-Za-z0-9]){pattern}", re.ASCII)) for marks, pattern in _KEYS)
_WORDY = re.compile(r"[a-z_-]+|[A-Z_-]+|[0x*._-]+", re.ASCII)


def _find(text: str) -> Iterator[Shape]:
    for marks, pattern in _PATTERNS:
        if any(map(text.__contains__, marks)):
            match = pattern.search(text)
            if match and not _is_blank(match.group()):
                yield Shape("vendor-key", match.group())
                return


def _is_blank(key: str) -> bool:
    """Whether the key is a placeholder: one character again and again behind its mark."""
    return len(set(key[-16:])) < 4  # noqa: PLR2004 - as in XXXX or 0000


VENDOR_KEY = Detector(
    id="vendor-key",
    says=(
        "A key or token in the form that its maker gives it, of some forty makers. Keys that are meant to be seen are left alone: Segment's write "
        "keys, the tokens of Mixpanel's projects, PostHog's project keys, the public part of Sentry's DSNs, Stripe's publishable keys."
    ),
    names={"vendor-key": "a service's secret key"},
    triggers=tuple(dict.fromkeys(mark for marks, _ in _KEYS for mark in marks)),
    find=_find,
    exact=True,
    examples=(
        Example("AKIAIOSFODNN7EXAMPLE", ("vendor-key",)),
        Example("key=AIzaSyA-1234567890abcdefghijklmnopqrstu", ("vendor-key",)),
        Example("ghp_" + "a1B2" * 9, ("vendor-key",)),
        Example("glpat-" + "a1B2c3D4e5F6g7H8i9J0", ("vendor-key",)),
        Example("xoxb-" + "123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx", ("vendor-key",)),
        Example("sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", ("vendor-key",)),
        Example("SK" + "0123456789abcdef" * 2, ("vendor-key",)),
        Example(
            "SG." + "a1B2c3D4e5F6g7H8i9J0kl" + "." + "a1B2c3D4e5F6g7H8i9J0kla1B2c3D4e5F6g7H8i9J0k", ("vendor-key",)
        ),
        Example("sk-" + "a1B2c3D4e5F6g7H8i9J0T3BlbkFJa1B2c3D4e5F6g7H8i9J0", ("vendor-key",)),
        *(Example(mark + "a1B2c3" * 6, ("vendor-key",)) for mark in ("npm_", "nfp_", "EAACEdEose0cBA")),
        Example("rnd_" + "a1B2" * 8, ("vendor-key",)),
        Example("rnd_seed_of_the_layout_algorithm, EAA, nfp_x", ()),
        Example("bot 123456789:" + "AAF" + "a1B2c3D4e5F6g7H8i9J0kla1B2c3D4e5", ("vendor-key",)),
        Example("phc_" + "a1B2c3D4e5F6g7H8i9J0kla1B2c3D4e5F6g7H8i9J0k", ()),
        Example("pk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", ()),
        Example("Xf3yq8Vb2LkW7mZp1RtN6sHd9GjC4aQe", ()),
        Example("sk-loading-indicator-small-with-text, key-value, SG.1.2, sk_test_", ()),
        Example("ghp_" + "x" * 36, ()),
        Example("AC" + "0123456789abcdef" * 2, ()),
    ),
)
