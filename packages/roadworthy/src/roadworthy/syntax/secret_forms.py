"""What real credentials look like, whatever they are called."""

import re

FORMS = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[\w-]{20,}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-(?:\d{8,}-){1,3}[A-Za-z0-9]{20,}\b")),
    ("a Stripe key", re.compile(r"\b(?:sk|rk)_live_[0-9A-Za-z]{20,}\b")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{22}\.[\w-]{43}\b")),
    ("a Docker Hub token", re.compile(r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}(?![\w-])")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", re.compile(r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}\b")),
    ("an Anthropic key", re.compile(r"\bsk-ant-(?:api|admin)\d\d-[\w-]{80,}")),
    ("an OpenAI key", re.compile(r"\bsk-(?:proj-[\w-]{60,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})\b")),
)
# What each form begins with: looking for a plain text is many times faster than for a pattern.
STARTS = {
    "an AWS access key": ("AKIA", "ASIA"),
    "a GitHub token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "a GitLab token": ("glpat-",),
    "a Slack token": ("xox",),
    "a Stripe key": ("_live_",),
    "a SendGrid key": ("SG.",),
    "a Docker Hub token": ("dckr_",),
    "an npm token": ("npm_",),
    "a PyPI token": ("pypi-AgEI",),
    "an Anthropic key": ("sk-ant-",),
    "an OpenAI key": ("sk-proj-", "T3BlbkFJ"),
}
KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\n|\s)+((?:[A-Za-z0-9+/=]{16,}(?:\\n|\s)+){2,})-----END")
