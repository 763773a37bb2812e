"""Variables that JavaScript code reads, and whether it can do without them."""

import pytest

from roadworthy.collect.javascript import environment, environment_schemas
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole


def reads(text: str, path: str = "src/config.ts") -> dict[str, tuple[bool | None, str | None]]:
    """Return what is read, with whether it is required and its default."""
    file = SourceFile(path, text, FileRole.PROD)
    found: dict[str, tuple[bool | None, str | None]] = {}
    for collector in (environment, environment_schemas):
        for one in collector.collect(file) if collector.recognises(file) else ():
            if isinstance(one, Symbol) and isinstance(one.detail, EnvironmentRead):
                found[str(one.name)] = (one.detail.required, one.detail.default)
    return found


@pytest.mark.parametrize(
    ("text", "required", "default"),
    [
        ("const a = process.env.A;", None, None),
        ('const a = process.env["A"];', None, None),
        ("const a = process.env.A!;", True, None),
        ("const a = process.env.A as string;", True, None),
        ('const a = process.env.A ?? "d";', False, "d"),
        ("const a = Number(process.env.A || 3000);", False, "3000"),
        ('const D = "d"; const a = process.env.A || D;', False, "d"),
        ('const a = process.env.A; if (!a) throw new Error("A");', True, None),
        ('if (!process.env.A) { console.error("A"); process.exit(1); }', True, None),
        ('if (!process.env.A) { console.log("no A"); process.exit(0); }', False, None),
        ("if (process.env.KIND === 'x' && !process.env.A) throw new Error('A');", False, None),
        ("const a = process.env.A; if (a) start(a);", False, None),
        ('const on = process.env.A === "true";', False, None),
        ('const list = process.env.A.split(",");', True, None),
        ('const list = process.env.A?.split(",");', False, None),
        ("export function late() { return process.env.A.trim(); }", None, None),
        ('const { A } = process.env; if (!A) throw new Error("A");', True, None),
        ('const { A = "d" } = process.env;', False, "d"),
        ('const { A: own = "d" } = process.env;', False, "d"),
        ("const env = process.env; const a = env.A!;", True, None),
        ('import { env } from "node:process"; const a = env.A!;', True, None),
        ("const a = process.env.A ?? fail('A');", True, None),
        ("assert(process.env.A, 'A');", True, None),
        ("const u = new URL(process.env.A);", True, None),
        (
            "function need(n) { const v = process.env[n]; if (!v) throw new Error(n); return v; } const a = need('A');",
            True,
            None,
        ),
        ("const get = (n: string, d?: string) => process.env[n] ?? d; const a = get('A', 'd');", False, "d"),
        (
            "const get = (n: string, fallback?: string) => process.env[n] ?? fallback; const a = get('A', 'd');",
            False,
            "d",
        ),
        ("class C { get(k: string) { return process.env[k]; } } const c = new C(); c.get('A');", None, None),
        ("for (const n of ['A']) { if (!process.env[n]) throw new Error(n); }", True, None),
        (
            "const R = ['A'] as const; const m = R.filter((n) => !process.env[n]); if (m.length) throw new Error();",
            True,
            None,
        ),
        ('import { requireEnv } from "./env"; const a = requireEnv("A");', True, None),
        ('import { getEnv } from "./env"; const a = getEnv("A", "d");', False, "d"),
        ('import env from "env-var"; const a = env.get("A").required().asString();', True, None),
        ('import env from "env-var"; const a = env.get("A").default("d").asString();', False, "d"),
        ('import { ConfigService } from "@nestjs/config"; config.getOrThrow<string>("A");', True, None),
        ('import { ConfigService } from "@nestjs/config"; this.configService.get("A", "d");', False, "d"),
        (
            'import { z } from "zod"; z.object({ A: z.string().url(), PORT: z.string() }).parse(process.env);',
            True,
            None,
        ),
        ('import { z } from "zod"; z.object({ A: z.coerce.number().default(5), PORT: z.string() });', False, "5"),
        ('import { z } from "zod"; z.object({ A: z.string().optional(), PORT: z.string() });', False, None),
        ('import { cleanEnv, str } from "envalid"; cleanEnv(process.env, { A: str() });', True, None),
        ('import { cleanEnv, str } from "envalid"; cleanEnv(process.env, { A: str({ default: "d" }) });', False, "d"),
        (
            'import Joi from "joi"; const s = Joi.object({ A: Joi.string().required(), PORT: Joi.number() });',
            True,
            None,
        ),
        ('import Joi from "joi"; const s = Joi.object().keys({ A: Joi.string(), PORT: Joi.number() });', False, None),
        ('import { createEnv } from "@t3-oss/env-core"; createEnv({ server: { A: z.string() } });', True, None),
        ('import convict from "convict"; convict({ a: { env: "A", default: "d", doc: "" } });', False, "d"),
        ('import { IsString } from "class-validator"; class E { @IsString() A: string; }', True, None),
        (
            'import { IsOptional } from "class-validator"; class E { @IsString() B: string; @IsOptional() A?: string; }',
            False,
            None,
        ),
    ],
)
def test_reads_are_found_with_their_need(text: str, required: bool | None, default: str | None) -> None:
    assert reads(text)["A"] == (required, default)


@pytest.mark.parametrize(
    "text",
    [
        'process.env.A = "1";',
        "delete process.env.A;",
        'import { z } from "zod"; const body = z.object({ name: z.string() });',
        'import { ConfigService } from "@nestjs/config"; config.get("database.host");',
        "for (const key of Object.keys(process.env)) use(process.env[key]);",
    ],
)
def test_what_is_no_read_of_a_variable_is_left_out(text: str) -> None:
    assert "A" not in reads(text)
    assert "name" not in reads(text)


def test_what_a_bundler_puts_in_is_read_when_the_front_end_is_built() -> None:
    file = SourceFile(
        "src/a.ts", "const a = import.meta.env.VITE_A; const b = process.env.NEXT_PUBLIC_B;", FileRole.PROD
    )

    assert {one.phase for one in environment.collect(file) if isinstance(one, Symbol)} == {"build"}


def test_production_alone_may_ask() -> None:
    text = 'if (process.env.NODE_ENV === "production" && !process.env.A) throw new Error("A");'

    assert reads(text)["A"] == (True, None)
    assert reads(text)["NODE_ENV"] == (False, None)
