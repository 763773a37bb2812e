"""Secrets that have a default in the code."""

from repository import inspected

_RULE = "secrets/default-secret"


def test_name_is_reported_once_with_every_place() -> None:
    files = {
        "src/a.ts": 'export const key = process.env.JWT_SECRET || "superSecret";\n',
        "src/b.ts": 'export const same = process.env.JWT_SECRET || "superSecret";\n',
    }

    (finding,) = inspected(files, _RULE).findings

    assert [related.at.path for related in finding.related] == ["src/b.ts"]


def test_account_that_a_broker_lets_in_from_its_own_host_alone_is_none() -> None:
    text = 'import os\nPASSWORD = os.environ.get("RABBITMQ_PASSWORD", "{}")\n'

    assert not inspected({"app/settings.py": text.format("guest")}, _RULE).findings
    assert inspected({"app/settings.py": text.format("rabbit-in-winter")}, _RULE).findings


def test_name_under_which_something_else_keeps_a_secret_is_none() -> None:
    text = 'class Session(dict):\n    _totp_secret_key = "_totp_secret"\n'

    assert not inspected({"app/sessions.py": text}, "secrets/default-secret").findings
