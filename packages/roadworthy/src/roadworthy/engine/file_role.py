"""What a file is for, by its path alone."""

import re

from roadworthy.model.words import FileRole

_FOLDERS = {
    FileRole.VENDORED: {"vendor", "vendored", "third_party", "third-party", "node_modules"},
    FileRole.TEST: {
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "e2e",
        "cypress",
        "testing",
        "testdata",
        "fixtures",
        "__mocks__",
    },
    FileRole.EXAMPLE: {"example", "examples", "sample", "samples", "demo", "demos", "tutorial", "tutorials", "snippets"}
    | {"template", "cookiecutter", "docs_src", "playground", "benchmarks", "benchmark"},
    FileRole.DOCUMENT: {"docs", "doc", "documentation"},
    FileRole.DEV: {".devcontainer", ".vscode", ".idea", "dev", "devtools", "hack"},
}
_TEST_FOLDER = re.compile(r"(.*[-_.])?tests?([-_.].*)?")
_TOOL_FOLDERS = {"scripts", "tools", "bin", "ci", ".github", ".ci"}
# Code of others where it is a folder of the repository; deeper it is as often a module that speaks to the outside.
_VENDORED_AT_THE_TOP = "external"
# JavaScript that is run by hand, wherever it lies in the product.
_ASIDE = frozenset({"scripts", "seed", "seeds", "seeder", "seeders"})
_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_NAMES = (
    (
        FileRole.TEST,
        re.compile(r"(test_.*|.*_test|conftest|.*\.(test|spec))\.[a-z]+$|.*[._-]tests?\.(ya?ml|json|toml)$"),
    ),
    (
        FileRole.EXAMPLE,
        re.compile(r".*[._-](example|sample|template|dist|tmpl)(\.[a-z0-9]+)?$|.*\.(j2|jinja2?|tpl|tmpl)$"),
    ),
    (FileRole.GENERATED, re.compile(r".*\.min\.(js|css)$|.*(\.pb|_pb2|_pb2_grpc|\.generated|\.gen)\.[a-z]+$")),
    (FileRole.DEV, re.compile(r"(docker-)?compose[.-](.*[.-])?(dev|devel|development|local|override)\.ya?ml$")),
    (
        FileRole.DEV,
        re.compile(r"Dockerfile[.-](dev|devel|development|local|debug)$|(dev|development|local)\.Dockerfile$"),
    ),
    (FileRole.TEST, re.compile(r"(docker-)?compose[.-](.*[.-])?(test|tests|ci|e2e)\.ya?ml$")),
    (FileRole.TEST, re.compile(r"Dockerfile[.-](tests?|e2e)$|(.*[.-])?(tests?|e2e)\.Dockerfile$")),
    (FileRole.DEV, re.compile(r"\.env\.(dev|development|local)$|(dev-requirements|requirements[-_.]dev)\.txt$")),
    (FileRole.TEST, re.compile(r"\.env\.(test|ci)$")),
    (FileRole.DOCUMENT, re.compile(r".*\.(md|rst|adoc)$")),
)


# Folders that hold one folder per place of deployment: `overlays/dev` is not for production.
_STAGES = {"overlays", "environments", "envs", "env", "stages", "k8s", "kubernetes", "kustomize", "manifests", "deploy"}
# Below `templates/` these are what a generator writes for others; manifests there may be those of a Helm chart.
_BUILDING = re.compile(r"(?:.*\.)?Dockerfile(?:[.-].*)?|(?:docker-)?compose[\w.-]*\.ya?ml")
_FOR_DEVELOPMENT = {"dev", "development", "local", "minikube", "kind", "k3d", "sandbox"}


def role_of(path: str) -> FileRole:
    """Return the role of the file at this path; folders decide before names, and the outermost folder first.

    Python beside the product (`scripts/release.py`) is a tool of its developers; shell there may be run in production.
    """
    *folders, name = path.split("/")
    for above, folder in zip(["", *folders], folders, strict=False):
        if "{{" in folder:
            return FileRole.EXAMPLE
        if above.lower() in _STAGES and folder.lower() in _FOR_DEVELOPMENT:
            return FileRole.DEV
        for role, names in _FOLDERS.items():
            if folder.lower() in names:
                return role
        if _TEST_FOLDER.fullmatch(folder.lower()):
            return FileRole.TEST
    if folders and folders[0].lower() == _VENDORED_AT_THE_TOP:
        return FileRole.VENDORED
    if "templates" in folders and _BUILDING.fullmatch(name):
        return FileRole.EXAMPLE
    if name.endswith(".py") and folders and folders[0].lower() in _TOOL_FOLDERS:
        return FileRole.DEV
    for role, pattern in _NAMES:
        if pattern.match(name):
            return role
    if name.endswith(_SCRIPTS) and _ASIDE & {folder.lower() for folder in folders}:
        return FileRole.DEV
    return FileRole.PROD
