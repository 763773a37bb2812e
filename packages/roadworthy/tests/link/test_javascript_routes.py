"""Routes of JavaScript services, put together from their modules."""

import pytest

from repository import gathered
from roadworthy.model.symbol import Action, Kind

EXPRESS = 'import express from "express";\n'


def served(files: dict[str, str]) -> set[str]:
    """Return the paths that are served, without their twins with a slash at the end."""
    facts = gathered(files)
    found = {str(s.name) for s in facts.symbols if s.kind is Kind.PATH and s.action is Action.DEFINES}
    return {name for name in found if name == "/" or not name.endswith("/")}


def opened(files: dict[str, str]) -> set[str]:
    """Return what opens the set of paths."""
    return {str(o.covers) for o in gathered(files).opens if o.kind is Kind.PATH}


@pytest.mark.parametrize(
    ("app", "paths"),
    [
        ("const app = express(); app.get('/a', h);", {"/a"}),
        ("const app = express(); app.get(['/a', '/b'], h);", {"/a", "/b"}),
        ("const app = express(); app.get('/u/:id/x', h);", {"/u/*/x"}),
        ("const app = express(); app.get('/u/:id(\\\\d+)', h);", {"/u/*"}),
        ("const app = express(); app.get(/^\\/health$/, h);", {"/health"}),
        ("const app = express(); app.route('/a').get(h).post(h);", {"/a"}),
        ("const app = express(); app.get('/a', h).get('/b', h);", {"/a", "/b"}),
        ("const P = '/api'; const app = express(); app.get(`${P}/a`, h);", {"/api/a"}),
        ("const app = express(); const r = express.Router(); r.get('/a', h); app.use('/api', auth, r);", {"/api/a"}),
        ("const app = express(); app.use('/x', (req, res) => res.send('x'));", {"/x", "/x/**"}),
        ("const app = express(); app.use('/x', (req, res, next) => next());", set()),
        ("const app = express(); app.use((req, res) => res.status(404).end());", set()),
        ("const app = express(); app.use(express.static('public'));", {"/", "/**.*"}),
        ("const app = express(); app.use('/s', express.static('public'));", {"/s", "/s/**"}),
        ("class A { app = express(); constructor() { this.app.get('/a', h); } }", {"/a"}),
        ("const app = express(); app.get('env'); cache.get('/a', h); app.options('*', cors());", set()),
        (
            "const app = express(); ['/a', '/b'].forEach((p) => app.use(p, (req, res) => res.end()));",
            {"/a", "/a/**", "/b", "/b/**"},
        ),
    ],
)
def test_routes_of_one_module(app: str, paths: set[str]) -> None:
    files = {"src/app.js": EXPRESS + "function auth(req, res, next) {}\n" + app}

    assert served(files) == paths


MODULES = {
    "src/app.ts": EXPRESS
    + 'import { api } from "./routes";\nimport { PREFIX } from "./config";\nconst app = express();\napp.use(PREFIX, api);\n',
    "src/config.ts": 'export const PREFIX = "/api/v1";\n',
    "src/routes/index.ts": 'import { Router } from "express";\nimport users from "./users";\nexport const api = Router();\n'
    'api.use("/users", users);\n',
    "src/routes/users.ts": 'import { Router } from "express";\nconst router = Router();\nrouter.get("/:id", (req, res) => {});\n'
    "export default router;\n",
}


def test_routers_are_followed_through_modules() -> None:
    assert served(MODULES) == {"/api/v1/users/*"}
    assert opened(MODULES) == set()


@pytest.mark.parametrize(
    "changed",
    [
        {
            "src/routes/index.ts": 'export { default as api } from "./users";\n',
            "src/app.ts": MODULES["src/app.ts"].replace("PREFIX, api", '"/api/v1/users", api'),
        },
        {"src/routes/index.ts": 'export * from "./all";\n', "src/routes/all.ts": MODULES["src/routes/index.ts"]},
        {
            "src/routes/index.ts": 'import express, { Router } from "express";\n'
            'const routes = [{ path: "/users", route: require("./users") }];\nexport const api = express.Router();\n'
            "routes.forEach((r) => { api.use(r.path, r.route); });\n",
            "src/routes/users.ts": 'const router = require("express").Router();\nrouter.get("/:id", (req, res) => {});\n'
            "module.exports = router;\n",
        },
        {
            "src/routes/users.ts": 'import { Router } from "express";\nclass Users {\n  router = Router();\n'
            '  constructor() { this.router.get("/:id", this.one); }\n}\nexport default new Users().router;\n'
        },
        {
            "src/app.ts": EXPRESS + 'import setup from "./setup";\nconst app = express();\nsetup(app);\n',
            "src/setup.ts": 'import { api } from "@/routes";\nimport { PREFIX } from "@/config";\n'
            "export default (app) => { app.use(PREFIX, api); };\n",
            "tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"]}}}',
        },
        {
            "src/app.ts": 'import { make } from "./make";\nconst app = make();\n',
            "src/make.ts": MODULES["src/app.ts"].replace("const app", "export function make() {\nconst app")
            + "return app;\n}\n",
        },
        {"src/config.ts": 'export const PREFIX = process.env.PREFIX || "/api/v1";\n'},
    ],
)
def test_names_are_followed_however_they_are_handed_on(changed: dict[str, str]) -> None:
    assert served(MODULES | changed) == {"/api/v1/users/*"}


