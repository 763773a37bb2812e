"""What documents show, link to and promise."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

STALE = "documentation/stale-command"


def shown(command: str, language: str = "sh") -> dict[str, str]:
    """Return a README that shows a command."""
    return {"README.md": f"# A\n\n```{language}\n{command}\n```\n"}


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("make start", {"Makefile": "run:\n\tx\n"}),
        ("npm run start:dev", {"package.json": '{"scripts": {"dev": "x"}}'}),
        ("./scripts/setup.sh", {"scripts/start.sh": "#!/bin/sh\n"}),
        ("python tools/seed.py", {"tools/load.py": "A = 1\n"}),
        ("uvicorn app.api:app", {"app/__init__.py": "", "app/main.py": "A = 1\n"}),
        ("docker compose up web", {"compose.yml": "services:\n  api:\n    image: nginx:1\n"}),
        ("cp .env.example .env", {"app.py": "A = 1\n"}),
        ("$ make start", {"Makefile": "run:\n\tx\n"}),
    ],
)
def test_command_that_names_what_is_not_there_is_stale(command: str, files: dict[str, str]) -> None:
    (finding,) = inspected(shown(command) | files, STALE).findings

    assert finding.at is not None
    assert (finding.at.path, finding.at.line) == ("README.md", 4)


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("make run", {"Makefile": "run:\n\tx\n"}),
        ("cd backend && python manage.py migrate", {"backend/manage.py": ""}),
        ("python manage.py migrate", {"backend/manage.py": ""}),
        ("npm start", {"web/package.json": '{"scripts": {"start": "x"}}'}),
        ("uvicorn app.main:app", {"src/app/main.py": "A = 1\n"}),
        ("python -m venv .venv", {}),
        ("source .venv/bin/activate", {}),
        ("docker compose -f compose.yml up -d api", {"compose.yml": "services:\n  api:\n    image: nginx:1\n"}),
        ("git clone https://example.org/a.git && cd a && ./install.sh", {}),
        ("kubectl get pods", {}),
        ("cd /home/github/actions-runner\nsudo ./svc.sh install", {}),
        ("curl -O https://example.org/get.sh\nbash get.sh", {}),
    ],
)
def test_command_that_can_work_is_no_finding(command: str, files: dict[str, str]) -> None:
    assert not inspected(shown(command) | files, STALE).findings


def test_output_of_a_command_is_no_command() -> None:
    text = "$ make run\nmake nothing\n"

    assert inspected(shown(text, "console") | {"Makefile": "run:\n\tx\n"}, STALE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("link", "broken"),
    [
        ("docs/a.md", False),
        ("docs/a.md#two-words", False),
        ("./docs/", False),
        ("#a", False),
        ("https://example.org/x", False),
        ("mailto:a@example.org", False),
        ("docs/b.md", True),
        ("docs/a.md#three", True),
        ("#b", True),
    ],
)
def test_relative_links_are_followed(link: str, *, broken: bool) -> None:
    files = {"README.md": f"# A\n\n[x]({link}) and `[no](link.md)`\n", "docs/a.md": "# Title\n\n## Two *words*\n"}

    assert bool(inspected(files, "documentation/broken-link").findings) is broken


def test_score_without_evidence_is_told() -> None:
    files = {"README.md": "# A\n\nProduction readiness: **85/100**\n"}

    assert inspected(files, "documentation/self-declared-readiness").outcome is Outcome.FAILED


def test_basics_may_stand_in_another_document() -> None:
    files = {"README.md": "# A\n\nRun: `docker compose up`. See CONTRIBUTING.\n", "CONTRIBUTING.md": "`pytest`\n"}

    assert inspected(files, "documentation/missing-readme-basics").outcome is Outcome.PASSED


def test_repository_that_puts_together_images_of_others_has_nothing_to_test() -> None:
    files = {
        "README.md": "# A\n\nRun it:\n\n```sh\ndocker compose up -d\n```\n",
        "compose.yaml": "services:\n  site:\n    image: plausible/analytics:2\n  db:\n    image: postgres:16\n",
    }

    assert not inspected(files, "documentation/missing-readme-basics").findings


def test_command_with_a_placeholder_names_no_script() -> None:
    files = {"package.json": '{"scripts": {"generate:sql": "x"}}', **shown("npm run generate:{db}")}

    assert not inspected(files, "documentation/stale-command").findings


def test_list_that_a_tool_writes_leads_nowhere_on_purpose() -> None:
    row = '<a href="#code-somebody" title="Code">C</a>\n'
    listed = f"<!-- ALL-CONTRIBUTORS-LIST:START - Do not remove -->\n{row}<!-- ALL-CONTRIBUTORS-LIST:END -->\n"

    assert not inspected({"README.md": f"# A\n{listed}"}, "documentation/broken-link").findings
    assert inspected({"README.md": f"# A\n{listed}{row}"}, "documentation/broken-link").findings


def test_link_to_a_file_that_is_made_on_the_spot_cannot_be_told() -> None:
    files = {"README.md": "# A\nChange [this](.env).\n", ".gitignore": "node_modules\n.env\n"}

    assert inspected(files, "documentation/broken-link").outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("command", ["kubectl apply -f k8s/", "skaffold run", "yarn run dev", "pnpm run start:dev"])
def test_ways_to_run_a_service_are_known(command: str) -> None:
    files = shown(command) | {"app/main.py": "x = 1\n"}

    assert not any("how to run" in f.message for f in inspected(files, "documentation/missing-readme-basics").findings)
