"""Keys in the forms of many vendors, put together at random so that none of them opens anything."""

from __future__ import annotations

import string
from collections.abc import Callable

from detection.drawing import Draw

BASE64 = string.ascii_letters + string.digits + "+/"
URL_SAFE = string.ascii_letters + string.digits + "-_"
_UPPER = string.ascii_uppercase + string.digits
_BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"


def vendor_keys(draw: Draw) -> dict[str, Callable[[], str]]:
    """A maker of each vendor's keys, as the vendors' pages and gitleaks' rules describe their forms."""
    word, hexa = draw.letters, draw.hexadecimal
    return {
        "AWS": lambda: draw.one(("AKIA", "ASIA")) + word(16, string.ascii_uppercase + "234567"),
        "Google API": lambda: "AIza" + word(35, URL_SAFE),
        "Google OAuth": lambda: "ya29." + word(60, URL_SAFE),
        "Azure storage": lambda: (
            f"DefaultEndpointsProtocol=https;AccountName=acme{word(4).lower()};AccountKey={word(86, BASE64)}==;EndpointSuffix=core.windows.net"
        ),
        "GitHub": lambda: draw.one(("ghp_", "gho_", "ghs_", "ghu_", "ghr_")) + word(36),
        "GitHub, fine-grained": lambda: f"github_pat_{word(22)}_{word(59)}",
        "GitLab": lambda: "glpat-" + word(20, URL_SAFE),
        "Slack": lambda: draw.one(
            (
                f"xoxb-{draw.digits(11)}-{draw.digits(12)}-{word(24)}",
                f"xoxp-{draw.digits(11)}-{draw.digits(12)}-{draw.digits(12)}-{hexa(32)}",
            )
        ),
        "Slack webhook": lambda: f"https://hooks.slack.com/services/T{word(8, _UPPER)}/B{word(10, _UPPER)}/{word(24)}",
        "Discord webhook": lambda: (
            f"https://discord.com/api/webhooks/{draw.randint(10**17, 10**18)}/{word(68, URL_SAFE)}"
        ),
        "Stripe": lambda: draw.one(("sk_live_", "rk_live_", "sk_test_")) + word(24),
        "Twilio": lambda: "SK" + hexa(32),
        "SendGrid": lambda: f"SG.{word(22, URL_SAFE)}.{word(43, URL_SAFE)}",
        "OpenAI": lambda: draw.one(
            (f"sk-{word(20)}T3BlbkFJ{word(20)}", f"sk-proj-{word(74, URL_SAFE)}T3BlbkFJ{word(74, URL_SAFE)}")
        ),
        "Anthropic": lambda: f"sk-ant-api03-{word(93, URL_SAFE)}AA",
        "npm": lambda: draw.one(("", "//registry.example.com/:_authToken=")) + "npm_" + word(36),
        "Slack app": lambda: f"xapp-1-A{word(10, _UPPER)}-{draw.digits(13)}-{hexa(64)}",
        "Google OAuth client": lambda: "GOCSPX-" + word(28, URL_SAFE),
        "Mailchimp": lambda: f"{hexa(32)}-us{draw.randint(1, 21)}",
        "Notion": lambda: "ntn_" + draw.digits(11) + word(35),
        "PlanetScale": lambda: "pscale_tkn_" + word(43, URL_SAFE),
        "Atlassian": lambda: f"ATATT3xFfGF0{word(171, URL_SAFE)}={hexa(8).upper()}",
        "Doppler": lambda: "dp.pt." + word(43),
        "PyPI": lambda: "pypi-AgEIcHlwaS5vcmc" + word(70, URL_SAFE),
        "Telegram": lambda: f"{draw.randint(10**8, 10**10 - 1)}:AA{word(33, URL_SAFE)}",
        "Shopify": lambda: "shpat_" + hexa(32),
        "DigitalOcean": lambda: "dop_v1_" + hexa(64),
        "Databricks": lambda: "dapi" + hexa(32),
        "Hugging Face": lambda: "hf_" + word(34, string.ascii_letters),
        "Vault": lambda: "hvs." + word(95, URL_SAFE),
        "Linear": lambda: "lin_api_" + word(40),
        "Netlify": lambda: "nfp_" + word(36),
        "Render": lambda: "rnd_" + word(32),
        "Airtable": lambda: f"pat{word(14)}.{hexa(64)}",
        "New Relic": lambda: "NRAK-" + word(27, _UPPER),
        "Grafana": lambda: f"glsa_{word(32)}_{hexa(8)}",
        "Postman": lambda: f"PMAK-{hexa(24)}-{hexa(34)}",
        "Square": lambda: "sq0atp-" + word(22, URL_SAFE),
        "age": lambda: "AGE-SECRET-KEY-1" + word(58, _BECH32),
    }
