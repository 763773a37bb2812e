"""Where a compiler puts what a container starts."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/missing-entrypoint"
DOCKERFILE = """FROM node:22-slim AS build
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:22-slim
WORKDIR /app
COPY package.json ./
RUN npm ci --omit=dev
COPY --from=build /app/dist ./dist
CMD ["node", "dist/server.js"]
"""
MANIFEST = """{
  "scripts": {"build": "rimraf dist && tsc -p tsconfig.json", "start": "node dist/server.js"},
  "devDependencies": {"typescript": "~5.9.2", "rimraf": "6.0.0"}
}"""


def _files(options: str, **more: str) -> dict[str, str]:
    files = {
        "Dockerfile": DOCKERFILE,
        "package.json": MANIFEST,
        "tsconfig.json": options,
        "src/server.ts": 'import { x } from "./lib/x";\n',
        "src/lib/x.ts": "export const x = 1;\n",
    }
    return files | {name.replace("__", "/").replace("_dot_", "."): text for name, text in more.items()}


def test_output_of_the_compiler_is_found_in_the_image() -> None:
    result = inspected(_files('{"compilerOptions": {"outDir": "dist"}, "include": ["src"]} // done'), RULE)

    assert result.outcome is Outcome.PASSED


def test_options_that_another_configuration_gives_count() -> None:
    files = _files('{"extends": "./base.json", "include": ["src/**/*"]}')
    files["base.json"] = "{}"
    files["tsconfig.base.json"] = '{"compilerOptions": {"outDir": "./dist", "rootDir": "./src"}}'
    files["tsconfig.json"] = files["tsconfig.json"].replace("./base.json", "./tsconfig.base")

    assert inspected(files, RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("options", "more"),
    [
        ('{"compilerOptions": {"outDir": "build"}, "include": ["src"]}', {}),
        ('{"compilerOptions": {"outDir": "dist", "rootDir": "."}, "include": ["src"]}', {}),
        ('{"compilerOptions": {"outDir": "dist", "noEmit": true}, "include": ["src"]}', {}),
        ('{"compilerOptions": {"outDir": "dist"}}', {"vitest_dot_config_dot_ts": "export default {};\n"}),
        (
            '{"compilerOptions": {"outDir": "dist"}, "include": ["src"]}',
            {"src__server_dot_ts": 'import manifest from "../package.json";\n'},
        ),
        (
            '{"compilerOptions": {"outDir": "dist"}, "include": ["src", "prisma"]}',
            {"prisma__seed_dot_ts": "export {};\n"},
        ),
    ],
)
def test_output_that_lies_elsewhere_is_missed(options: str, more: dict[str, str]) -> None:
    result = inspected(_files(options, **more), RULE)

    assert result.outcome is Outcome.FAILED
    assert "tsconfig.json" in {related.at.path for related in result.findings[0].related}


def test_nearest_output_is_named() -> None:
    result = inspected(_files('{"compilerOptions": {"outDir": "dist", "rootDir": "."}}'), RULE)

    assert "`dist/src/server.js`" in result.findings[0].message


def test_root_of_typescript_six_is_the_folder_of_its_configuration() -> None:
    files = _files('{"compilerOptions": {"outDir": "dist"}, "include": ["src"]}')
    files["package.json"] = MANIFEST.replace("~5.9.2", "^6.0.0")

    assert inspected(files, RULE).outcome is Outcome.FAILED


def test_script_that_starts_the_service_is_followed() -> None:
    files = _files('{"compilerOptions": {"outDir": "build"}, "include": ["src"]}')
    files["Dockerfile"] = DOCKERFILE.replace('["node", "dist/server.js"]', '["npm", "start"]')

    assert inspected(files, RULE).outcome is Outcome.FAILED
    files["tsconfig.json"] = files["tsconfig.json"].replace("build", "dist")
    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_nest_builds_with_its_own_configuration() -> None:
    files = _files("{}")
    files |= {
        "package.json": '{"scripts": {"build": "nest build"}, "devDependencies": {"@nestjs/cli": "11", "typescript": "5.9"}}',
        "nest-cli.json": '{"sourceRoot": "src"}',
        "tsconfig.json": '{"compilerOptions": {"outDir": "./dist"}}',
        "tsconfig.build.json": '{"extends": "./tsconfig.json", "exclude": ["node_modules", "test", "dist", "**/*spec.ts"]}',
        "test/app.e2e-spec.ts": "export {};\n",
    }

    assert inspected(files, RULE).outcome is Outcome.PASSED
    files["scripts/seed.ts"] = "export {};\n"
    assert inspected(files, RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "script", ["turbo build", "tsup", "webpack", "swc src -d dist", "npm run build --workspace api", "node build.mjs"]
)
def test_tools_whose_output_is_not_worked_out_are_not_guessed(script: str) -> None:
    files = _files('{"compilerOptions": {"outDir": "out"}, "include": ["src"]}')
    files["package.json"] = f'{{"scripts": {{"build": "{script}"}}}}'

    assert inspected(files, RULE).outcome is Outcome.INCONCLUSIVE


def test_bundle_with_a_named_file_is_known() -> None:
    files = _files("{}")
    script = "esbuild src/server.ts --bundle --platform=node --outfile=dist/server.js"
    files["package.json"] = f'{{"scripts": {{"build": "{script}"}}}}'

    assert inspected(files, RULE).outcome is Outcome.PASSED
