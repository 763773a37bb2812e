"""Driving a subject that is nothing but a command: no framework, no dependency, no installation."""

import asyncio
import socket
import sys
from pathlib import Path

import pytest

from roadworthy.engine.drive import Driven, drive
from roadworthy.model.error import RoadworthyError
from roadworthy.model.words import Outcome

SERVICE = """
import http.server, os, sys, pathlib

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"hello " + os.environ.get("NAME", "nobody").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

PREPARE = ""
exec(pathlib.Path("prepare.py").read_text())
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
DESCRIPTION = """
[service]
name = "hello"
start = "python3 serve.py {port}"
[service.environment]
NAME = "ada"
[probes]
ready = "/ready"
[[journey]]
name = "hello"
steps = [{ request = "GET /hello", expect = 200, contains = "hello ada" }]
"""


def service(folder: Path, *, prepare: str = "", description: str = DESCRIPTION) -> Path:
    folder.mkdir()
    (folder / "serve.py").write_text(SERVICE, encoding="utf-8")
    (folder / "prepare.py").write_text(prepare, encoding="utf-8")
    (folder / "roadworthy.toml").write_text(description, encoding="utf-8")
    return folder


async def driven(root: Path, only: str | None, *, smoke: bool = False) -> Driven:
    return await drive(
        root, only=only, smoke=smoke, seed=5, run_folder=root, on_event=lambda event: None, faults_off=False
    )


def said(result: Driven) -> dict[str, tuple[Outcome, str]]:
    return {each.rule: (each.outcome, each.reason) for each in result.results}


async def test_any_command_can_be_driven(tmp_path: Path) -> None:
    result = await driven(service(tmp_path / "hello"), "*", smoke=False)

    outcomes = {rule: str(outcome) for rule, (outcome, _) in said(result).items()}
    assert outcomes == {
        "delivery/dropped-request": outcomes["delivery/dropped-request"],
        "errors/dependency-hangs": "not-applicable",
        "errors/dependency-refused": "not-applicable",
        "monitoring/hollow-readiness": "inconclusive",
        "scalability/lost-write": "not-applicable",
        "secrets/leaked-secret": "passed",
        "secrets/missing-variable": "inconclusive",
        "tests/journey-fails": "passed",
    }
    assert said(result)["monitoring/hollow-readiness"][1] == (
        "not met: roadworthy.toml has no [[dependency]] with critical = true"
    )
    assert (
        "whether a start without NAME is refused, or works: it starts with another setting"
        in (said(result)["secrets/missing-variable"][1])
    )


async def test_service_that_ends_by_itself_fails_the_question_whether_it_works(tmp_path: Path) -> None:
    root = service(tmp_path / "hello", prepare="sys.exit('the table is missing')")

    result = said(await driven(root, "[st]*/*[es]"))

    outcome, reason = result["tests/journey-fails"]
    assert outcome is Outcome.FAILED
    assert "it ended with exit code 1; its last words:\n    the table is missing" in reason


async def test_program_that_is_not_there_is_no_fault_of_the_service(tmp_path: Path) -> None:
    root = service(tmp_path / "hello", description=DESCRIPTION.replace("python3", "no-such-program"))

    outcome, reason = said(await driven(root, "tests/journey-fails"))["tests/journey-fails"]

    assert outcome is Outcome.INCONCLUSIVE
    assert "no-such-program" in reason


async def test_dependency_the_rig_cannot_provide_is_no_fault_of_the_service(tmp_path: Path) -> None:
    mail = '[[dependency]]\nname = "mail"\nkind = "smtp"\nenv = "MAIL_URL"\n'
    root = service(tmp_path / "hello", description=DESCRIPTION + mail)

    outcome, reason = said(await driven(root, "tests/journey-fails"))["tests/journey-fails"]

    assert (outcome, reason.partition(":")[0]) == (Outcome.INCONCLUSIVE, "the rig has no server of the kind smtp")


async def test_subject_sees_no_file_of_variables_and_no_variable_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME_OF_OURS", "x")
    check = (
        "found = [str(p) for p in pathlib.Path('.').glob('.env*')] + [n for n in os.environ if n == 'NAME_OF_OURS']\n"
        "assert not found, found"
    )
    root = service(tmp_path / "hello", prepare=check)
    (root / ".env").write_text("DATABASE_URL=postgresql://real.example/\n", encoding="utf-8")
    (root / ".env.production").write_text("KEY=x\n", encoding="utf-8")

    assert said(await driven(root, "tests/*"))["tests/journey-fails"][0] is Outcome.PASSED


async def test_reaching_for_a_foreign_address_ends_the_run(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 443))
        except OSError:
            pytest.skip("this host has no route to anywhere")
    reach = "import socket\nout = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nout.connect(('192.0.2.1', 443))\n"
    root = service(tmp_path / "hello", prepare=reach + "import time\ntime.sleep(5)")

    outcome, reason = said(await driven(root, "tests/journey-fails"))["tests/journey-fails"]

    assert outcome is Outcome.INCONCLUSIVE
    assert reason.startswith("the run was ended because the service reached for something real: python3")
    assert "192.0.2.1:443" in reason


async def test_unknown_drill_is_told_with_the_nearest(tmp_path: Path) -> None:
    root = service(tmp_path / "hello")

    with pytest.raises(
        RoadworthyError, match=r"--only errors/dependency-hang: .* did you mean 'errors/dependency-hangs'"
    ):
        await driven(root, "errors/dependency-hang")


async def test_smoke_is_a_part_of_all_drills(tmp_path: Path) -> None:
    quick = await driven(service(tmp_path / "hello"), None, smoke=True)

    assert [each.rule for each in quick.results] == [
        "errors/dependency-hangs",
        "monitoring/hollow-readiness",
        "tests/journey-fails",
    ]


LOADS_DOTENV = """
import socket
for folder in {pathlib.Path.cwd().resolve(), *pathlib.Path.cwd().resolve().parents}:
    for found in folder.glob(".env*"):
        for line in found.read_text().splitlines():
            host, _, port = line.removeprefix("CANARY=").partition(":")
            socket.create_connection((host, int(port)), timeout=5).recv(1)
"""


async def test_server_that_a_file_of_variables_names_is_never_reached(tmp_path: Path) -> None:
    reached: list[str] = []

    async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append("once")
        writer.close()

    canary = await asyncio.start_server(note, "127.0.0.1", 0)
    host, port = canary.sockets[0].getsockname()
    root = service(tmp_path / "hello", prepare=LOADS_DOTENV)
    (root / ".env").write_text(f"CANARY={host}:{port}\n", encoding="utf-8")
    async with canary:
        alone = "import pathlib; exec(pathlib.Path('prepare.py').read_text())"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", alone, cwd=root)
        assert await process.wait() == 0
        assert reached == ["once"], "run as it is, the service reaches the canary"

        outcomes = {rule: outcome for rule, (outcome, _) in said(await driven(root, "*")).items()}

    assert outcomes["tests/journey-fails"] is Outcome.PASSED
    assert reached == ["once"], "driven, it does not"
