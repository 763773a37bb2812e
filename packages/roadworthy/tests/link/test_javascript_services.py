"""Whole JavaScript services: each rule fires on the broken one and is silent on its twin."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

DOCKERFILE = """\
FROM node:20-alpine AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci
COPY src ./src
RUN npm run build

FROM node:20-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY --from=build /app/dist ./dist
EXPOSE 3000
CMD ["node", "dist/main.js"]
"""
COMPOSE = """\
services:
  api:
    build: .
    ports: ["8080:3000"]
    environment:
      DATABASE_URL: ${DATABASE_URL:?}
    healthcheck:
      test: ["CMD", "wget", "-qO-", "http://localhost:3000/health/live"]
"""
SHARED = {
    "Dockerfile": DOCKERFILE,
    "compose.yaml": COMPOSE,
    "package-lock.json": "{}",
    "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}, "include": ["src"]}',
    "package.json": '{"name": "shop", "scripts": {"build": "tsc", "start": "node dist/main.js"}}',
    "src/env.ts": 'import { z } from "zod";\n'
    "export const env = z.object({ PORT: z.coerce.number().default(3000), DATABASE_URL: z.string().url() })\n"
    "  .parse(process.env);\n",
}
EXPRESS = SHARED | {
    "src/main.ts": 'import { app } from "./app";\nimport { env } from "./env";\napp.listen(env.PORT);\n',
    "src/app.ts": 'import express from "express";\nimport cors from "cors";\nimport { health } from "./health";\n'
    "export const app = express();\n"
    'app.use(cors({ origin: ["https://shop.example"], credentials: true }));\napp.use("/health", health);\n',
    "src/health.ts": 'import { Router } from "express";\nexport const health = Router();\n'
    'health.get("/live", (_req, res) => res.json({ ok: true }));\n',
}
FASTIFY = SHARED | {
    "src/main.ts": 'import { build } from "./app";\nimport { env } from "./env";\n'
    'async function start() {\n  const app = await build();\n  await app.listen({ port: env.PORT, host: "0.0.0.0" });\n}\n'
    "void start();\n",
    "src/app.ts": 'import Fastify from "fastify";\nimport cors from "@fastify/cors";\nimport health from "./health";\n'
    "export async function build() {\n  const app = Fastify();\n"
    '  await app.register(cors, { origin: ["https://shop.example"], credentials: true });\n'
    '  await app.register(health, { prefix: "/health" });\n  return app;\n}\n',
    "src/health.ts": 'import type { FastifyInstance } from "fastify";\n'
    'export default async function health(fastify: FastifyInstance) {\n  fastify.get("/live", async () => ({ ok: true }));\n}\n',
}
NEST = SHARED | {
    "src/main.ts": 'import { NestFactory } from "@nestjs/core";\nimport { AppModule } from "./app.module";\n'
    'import { env } from "./env";\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n'
    '  app.enableCors({ origin: ["https://shop.example"], credentials: true });\n  await app.listen(env.PORT);\n}\n'
    "void bootstrap();\n",
    "src/app.module.ts": 'import { Module } from "@nestjs/common";\nimport { HealthController } from "./health.controller";\n'
    "@Module({ controllers: [HealthController] })\nexport class AppModule {}\n",
    "src/health.controller.ts": 'import { Controller, Get } from "@nestjs/common";\n@Controller("health")\n'
    'export class HealthController {\n  @Get("live")\n  live() { return { ok: true }; }\n}\n',
}
STACKS = {"express": EXPRESS, "fastify": FASTIFY, "nest": NEST}

PROBE = ("compose.yaml", "/health/live", "/healthz")
PREFIX = ("compose.yaml", "/health/live", "/api/health/live")
PUBLISHED = ("compose.yaml", "8080:3000", "8080:8000")
ASKED = ("compose.yaml", "localhost:3000", "localhost:8000")
GIVEN = ("compose.yaml", "      DATABASE_URL: ${DATABASE_URL:?}", "      DATABASE_URI: ${DATABASE_URI:?}")
MOVED = ("src/env.ts", "default(3000)", "default(4000)")
STARTED = ("Dockerfile", "dist/main.js", "dist/server.js")
BUILT = ("tsconfig.json", '"outDir": "dist"', '"outDir": "build"')
ANYONE = (("src/app.ts", "src/main.ts"), '["https://shop.example"]', "true")
BROKEN = [
    ("monitoring/unserved-probe", PROBE),
    ("monitoring/unserved-probe", PREFIX),
    ("environments/port-mismatch", PUBLISHED),
    ("environments/port-mismatch", ASKED),
    ("environments/port-mismatch", MOVED),
    ("secrets/unprovided-variable", GIVEN),
    ("delivery/missing-entrypoint", STARTED),
    ("delivery/missing-entrypoint", BUILT),
    ("security/permissive-cors", ANYONE),
]


def changed(files: dict[str, str], change: tuple[str | tuple[str, ...], str, str]) -> dict[str, str]:
    """Return the files with one text put for another."""
    paths, old, new = change
    chosen = [path for path in ((paths,) if isinstance(paths, str) else paths) if old in files.get(path, "")]
    assert chosen
    return files | {path: files[path].replace(old, new) for path in chosen}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("rule", sorted({rule for rule, _ in BROKEN}))
def test_sound_service_passes(stack: str, rule: str) -> None:
    result = inspected(STACKS[stack], only=rule)

    assert result.findings == ()
    assert result.outcome is Outcome.PASSED


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize(("rule", "change"), BROKEN)
def test_broken_service_fails(stack: str, rule: str, change: tuple[str | tuple[str, ...], str, str]) -> None:
    result = inspected(changed(STACKS[stack], change), only=rule)

    assert result.outcome is Outcome.FAILED, result
    assert result.findings


def test_router_that_is_imported_and_not_put_in_serves_nothing() -> None:
    files = EXPRESS | {
        "src/app.ts": EXPRESS["src/app.ts"]
        .replace('app.use("/health", health);\n', "")
        .replace("{ health }", "health"),
        "src/health.ts": EXPRESS["src/health.ts"].replace("export const", "const") + "export default health;\n",
    }

    assert inspected(files, only="monitoring/unserved-probe").outcome is Outcome.FAILED


def test_service_without_a_probe_is_told() -> None:
    files = EXPRESS | {"compose.yaml": COMPOSE.partition("    healthcheck")[0]}

    assert inspected(files, only="monitoring/missing-probe").outcome is Outcome.FAILED
    assert inspected(EXPRESS, only="monitoring/missing-probe").outcome is Outcome.PASSED


def test_port_of_a_debugger_is_one_it_listens_on() -> None:
    files = EXPRESS | {
        "compose.yaml": COMPOSE.replace("8080:3000", "9229:9229")
        + '    command: ["node", "--inspect=0.0.0.0", "dist/main.js"]\n'
    }

    assert inspected(files, only="environments/port-mismatch").findings == ()


def test_start_script_leads_to_the_file() -> None:
    files = EXPRESS | {"Dockerfile": DOCKERFILE.replace('["node", "dist/main.js"]', '["npm", "start"]')}

    assert inspected(changed(files, PUBLISHED), only="environments/port-mismatch").outcome is Outcome.FAILED


def test_variables_of_a_file_that_the_image_brings_are_not_missing() -> None:
    files = changed(EXPRESS, GIVEN) | {
        "Dockerfile": 'FROM node:20-alpine\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["npx", "tsx", "src/main.ts"]\n',
        "src/env.ts": 'import "dotenv/config";\n' + EXPRESS["src/env.ts"],
    }

    assert inspected(files, only="secrets/unprovided-variable").findings == ()
    assert inspected(files | {".dockerignore": ".env\n"}, only="secrets/unprovided-variable").findings


def test_packages_of_one_repository_answer_for_their_own_code() -> None:
    apps = {f"apps/live/{path}": text for path, text in EXPRESS.items() if path.startswith("src/")}
    files = apps | {
        "package.json": '{"workspaces": ["apps/*"]}',
        "apps/admin/package.json": "{}",
        "apps/live/package.json": "{}",
        "apps/admin/src/main.tsx": "render();\n",
        "apps/admin/Dockerfile": 'FROM node:20\nCOPY . .\nCMD ["npx", "serve"]\n',
        "apps/live/Dockerfile": 'FROM node:20\nCOPY . .\nCMD ["npx", "tsx", "apps/live/src/main.ts"]\n',
        "compose.yaml": "services:\n  admin:\n    build: {context: ., dockerfile: apps/admin/Dockerfile}\n"
        "  live:\n    build: {context: ., dockerfile: apps/live/Dockerfile}\n",
    }
    found = inspected(files, only="secrets/unprovided-variable").findings

    assert found
    assert all(finding.message.startswith("live requires") for finding in found)


def test_scripts_run_by_hand_require_nothing_of_the_deployment() -> None:
    files = EXPRESS | {"src/scripts/replay.ts": "const host = process.env.REPLAY_HOST!;\nawait replay(host);\n"}

    assert inspected(files, only="secrets/unprovided-variable").findings == ()
