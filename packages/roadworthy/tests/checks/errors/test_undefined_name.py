"""Names that nothing defines, and names that come from where nobody sees."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "errors/undefined-name"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def one(found: int) -> int:\n    return fuond\n", "fuond"),
        ("def one() -> object:\n    return ContentFile(b'')\n", "ContentFile"),
        ("@cache\ndef one() -> int:\n    return 1\n", "cache"),
        ("engine = make(poolclass=NullPool)\n\n\ndef make(**given): ...\n", "NullPool"),
    ],
)
def test_a_name_nothing_binds_is_found_in_python(text: str, name: str) -> None:
    found = inspected({"app/one.py": text}, _RULE)

    assert [f.message.split("`")[1] for f in found.findings] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "from os.path import *\n\n\ndef one():\n    return join('a', 'b')\n",
        "try:\n    unicode_\nexcept NameError:\n    unicode_ = str\n",
        "exec(open('version.py').read())\nprint(version)\n",
        "globals().update(a=1)\nprint(a)\n",
        "from __future__ import annotations\n\n\ndef one(given: Later) -> Later: ...\n",
        "class One:\n    name = __qualname__\n\n    def own(self):\n        return __class__\n",
        "match [1]:\n    case [first, *rest]:\n        print(first, rest)\n    case {'a': a, **more}:\n        print(a, more)\n",
        "def outer():\n    def inner():\n        return later\n    later = 1\n    return inner\n",
        "print([x for x in range(3) if (y := x)], y, lambda z: z, __file__)\n",
        "try:\n    pass\nexcept ValueError as error:\n    print(error)\nimport a.b as c, d.e\nprint(c, d)\n",
    ],
)
def test_a_name_bound_in_any_way_is_no_finding_in_python(text: str) -> None:
    assert not inspected({"app/one.py": text}, _RULE).findings


def test_a_misspelt_name_is_found_in_typescript() -> None:
    text = "export function one(invoice: { id: string }) {\n  return save({ id: invioce.id });\n}\nfunction save(x: object) { return x; }\n"

    found = inspected({"src/one.ts": text}, _RULE)

    assert [f.message.split("`")[1] for f in found.findings] == ["invioce"]
    assert found.findings[0].related


@pytest.mark.parametrize(
    "text",
    [
        "export const all = structuredClone(process.env); setTimeout(() => fetch('x'), 1); describe('x');\n",
        "declare const invioce: string;\nexport const invoice = invioce;\n",
        "type Handler = (request: string) => void;\nexport const requests: Handler[] = [];\n",
        "enum Colour { Red }\nexport function one(colours: Colour[]) { return colours[Colour.Red]; }\n",
        "outer: for (const outer_ of [1]) { continue outer; }\n",
        "export const one = ({ value, ...others }: any) => [value, others];\n",
        "try { run(); } catch (error) { throw error; }\nfunction run() {}\n",
        "import settings = require('./settings');\nexport const setting = settings.one;\n",
        "export function one(error: Error) { throw new Error(error.message, Object.keys({ error })); }\n",
        "export function safeDecodeURIComponent(text: string) { return decodeURIComponent(text); }\n",
        "namespace Shapes { export const one = 1; }\nexport const shape = Shapes.one;\n",
    ],
)
def test_a_name_bound_in_any_way_is_no_finding_in_typescript(text: str) -> None:
    assert inspected({"src/one.ts": text}, _RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "text",
    [
        "class Mail:\n    def __init__(self):\n        raise RuntimeError('not there')\n\n    def send(self):\n        return region\n",
        "def one():\n    return 1\n    print(region)\n",
    ],
)
def test_line_that_is_never_reached_is_no_finding(text: str) -> None:
    assert not inspected({"app/one.py": text}, _RULE).findings
