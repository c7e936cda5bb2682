"""Keys and tokens by the marks that their makers give them: only those that open something, not those that are written into web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_KEYS = (
    (("AKIA", "ASIA", "ABIA", "ACCA"), r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"),  # Amazon Web Services
    (("amzn.mws.",), r"amzn\.mws\.[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    (("ABSK",), r"ABSK[A-Za-z0-9+/]{100,280}"),  # Amazon Bedrock
    (("LTAI",), r"LTAI[A-Za-z0-9]{16,24}"),  # Alibaba Cloud
    (("AIza",), r"AIza[0-9A-Za-z_-]{35}"),  # Google
    (("GOCSPX-",), r"GOCSPX-[0-9A-Za-z_-]{24,32}"),
    (("ya29.",), r"ya29\.[0-9A-Za-z_-]{20,}"),
    (("Q~",), r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"),  # Microsoft Entra
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_[A-Za-z0-9]{30,255}"),  # GitHub
    (("github_pat_",), r"github_pat_[A-Za-z0-9_]{22,255}"),
    (
        ("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glsoat-", "glft-", "glffct-", "glimt-", "glagent-", "gloas-"),
        r"gl(?:pat|ptt|dt|rt|cbt|soat|ft|ffct|imt|agent|oas)-[0-9A-Za-z_-]{20,300}",
    ),  # GitLab
    (("GR1348941",), r"GR1348941[0-9A-Za-z_-]{20}"),
    (("xox",), r"xox[abceoprs](?:\.xox[bp])?-[0-9A-Za-z-]{10,}"),  # Slack
    (("xapp-",), r"xapp-[0-9]-[0-9A-Z]{8,}-[0-9]+-[0-9a-f]{20,}"),
    (("hooks.slack.com/services/",), r"hooks\.slack\.com/services/T[0-9A-Z]{6,}/B[0-9A-Z]{6,}/[0-9A-Za-z]{16,}"),
    (
        ("sk_live_", "rk_live_", "sk_test_", "rk_test_", "sk_prod_", "rk_prod_"),
        r"[sr]k_(?:live|test|prod)_[0-9A-Za-z]{16,255}",
    ),  # Stripe
    (("/api/webhooks/",), r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"),
    (("whsec_",), r"whsec_[0-9A-Za-z+/=]{24,}"),
    (("SK",), r"SK[0-9a-f]{32}"),  # Twilio
    (("SG.",), r"SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{32,64}"),  # SendGrid
    (("key-",), r"key-[0-9a-f]{32}"),  # Mailgun
    (("-us",), r"[0-9a-f]{32}-us[0-9]{1,2}"),  # Mailchimp
    (("T3BlbkFJ",), r"sk-[A-Za-z0-9_-]{10,200}T3BlbkFJ[A-Za-z0-9_-]{10,}"),  # OpenAI
    (
        ("sk-",),
        r"sk-(?:proj|svcacct|admin|None|ant-[a-z0-9]+)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{32,64}",
    ),  # OpenAI, Anthropic and others
    (("npm_",), r"npm_[A-Za-z0-9]{36}"),
    (("pypi-",), r"pypi-[A-Za-z0-9_-]{50,}"),
    (("rubygems_",), r"rubygems_[0-9a-f]{48}"),
    ((":AA",), r"(?:bot)?[0-9]{8,10}:AA[A-Za-z0-9_-]{32,34}"),  # Telegram
    (("dapi",), r"dapi[0-9a-f]{32}(?:-[0-9])?"),  # Databricks
    (("dop_v1_", "doo_v1_", "dor_v1_"), r"do[opr]_v1_[0-9a-f]{64}"),  # DigitalOcean
    (("shp",), r"shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),  # Shopify
    (("hf_", "api_org_"), r"(?:hf|api_org)_[A-Za-z]{34,}"),  # Hugging Face
    (("gsk_",), r"gsk_[A-Za-z0-9]{40,60}"),  # Groq
    (("pplx-",), r"pplx-[A-Za-z0-9]{40,60}"),  # Perplexity
    (("xai-",), r"xai-[A-Za-z0-9]{60,100}"),
    (("r8_",), r"r8_[A-Za-z0-9]{36,40}"),  # Replicate
    (("pcsk_",), r"pcsk_[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,80}"),  # Pinecone
    (("lsv2_",), r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),  # LangSmith
    (("xkeysib-", "xsmtpsib-"), r"x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),  # Brevo
    (("re_",), r"re_(?=[A-Za-z_]{0,32}+[0-9])[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),  # Resend
    (("dt0c01.", "dt0s"), r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),  # Dynatrace
    (("EZAK", "EZTK"), r"EZ[AT]K[A-Za-z0-9]{54}"),  # EasyPost
    (("duffel_",), r"duffel_(?:test|live)_[A-Za-z0-9_=-]{40,50}"),
    (("FLWSECK",), r"FLWSECK(?:_TEST)?-[0-9a-f]{32}-X"),  # Flutterwave
    (("fo1_", "fm1r_", "fm1a_", "fm2_"), r"fo1_[A-Za-z0-9_-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,}"),  # Fly.io
    (("fio-u-",), r"fio-u-[A-Za-z0-9_=-]{64}"),  # Frame.io
    (("HRKU-",), r"HRKU-[A-Za-z0-9_-]{36,64}"),  # Heroku
    (("ico-",), r"ico-(?=[A-Za-z]*[0-9])[A-Za-z0-9]{32}"),  # Infracost
    (("pnu_",), r"pnu_[A-Za-z0-9]{36}"),  # Prefect
    (("rdme_",), r"rdme_[a-z0-9]{70}"),  # ReadMe
    (("shippo_",), r"shippo_(?:live|test)_[0-9a-fA-F]{40}"),
    (("tfp_",), r"tfp_[A-Za-z0-9_.=-]{44,64}"),  # Typeform
    (("sqp_", "squ_", "sqa_"), r"sq[pua]_[0-9a-f]{40}"),  # SonarQube
    (("A3-",), r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}"),  # 1Password
    (("ops_eyJ",), r"ops_eyJ[A-Za-z0-9+/]{100,}"),
    (("sha256~",), r"sha256~[A-Za-z0-9_-]{43}"),  # OpenShift
    (("AKCp", "cmVmd"), r"AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59}"),  # Artifactory
    (("v1.0-",), r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),  # Cloudflare
    (("tskey-",), r"tskey-(?:auth|api|client)-[A-Za-z0-9]{8,20}(?:CNTRL)?-[A-Za-z0-9]{20,40}"),  # Tailscale
    (("rzp_",), r"rzp_live_[A-Za-z0-9]{14}"),  # Razorpay
    (("CCIPAT_", "CCIPRJ_"), r"CCIP(?:AT|RJ)_[A-Za-z0-9]{20,24}_[0-9a-f]{40}"),  # CircleCI
    (("pat-na", "pat-eu"), r"pat-(?:na|eu)[0-9]-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),  # HubSpot
    (
        ("access-",),
        r"access-(?:sandbox|development|production)-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",
    ),  # Plaid
    (("CLOJARS_",), r"CLOJARS_[a-z0-9]{60}"),
    (("API-",), r"API-(?=[A-Z]*[0-9])[A-Z0-9]{26}"),  # Octopus Deploy
    (("_mmk",), r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),  # MaxMind
    (("p8e-",), r"p8e-[A-Za-z0-9]{32}"),  # Adobe
    (("dnkey-",), r"dnkey-[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}"),  # Defined Networking
    (("eyJrIjoi",), r"eyJrIjoi[A-Za-z0-9]{70,400}"),  # Grafana, older
    (
        (".webhook.office.com/",),
        r"[a-z0-9]{1,63}\.webhook\.office\.com/webhookb2/[0-9a-f@-]{70,80}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36}",
    ),
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
    (("sgp_",), r"sgp_(?:[0-9a-fA-F]{16}_|local_)?[A-Za-z0-9]{40,}"),  # Segment's public API, Sourcegraph
    (("AGE-SECRET-KEY-1",), r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    (("AccountKey=", "SharedAccessKey="), r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{43,86}={1,2}"),  # Azure
    (("sig=",), r"(?:sv|se|sp|sr|st|ss|spr)=[^&\s]{1,64}&(?:[a-z]{1,6}=[^&\s]{0,128}&){0,10}sig=[A-Za-z0-9%+/]{30,}"),
    (("X-Amz-Signature=",), r"X-Amz-Signature=[0-9a-f]{64}"),
    (
        ("MT", "Mz", "ND", "NT", "Nz", "OD", "OT", "MD"),
        r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}",
    ),  # Discord
)
_PATTERNS = tuple((marks, rf"(?<![A-Za-z0-9])(?:{pattern})") for marks, pattern in _KEYS)
"""Compiled by what looks for one, since few recordings hold any."""

_WORDY = re.compile(r"[a-z_-]+|[A-Z_-]+|[0x*._-]+", re.ASCII)


def _find(text: str) -> Iterator[Shape]:
    for marks, pattern in _PATTERNS:
        if any(map(text.__contains__, marks)):
            match = re.search(pattern, text, re.ASCII)
            if match and not _is_blank(match.group()):
                yield Shape("vendor-key", match.group())
                return


def _is_blank(key: str) -> bool:
    """Whether the key is a placeholder: one character again and again behind its mark."""
    return len(set(key[-16:])) < 4  # noqa: PLR2004 - as in XXXX or 0000


VENDOR_KEY = Detector(
    id="vendor-key",
    says=(
        "A key or token in the form that its maker gives it, of some ninety makers. Keys that are meant to be seen are left alone: Segment's write "
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
        *(Example(mark + "a1b2c3d4" * 5, ("vendor-key",)) for mark in ("gsk_", "shippo_live_", "gldt-", "HRKU-")),
        Example(
            "https://api.telegram.org/bot123456789:AAF" + "a1B2c3D4e5F6g7H8i9J0kla1B2c3D4e5/getMe", ("vendor-key",)
        ),
        Example("pat-na1-" + "0f3a7b5d-8d0e-4e2d-9c61-0f3a7b5d2e48", ("vendor-key",)),
        Example("fKU9IxsMsk-8nX8yesK2udh9ZwNotBGuZRa6Dm7SbxI9UKf", ()),
        Example("re_render_of_the_list_of_all_widgets, API-GATEWAYTIMEOUTEXCEPTIONALL, ico-chevron-down", ()),
        Example("data-access-production-0f3a7b5d, gsk_loading, v1.0-beta, sha256~, tskey-auth", ()),
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
