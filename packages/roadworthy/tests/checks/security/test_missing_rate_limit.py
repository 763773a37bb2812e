"""Routes that examine secrets, and what bounds how often they are asked."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/missing-rate-limit"
_PLANTED: list[tuple[str, list[Change]]] = [
    (
        "fastapi",
        [
            ("app/main.py", '@limiter.limit("5/minute")\n', ""),
            ("nginx/nginx.conf", "            limit_req zone=login burst=20;\n", ""),
            ("k8s/all.yaml", '    nginx.ingress.kubernetes.io/limit-rps: "10"\n', ""),
        ],
    ),
    (
        "express",
        [
            ("src/server.ts", '"/api/login", limiter,', '"/api/login",'),
            (
                "src/server.ts",
                "const limiter = rateLimit({ windowMs: 60000, max: 10, store: new RedisStore({ sendCommand }) });\n",
                "",
            ),
            ("nginx/nginx.conf", "            limit_req zone=login burst=20;\n", ""),
            ("k8s/all.yaml", '    nginx.ingress.kubernetes.io/limit-rps: "10"\n', ""),
        ],
    ),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings


_FASTIFY = {
    "package.json": '{"dependencies": {"fastify": "5", "@fastify/rate-limit": "10", "@fastify/autoload": "6"}}',
    "src/app.ts": """import Fastify from "fastify";
import autoload from "@fastify/autoload";
const app = Fastify();
app.register(autoload, { dir: "plugins/external" });
app.post("/login", async (request) => check(request.body));
app.listen({ port: 3000 });
""",
}


@pytest.mark.parametrize("export", ["rateLimit", "fp(rateLimit, { name: 'limit' })"])
def test_limiter_that_a_loader_registers_from_its_folder_counts(export: str) -> None:
    plugin = f"""import rateLimit from "@fastify/rate-limit";
import fp from "fastify-plugin";
export const autoConfig = {{ max: 10, timeWindow: "1 minute" }};
export default {export};
"""

    assert inspected(_FASTIFY, _RULE).outcome is Outcome.FAILED
    assert not inspected({**_FASTIFY, "src/plugins/external/limit.ts": plugin}, _RULE).findings


def test_limiter_that_is_not_for_every_route_does_not_count() -> None:
    plugin = """import rateLimit from "@fastify/rate-limit";
export const autoConfig = { global: false };
export default rateLimit;
"""

    assert inspected({**_FASTIFY, "src/plugins/external/limit.ts": plugin}, _RULE).findings


def test_sign_in_with_what_another_service_signed_cannot_be_guessed() -> None:
    code = _FASTIFY["src/app.ts"].replace('"/login"', '"/auth/apple/login"')

    assert not inspected({**_FASTIFY, "src/app.ts": code}, _RULE).findings