def test_middleware_of_other_modules_opens_nothing() -> None:
    files = MODULES | {
        "src/app.ts": MODULES["src/app.ts"]
        .replace("app.use(PREFIX", "app.use(log, ...all); app.use(PREFIX")
        .replace("const app", 'import { log, all } from "./log";\nconst app'),
        "src/log.ts": "export const log = (req, res, next) => next();\nexport const all = [log];\n",
    }

    assert served(files) == {"/api/v1/users/*"}
    assert opened(files) == set()


def test_what_is_not_here_opens_the_set_below_its_prefix() -> None:
    files = {"src/app.js": EXPRESS + 'import x from "./gone";\nconst app = express();\napp.use("/x", x);\n'}

    assert opened(files) == {"/x/**"}


def test_client_of_another_service_serves_nothing() -> None:
    files = {
        "src/app.js": EXPRESS + "const app = express();\napp.get('/a', h);\n",
        "src/client.js": 'import axios from "axios";\nimport api from "./api";\naxios.get("/b", f);\napi.get("/c", f);\n',
        "src/api.js": 'import axios from "axios";\nexport default axios.create();\n',
    }

    assert served(files) == {"/a"}


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (
            'import Fastify from "fastify"; const app = Fastify();'
            ' app.register(async (f) => { f.get("/a", h); }, { prefix: "/p" });'
            ' app.route({ method: "GET", url: "/b", handler: h });',
            {"/p/a", "/b"},
        ),
        (
            'import Koa from "koa"; import Router from "@koa/router"; const app = new Koa();'
            ' const r = new Router({ prefix: "/p" }); r.get("/a", h); app.use(r.routes()).use(r.allowedMethods());',
            {"/p/a"},
        ),
        (
            'import { Hono } from "hono"; const sub = new Hono(); sub.get("/a", h); const app = new Hono();'
            ' app.get("/b", h); app.route("/p", sub); export default app;',
            {"/p/a", "/b"},
        ),
        ('import http from "node:http"; http.createServer((req) => { if (req.url === "/live") ok(); });', {"**/live"}),
    ],
)
def test_other_frameworks(text: str, paths: set[str]) -> None:
    assert served({"src/app.ts": text}) >= paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('import bundle from "express-prom-bundle"; app.use(bundle({}));', {"/metrics"}),
        ('import bundle from "express-prom-bundle"; app.use(bundle({ metricsPath: "/m" }));', {"/m"}),
        (
            'import { createTerminus } from "@godaddy/terminus";'
            ' createTerminus(server, { healthChecks: { "/healthz": check, verbatim: true } });',
            {"**/healthz"},
        ),
        (
            'import { createLightship } from "lightship"; const l = await createLightship();',
            {"**/live", "**/ready", "**/health"},
        ),
    ],
)
def test_libraries_bring_paths_of_their_own(text: str, paths: set[str]) -> None:
    assert served({"src/app.ts": EXPRESS + "const app = express();\n" + text}) >= paths


def test_plugins_of_fastify_bring_paths_of_their_own() -> None:
    text = (
        'import Fastify from "fastify"; import metrics from "fastify-metrics"; import up from "@fastify/under-pressure";'
        ' const app = Fastify(); app.register(metrics, { endpoint: "/m" }); app.register(up, { exposeStatusRoute: "/up" });'
    )

    assert served({"src/app.ts": text}) >= {"/m", "/up"}
    assert "/status" not in served({"src/app.ts": text.replace('{ exposeStatusRoute: "/up" }', "{}")})


def test_folders_of_autoloaded_routes_are_prefixes() -> None:
    files = {
        "src/app.ts": 'import path from "node:path"; import Fastify from "fastify"; import load from "@fastify/autoload";\n'
        'const app = Fastify(); app.register(load, { dir: path.join(__dirname, "routes"), options: { prefix: "/v1" } });\n',
        "src/routes/users/index.ts": 'export default async function (fastify) { fastify.get("/:id", h); }\n',
        "src/routes/root.ts": 'const root = async (fastify) => { fastify.get("/", h); };\nexport default root;\n',
    }

    assert served(files) == {"/v1/users/*", "/v1/"} or served(files) == {"/v1/users/*", "/v1"}


def test_nest_joins_the_global_prefix_and_the_controllers() -> None:
    files = {
        "src/main.ts": 'import { NestFactory } from "@nestjs/core";\nconst app = await NestFactory.create(M);\n'
        'app.setGlobalPrefix("api", { exclude: ["live"] });\n',
        "src/a.controller.ts": 'import { Controller, Get } from "@nestjs/common";\n@Controller("users")\n'
        'export class Users {\n  @Get(":id") one() {}\n  @Get() all() {}\n}\n',
    }

    assert served(files) == {"/api/users/*", "/api/users", "/live"}


def test_next_serves_by_its_files() -> None:
    files = {
        "package.json": '{"dependencies": {"next": "14"}}',
        "src/app/api/health/route.ts": "export async function GET() {}\n",
        "src/app/(site)/blog/[slug]/page.tsx": "export default function Page() {}\n",
        "pages/api/users/[id].ts": 'import type { NextApiRequest } from "next";\nexport default function h() {}\n',
    }

    assert served(files) >= {"/api/health", "/blog/*", "/api/users/*"}


@pytest.mark.parametrize("line", ["const r = await api.get(url, params);", "return api.get(url, params).catch(fail);"])
def test_request_of_a_client_that_is_waited_for_is_no_route(line: str) -> None:
    client = f"export function requests(api) {{ return {{ async get(url, params) {{ {line} }} }}; }}\n"
    app = EXPRESS + "const app = express(); app.get('/a', h);\n"

    assert served({"src/app.js": app, "src/client.js": client}) == {"/a"}
