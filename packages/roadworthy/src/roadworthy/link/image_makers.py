"""Which images pipelines, scripts and compose files build and push, under which names and tags."""

import posixpath
import re
from dataclasses import dataclass

from roadworthy.link.image_tags import of_metadata, pattern
from roadworthy.link.release_flow import Step
from roadworthy.model.place import Span
from roadworthy.syntax.command_line import base, calls

_ENGINES = frozenset({"docker", "podman", "nerdctl", "buildah"})
_VALUED = frozenset(
    {"-t", "--tag", "-f", "--file", "--target", "--build-arg", "--platform", "-o", "--output", "--destination"}
)
_HIDDEN = frozenset(
    {
        "ko",
        "skaffold",
        "earthly",
        "werf",
        "tilt",
        "dagger",
        "nx",
        "bazel",
        "nix",
        "jib",
        "mvn",
        "mvnw",
        "gradle",
        "gradlew",
        "sbt",
    }
    | {"garden", "packer", "copilot", "bake", "s2i", "pack", "kaniko", "executor", "depot", "crane", "skopeo", "regctl"}
)
_HIDING_ACTIONS = re.compile(
    r"bake-action|kaniko|buildpacks|ko-build|/setup-ko|skaffold|depot/|jib|earthly|publish.*docker|docker.*publish"
)
_BUILDING_ACTIONS = frozenset(
    {"docker/build-push-action", "depot/build-push-action", "useblacksmith/build-push-action"}
)
_LOADS = re.compile(
    r"\bkind\s+load\b|\bminikube\s+image\b|\bk3d\s+image\b|\bctr\b.*\bimport\b|\bdocker\s+(?:image\s+)?save\b|minikube docker-env"
)
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\w+|\$\([^)]*\)")
_OUTPUT = re.compile(r"\$\{\{\s*(?:steps|needs)\.([\w-]+)\.outputs\.(?:tags|[\w-]*tags?[\w-]*|json|meta[\w-]*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Made:
    """One name under which an image is built or pushed. `name` is a regular expression, `shown` as written; `tags` are
    regular expressions; `pushed` None where that depends; `loose` that nothing but a hand runs it."""

    name: str
    shown: str
    tags: tuple[str, ...]
    built: bool
    pushed: bool | None
    at: Span
    by: str
    dockerfile: str = ""
    loose: bool = False

    def matches(self, image: str) -> bool:
        """Tell whether an image of this name may be meant."""
        return re.fullmatch(self.name, image) is not None

    @property
    def vague(self) -> bool:
        """Whether its name says nothing: it is all in variables."""
        return not re.sub(r"\.\*|[\\/:.]", "", self.name)


@dataclass(slots=True)
class Makers:
    """All that is built. `hidden` says what may build more, `loads` what brings images to a cluster without a registry."""

    made: list[Made]
    hidden: str = ""
    loads: str = ""
    changes: bool = False


def parted(image: str) -> tuple[str, str]:
    """Return the name of an image and its tag, "" where there is none."""
    name, at, digest = image.partition("@")
    if at:
        return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name, "@" + digest
    marked = _EXPRESSION.sub(lambda found: "\0" * len(found[0]), image)
    slash = marked.rfind("/")
    colon = marked.find(":", slash + 1)
    return (image, "") if colon < 0 else (image[:colon], image[colon + 1 :])


def makers(flows: list[list[Step]]) -> Makers:
    """Read every flow."""
    found = Makers([])
    for steps in flows:
        metadata: dict[str, tuple[list[str], list[str]]] = {}
        for step in steps:
            if step.action:
                _action(found, step, metadata)
            elif step.words:
                _command(found, step)
    found.made = list(dict.fromkeys(found.made))
    return found


def _action(found: Makers, step: Step, metadata: dict[str, tuple[list[str], list[str]]]) -> None:
    name = step.action.lower()
    given = dict(step.given)
    if name == "docker/metadata-action":
        images = [
            line.strip().removeprefix("name=").partition(",")[0] for line in re.split(r"[\n]", given.get("images", ""))
        ]
        tags = of_metadata(given.get("tags", ""))
        known = metadata.get(step.id, ([], []))
        metadata[step.id] = ([*known[0], *(image for image in images if image)], [*known[1], *tags])
        return
    if name in _BUILDING_ACTIONS:
        pushed = _pushes(given)
        dockerfile = _dockerfile(given)
        references = [part for part in re.split(r"[,\n]", given.get("tags", "")) if part.strip()]
        for reference in references:
            source = _OUTPUT.search(reference)
            if source and source[1] in metadata:
                for image in metadata[source[1]][0]:
                    found.made.append(_made(image, tuple(metadata[source[1]][1]), step.at, name, pushed, dockerfile))
            elif source:
                every = [image for images, _ in metadata.values() for image in images]
                if not every:
                    found.hidden = found.hidden or "tags that another job gives"
                for image in every:
                    found.made.append(_made(image, (".*",), step.at, name, pushed, dockerfile))
            else:
                image, tag = parted(reference.strip())
                found.made.append(_made(image, (pattern(tag or "latest"),), step.at, name, pushed, dockerfile))
        outputs = given.get("outputs", "")
        if "name=" in outputs or "push-by-digest" in outputs:
            for image in re.findall(r"(?<![\w-])name=([^,\s]+)", outputs) or [
                image for images, _ in metadata.values() for image in images
            ]:
                found.made.append(_made(image, (".*",), step.at, name, pushed, dockerfile))
    elif _HIDING_ACTIONS.search(name) or step.opaque:
        found.hidden = found.hidden or f"what {step.action} builds"


def _pushes(given: dict[str, str]) -> bool | None:
    text = given.get("push", "").strip().lower()
    outputs = given.get("outputs", "")
    if "push=true" in outputs or "type=registry" in outputs or text == "true":
        return True
    if "$" in text or "$" in outputs:
        return None
    return False


def _dockerfile(given: dict[str, str]) -> str:
    context = (given.get("context") or ".").strip()
    path = given.get("file", "").strip() or (
        "" if "$" in context or "://" in context else posixpath.join(context, "Dockerfile")
    )
    return "" if "$" in path else posixpath.normpath(path) if path else ""


def _made(
    image: str,
    tags: tuple[str, ...],
    at: Span,
    by: str,
    pushed: bool | None,
    dockerfile: str = "",
    *,
    built: bool = True,
) -> Made:
    name = image.strip().removeprefix("docker.io/").removeprefix("index.docker.io/")
    return Made(_regular(name), name, tags, built, pushed, at, by, dockerfile)


def _regular(name: str) -> str:
    out: list[str] = []
    start = 0
    for found in _EXPRESSION.finditer(name):
        out += (re.escape(name[start : found.start()]), ".*")
        start = found.end()
    return "".join([*out, re.escape(name[start:])])


def _command(found: Makers, step: Step) -> None:
    text = " ".join(step.words)
    if _LOADS.search(text):
        found.loads = found.loads or text[:60]
    for call in calls(step.words):
        program, words = base(call.program), call.words
        if program in _ENGINES:
            _engine(found, step, program, words)
        elif program == "docker-compose" or (program == "docker" and words[1:2] == ("compose",)):
            continue
        elif program == "gcloud" and "builds" in words and "submit" in words:
            tags = _options(words)[0].get("--tag", []) or _options(words)[0].get("-t", [])
            _add(found, step, tags, True, "gcloud builds submit")
            if not tags:
                found.hidden = found.hidden or "what Cloud Build builds"
        elif program == "az" and "acr" in words and "build" in words:
            options = _options(words, {"--image", "-t", "--registry", "-r"})[0]
            images = options.get("--image", []) + options.get("-t", [])
            _add(found, step, [f"$REGISTRY/{image}" for image in images], True, "az acr build")
        elif program in _HIDDEN:
            if program == "executor" or "kaniko" in text:
                _add(found, step, _options(words)[0].get("--destination", []), True, "kaniko")
            elif program in ("mvn", "mvnw", "gradle", "gradlew", "sbt", "nx", "bazel", "nix"):
                if re.search(r"jib|docker|image|container|oci", text):
                    found.hidden = found.hidden or f"what `{text[:40]}` builds"
            else:
                found.hidden = found.hidden or f"what `{text[:40]}` builds"


def _engine(found: Makers, step: Step, program: str, words: tuple[str, ...]) -> None:
    rest = words[1:]
    if rest[:1] == ("compose",):
        return
    if rest[:2] == ("buildx", "bake"):
        found.hidden = found.hidden or "what `docker buildx bake` builds"
        return
    verb = next((word for word in rest[:3] if word in ("build", "bud", "push", "tag")), "")
    options, plain = _options(rest[rest.index(verb) + 1 :] if verb else ())
    if verb in ("build", "bud"):
        outputs = " ".join(options.get("--output", []) + options.get("-o", []))
        pushed = "--push" in rest or "push=true" in outputs or "type=registry" in outputs
        tags = options.get("-t", []) + options.get("--tag", [])
        file = (options.get("-f") or options.get("--file") or [""])[-1]
        context = plain[-1] if plain else "."
        dockerfile = file or ("" if "$" in context else posixpath.join(context, "Dockerfile"))
        path = (
            ""
            if step.folder is None or "$" in dockerfile
            else posixpath.normpath(posixpath.join(step.folder, dockerfile))
        )
        _add(found, step, tags, pushed, f"{program} build", path)
    elif verb == "push" and plain:
        _add(found, step, plain[:1], True, f"{program} push", built=False)
    elif verb == "tag" and len(plain) == 2:
        _add(found, step, plain[1:], False, f"{program} tag", built=False)


def _add(
    found: Makers, step: Step, references: list[str], pushed: bool, by: str, dockerfile: str = "", *, built: bool = True
) -> None:
    for reference in references:
        image, tag = parted(reference)
        made = _made(image, (pattern(tag or "latest"),), step.at, by, pushed, dockerfile, built=built)
        if made.vague:
            found.hidden = found.hidden or f"which image `{reference}` is"
        else:
            found.made.append(made)


def _options(
    words: tuple[str, ...], valued: set[str] | frozenset[str] = _VALUED
) -> tuple[dict[str, list[str]], list[str]]:
    options: dict[str, list[str]] = {}
    plain: list[str] = []
    waiting = ""
    for word in words:
        if waiting:
            options.setdefault(waiting, []).append(word)
            waiting = ""
        elif word.startswith("-") and word != "-":
            name, equals, value = word.partition("=")
            if equals:
                options.setdefault(name, []).append(value)
            elif name in valued or name in _OTHER_VALUED:
                waiting = name
        else:
            plain.append(word)
    return options, plain


_OTHER_VALUED = frozenset(
    """
    --build-context --label --cache-from --cache-to --secret --ssh --progress --network --builder --iidfile --metadata-file
    --provenance --sbom --attest --shm-size --add-host --memory --project --region --config --timeout --creds
    """.split()
)
