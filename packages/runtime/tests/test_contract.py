"""The contract is readable without being run, and true."""

import ast
import subprocess
import sys
from pathlib import Path

from fastapi import FastAPI

from asking import client, parse, wrap
from roadworthy_runtime import contract


def test_every_constant_can_be_read_from_the_syntax_tree() -> None:
    tree = ast.parse(Path(contract.__file__).read_text())

    read = {
        node.target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None
    }

    assert read == {name: getattr(contract, name) for name in vars(contract) if name.isupper()}
    assert len(read) > 15


def test_importing_the_contract_imports_nothing_that_serves() -> None:
    program = (
        "import sys, roadworthy_runtime.contract\n"
        "print([name for name in ('starlette', 'pydantic', 'orjson', 'asyncio', 'socket') if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"


async def test_live_page_exports_exactly_the_metrics_of_the_contract() -> None:
    app = FastAPI()
    wrap(app)
    async with client(app) as asking:
        await asking.get("/nothing")
        kinds, series = parse((await asking.get("/metrics")).text)

    for name, (kind, labels, _) in contract.METRICS.items():
        assert kinds[name] == kind
        suffix = "_count" if kind == "histogram" else ""
        found = {frozenset(dict(pairs)) for each, pairs in series if each == name + suffix}
        assert found <= {frozenset(labels)}


def test_paths_are_all_named() -> None:
    named = {contract.LIVE_PATH, contract.READY_PATH, contract.STARTUP_PATH, contract.METRICS_PATH}

    assert named == set(contract.PATHS)
