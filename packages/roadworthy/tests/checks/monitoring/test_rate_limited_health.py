"""Probes and the limits on the number of requests that stand before them, or do not."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "monitoring/rate-limited-health"
_PYTHON = {
    "requirements.txt": "fastapi==0.115.0\nslowapi==0.1.9\nuvicorn==0.30.0\n",
    "Dockerfile": "FROM python:3.12-slim\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:8000/health\n"
    'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n',
}
_NODE = {
    "package.json": '{"name": "api", "dependencies": {"express": "5.0.0", "@nestjs/core": "11.0.0"}}',
    "Dockerfile": "FROM node:22-slim\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:3000/health\n"
    'CMD ["node", "src/app.js"]\n',
}
_SLOWAPI = """from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["60/minute"])
app = FastAPI()
app.state.limiter = limiter
app.add_middleware(SlowAPIMiddleware)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
"""
_OWN = """from fastapi import FastAPI, Request, Response

app = FastAPI()
hits: dict[str, int] = {}


@app.middleware("http")
async def rate_limit(request: Request, call_next):
    hits[request.client.host] = hits.get(request.client.host, 0) + 1
    if hits[request.client.host] > 100:
        return Response(status_code=429)
    return await call_next(request)


@app.get("/health")
async def health():
    return {"status": "ok"}
"""
_FIRST = "    hits[request.client.host] = hits.get"
_EXPRESS = """import express from "express";
import { rateLimit } from "express-rate-limit";
const limiter = rateLimit({ windowMs: 1000, limit: 5 });
const app = express();
app.use(limiter);
app.get("/health", (req, res) => { res.json({ ok: true }); });
app.listen(3000);
"""
_MAIN = """import express from "express";
import { limiter } from "./limiter.js";
import routes from "./routes/index.js";
import { health } from "./health.js";
const app = express();
app.use(limiter);
app.use(routes);
app.use("/health", health);
app.listen(3000);
"""
_SPREAD = {
    "src/app.ts": _MAIN,
    "src/limiter.ts": 'import rateLimit from "express-rate-limit";\nexport const limiter = rateLimit({ max: 9 });\n',
    "src/health.ts": 'import { Router } from "express";\nexport const health = Router();\n'
    'health.get("/", (req, res) => { res.json({ status: "healthy" }); });\n',
    "src/routes/index.ts": 'import { Router } from "express";\nconst routes = Router();\nexport default routes;\n',
}
_NEST = """import { Module, Controller, Get } from "@nestjs/common";
import { APP_GUARD, NestFactory } from "@nestjs/core";
import { ThrottlerGuard, ThrottlerModule, SkipThrottle } from "@nestjs/throttler";

@Controller("health")
export class HealthController {
  @Get()
  health() { return { status: "ok" }; }
}
@Module({
  imports: [ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])],
  controllers: [HealthController],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(3000);
}
bootstrap();
"""


@pytest.mark.parametrize(
    "files",
    [
        _PYTHON | {"app/main.py": _SLOWAPI},
        _PYTHON | {"app/main.py": _OWN},
        _PYTHON | {"app/main.py": _SLOWAPI.replace("app.add_mid", "# ").replace("@app.get(\"/health\")", "@app.get(\"/health\")\n@limiter.limit('5/minute')")},
        _NODE | {"src/app.ts": _EXPRESS},
        _NODE | {"src/app.ts": _EXPRESS.replace("app.use(limiter);\n", "").replace('"/health", (', '"/health", limiter, (')},
        _NODE | _SPREAD,
        _NODE | {"src/main.ts": _NEST},
    ],
)  # fmt: skip
def test_a_limit_before_the_probe_is_found(files: dict[str, str]) -> None:
    found = inspected(files, _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert {f.at.path for f in found.findings if f.at} == {"Dockerfile"}
    assert all(len(f.related) == 2 for f in found.findings)


@pytest.mark.parametrize(
    "files",
    [
        _PYTHON | {"app/main.py": _SLOWAPI.replace('@app.get("/health")', '@app.get("/health")\n@limiter.exempt')},
        _PYTHON | {"app/main.py": _SLOWAPI.replace(', default_limits=["60/minute"]', "")},
        _PYTHON | {"app/main.py": _OWN.replace(_FIRST, '    if request.url.path == "/health":\n        return await call_next(request)\n' + _FIRST)},
        _NODE | {"src/app.ts": _EXPRESS.replace("app.use(limiter)", 'app.use("/api", limiter)')},
        _NODE | {"src/app.ts": _EXPRESS.replace("limit: 5", 'limit: 5, skip: (req) => req.path === "/health"')},
        _NODE | _SPREAD | {"src/app.ts": _MAIN.replace('app.use("/health", health);\n', "").replace("app.use(limiter)", 'app.use("/health", health);\napp.use(limiter)')},
        _NODE | {"src/main.ts": _NEST.replace('@Controller("health")', '@SkipThrottle()\n@Controller("health")')},
        _NODE | {"src/main.ts": _NEST.replace("  @Get()", "  @SkipThrottle()\n  @Get()")},
    ],
)  # fmt: skip
def test_a_probe_that_is_let_through_holds(files: dict[str, str]) -> None:
    found = inspected(files, _RULE)

    assert found.outcome is Outcome.PASSED, found.reason


@pytest.mark.parametrize(
    "files",
    [
        _PYTHON | {"app/main.py": _OWN.replace(_FIRST, "    if is_open(request.url.path):\n        return await call_next(request)\n" + _FIRST)},
        _NODE | {"src/app.ts": _EXPRESS.replace("limit: 5", "limit: 5, skip: isProbe")},
        _NODE | _SPREAD | {"src/limiter.ts": "export const limiter = makeLimiter(5);\n"},
        _NODE | {"src/main.ts": _NEST.replace("useClass: ThrottlerGuard", "useClass: OwnThrottlerGuard")},
    ],
)  # fmt: skip
def test_an_exemption_that_is_not_seen_is_no_finding(files: dict[str, str]) -> None:
    found = inspected(files, _RULE)

    assert found.outcome is Outcome.INCONCLUSIVE, found.reason
