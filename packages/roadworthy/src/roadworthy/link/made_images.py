"""Whether the images deployments ask for are built and pushed, under the names and tags they are asked for by."""

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from roadworthy.link.draft import Draft
from roadworthy.link.image_makers import Made, Makers, makers, parted
from roadworthy.link.image_tags import is_template, sample
from roadworthy.link.known_images import known
from roadworthy.link.release_flow import Step
from roadworthy.link.releases import Releases
from roadworthy.model.detail.image import BaseImage
from roadworthy.model.detail.release import ImageReplaced, ImageWanted
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import kubectl
from roadworthy.syntax.command_line import base, calls


def derive(draft: Draft, releases: Releases) -> Iterator[Symbol]:
    """Yield a statement for each image of our own that a manifest, compose file or command asks for."""
    flows = releases.flows
    called = flows.called()
    steps = [flows.steps(key) for key in sorted(flows.jobs) if key[0] not in called]
    steps += [flows.of_script(path) for path in sorted(flows.scripts) if path not in flows.reached]
    others = [
        Step(s.at, s.role, s.detail.words, s.detail.folder, s.detail.source)
        for s in draft.of(Kind.STEP, Action.REFERS)
        if isinstance(s.detail, CommandLine) and s.detail.source in ("make", "npm")
    ]
    found = makers(steps)
    by_hand = makers([others])
    firm = {made.at for made in found.made}
    found.made += [replace(made, loose=True) for made in by_hand.made if made.at not in firm]
    found.hidden = found.hidden or by_hand.hidden
    if not firm:
        return
    yield from _World(draft, releases, found, steps).judged()


class _World:
    def __init__(self, draft: Draft, releases: Releases, found: Makers, flows: list[list[Step]]) -> None:
        self._draft = draft
        self._makers = found
        self._flows = flows
        self._replaced = {
            str(s.name): s for s in draft.of(Kind.IMAGE, Action.DEFINES) if isinstance(s.detail, ImageReplaced)
        }
        self._changes = any(s.phase == "release" for s in draft.of(Kind.PIPELINE, Action.REFERS))
        self._puts_in = any(_puts_in(step) for steps in flows for step in steps)
        self._wanted = list(self._asked())
        self._names = {name for name, _, _, _ in self._wanted}
        self._platform = next((o.reason for o in draft.opens if o.kind is Kind.PIPELINE), "")

    def _asked(self) -> Iterator[tuple[str, str, Symbol, str]]:
        """Yield name, tag, place and kind of artifact of every image that is deployed."""
        workloads = {
            (s.at.path, s.component): s.detail
            for s in self._draft.of(Kind.SERVICE, Action.DEFINES)
            if isinstance(s.detail, Workload)
        }
        manifests = {a.path for a in self._draft.artifacts if a.kind == "kubernetes/manifest"}
        for symbol in self._draft.of(Kind.IMAGE, Action.REFERS):
            if symbol.role is not FileRole.PROD or isinstance(symbol.detail, BaseImage):
                continue
            text = str(symbol.name)
            by = "kubernetes" if symbol.at.path in manifests else "compose"
            if by == "compose":
                workload = workloads.get((symbol.at.path, symbol.component))
                if workload is None or workload.context is not None or "." not in text.partition("/")[0]:
                    continue
            name, tag = parted(text.removeprefix("docker.io/"))
            if not isinstance(symbol.name, Exact):
                continue
            replaced = self._replaced.get(name)
            if replaced is not None and isinstance(replaced.detail, ImageReplaced):
                detail = replaced.detail
                yield detail.new_name or name, detail.new_tag or tag, symbol, by
            else:
                yield name, tag, symbol, by

    def judged(self) -> Iterator[Symbol]:
        """Yield what becomes of each image, of each name a kustomization looks for, and of each a command sets."""
        seen: set[tuple[str, str, Span]] = set()
        for name, tag, symbol, by in self._wanted:
            if known(name) is not None or "$" in name or (name, tag, symbol.at) in seen:
                continue
            seen.add((name, tag, symbol.at))
            detail = self._judge(name, tag, symbol, by)
            if detail is not None:
                yield self._symbol(f"{name}:{tag}" if tag else name, symbol.at, detail)
        yield from self._set_by_commands()

    def _symbol(self, name: str, at: Span, detail: ImageWanted) -> Symbol:
        return Symbol(Kind.IMAGE, Action.DEFINES, Exact(name), at, "", "release", FileRole.PROD, detail)

    def _judge(self, name: str, tag: str, symbol: Symbol, by: str) -> ImageWanted | None:
        matching = [made for made in self._makers.made if made.matches(name)]
        if not matching:
            return self._unmade(name, tag, symbol, by)
        first = matching[0]
        if all(made.pushed is False for made in matching):
            if self._makers.loads or self._makers.hidden:
                return ImageWanted("unclear", self._makers.loads or self._makers.hidden, by)
            return ImageWanted("unpushed", "", first.by, first.shown, first.at, first.dockerfile)
        pushed = [made for made in matching if made.pushed is not False]
        tags = {regular for made in pushed for regular in made.tags}
        asked = tag or "latest"
        if asked.startswith("@") or is_template(asked) or any(re.fullmatch(regular, asked) for regular in tags):
            return ImageWanted("made", "", first.by, first.shown, first.at)
        if self._puts_in:
            return ImageWanted("made", "another tag is put in before it is applied", first.by, first.shown, first.at)
        if not self._changes or self._makers.hidden:
            return ImageWanted("unclear", "another tag may be put in before it is applied", by)
        return ImageWanted("mistagged", asked, pushed[0].by, _shown(pushed[0]), pushed[0].at)

    def _unmade(self, name: str, tag: str, symbol: Symbol, by: str) -> ImageWanted | None:
        ours, other = self._ours(name, symbol)
        if other is None and not ours:
            return None
        if self._makers.hidden or self._platform:
            return ImageWanted("unclear", self._makers.hidden or self._platform, by)
        if other is not None and other.loose:
            return ImageWanted("unclear", f"`{other.shown}` is built by hand", by)
        if other is not None:
            return ImageWanted("misnamed", "", other.by, other.shown, other.at, other.dockerfile)
        if self._of_another_repository(name, tag, symbol):
            return None
        made = next((made for made in self._makers.made if not made.loose), self._makers.made[0])
        return ImageWanted("unbuilt", "", made.by, made.shown, made.at)

    def _of_another_repository(self, name: str, tag: str, symbol: Symbol) -> bool:
        """Tell whether an image is pinned to a version that no image built here is asked for by."""
        last = name.rpartition("/")[2]
        built = [wanted for wanted in self._wanted if any(made.matches(wanted[0]) for made in self._makers.made)]
        return (
            re.match(r"v?\d+(\.\d+)+", tag) is not None
            and not self._draft_component(symbol)
            and bool(built)
            and tag not in {wanted[1] for wanted in built}
            and not any(_kin(made.shown.rpartition("/")[2], last) for made in self._makers.made)
        )

    def _ours(self, name: str, symbol: Symbol) -> tuple[bool, Made | None]:
        """Tell whether an image must be ours, and which that is built here must be meant by it."""
        head, slash, last = name.rpartition("/")
        family = [m for m in self._makers.made if slash and m.shown.rpartition("/")[0] == head]
        component = self._draft_component(symbol)
        ours = bool(family) or (component is not None and bool(component))
        spare = [m for m in self._makers.made if not any(m.matches(wanted) for wanted in self._names) and not m.vague]
        candidates = [
            made
            for made in spare
            if made.shown.rpartition("/")[2] == last
            or (made in family and _alike(made.shown.rpartition("/")[2], last))
            or (component and made.dockerfile in component)
            or _alike(made.shown, name)
        ] or [made for made in family if component and made.dockerfile in component]
        names = {made.shown for made in candidates}
        if len(names) == 1:
            return True, candidates[0]
        if candidates:
            best = max(candidates, key=lambda made: SequenceMatcher(None, made.shown, name).ratio())
            return True, best
        return ours and bool(family), None

    def _draft_component(self, symbol: Symbol) -> tuple[str, ...]:
        component = next((c for c in self._draft.components if c.id == symbol.component), None)
        return component.dockerfiles if component is not None else ()

    def _set_by_commands(self) -> Iterator[Symbol]:
        """Yield what `kubectl set image`, `kustomize edit set image` and kustomizations look for or put in."""
        manifests = {name for name, _, _, by in self._wanted if by == "kubernetes"} | set(self._plain_names())
        if not manifests:
            return
        for name, symbol in sorted(self._replaced.items()):
            if symbol.role is FileRole.PROD:
                yield self._looked_for(name, symbol.at, "the kustomization", manifests)
        for steps in self._flows:
            for step in steps:
                for call in calls(step.words):
                    words = call.words
                    if base(call.program) == "kustomize" and words[1:4] == ("edit", "set", "image"):
                        for pair in words[4:]:
                            old, equals, new = pair.partition("=")
                            name, _ = parted(old)
                            if "$" not in name:
                                yield self._looked_for(name, step.at, "kustomize edit set image", manifests)
                            if equals or ":" in old:
                                yield from self._put_in(new if equals else old, step)
                    command = kubectl.read(words)
                    for pair in command.images if command and words[1:] and "image" in words[1:9] else ():
                        yield from self._put_in(pair.partition("=")[2], step)

    def _plain_names(self) -> Iterator[str]:
        for symbol in self._draft.of(Kind.IMAGE, Action.REFERS):
            if not isinstance(symbol.detail, BaseImage) and isinstance(symbol.name, Exact):
                yield parted(symbol.name.text)[0]
        yield from self._replaced

    def _looked_for(self, name: str, at: Span, by: str, manifests: set[str]) -> Symbol:
        asked = {
            parted(str(s.name))[0]: s.at
            for s in self._draft.of(Kind.IMAGE, Action.REFERS)
            if not isinstance(s.detail, BaseImage) and not isinstance(s.detail, ImageWanted)
        }
        if name in asked or (by != "the kustomization" and name in manifests):
            return self._symbol(name, at, ImageWanted("made", "", by))
        if "$" in name or not asked:
            return self._symbol(name, at, ImageWanted("unclear", "no manifest names an image", by))
        near = max(sorted(asked), key=lambda other: SequenceMatcher(None, other, name).ratio())
        if SequenceMatcher(None, near, name).ratio() < 0.5:
            return self._symbol(name, at, ImageWanted("unclear", "it may stand in a manifest from elsewhere", by))
        return self._symbol(name, at, ImageWanted("unused", "", by, near, asked[near]))

    def _put_in(self, image: str, step: Step) -> Iterator[Symbol]:
        name, tag = parted(image.removeprefix("docker.io/"))
        if not name or "$" in name or known(name) is not None:
            return
        matching = [made for made in self._makers.made if made.matches(name)]
        if not matching:
            fake = Symbol(Kind.IMAGE, Action.REFERS, Exact(name), step.at)
            detail = self._unmade(name, tag, fake, "a command")
            if detail is not None:
                yield self._symbol(image, step.at, detail)
            return
        asked = sample(tag) if tag else "latest"
        tags = {regular for made in matching if made.pushed is not False for regular in made.tags}
        if asked is None or not tags or any(re.fullmatch(regular, asked) for regular in tags):
            yield self._symbol(image, step.at, ImageWanted("made", "", matching[0].by))
        elif not self._makers.hidden:
            pushed = next(made for made in matching if made.pushed is not False)
            yield self._symbol(
                image, step.at, ImageWanted("mistagged", tag or "latest", pushed.by, _shown(pushed), pushed.at)
            )


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= 0.6


def _kin(one: str, other: str) -> bool:
    """Tell whether two names share a word: `shop` and `shop-worker`."""
    return bool(set(re.split(r"[-_.]", one)) & set(re.split(r"[-_.]", other))) or _alike(one, other)


def _shown(made: Made) -> str:
    readable = [
        tag.replace("\\", "").replace("[0-9a-f]{40}", "<commit>").replace("[0-9a-f]{7}", "<commit, 7 digits>")
        for tag in made.tags
    ]
    return " and ".join(f"`{tag}`" for tag in readable[:3])


def _puts_in(step: Step) -> bool:
    """Tell whether a step may put another image into a manifest."""
    if step.action:
        given = dict(step.given)
        return bool(given.get("images")) and "metadata" not in step.action
    if not step.words:
        return False
    if any(path.endswith((".yaml", ".yml")) for path in step.writes):
        return True
    for call in calls(step.words):
        program = base(call.program)
        text = " ".join(call.words)
        if program == "kustomize" and "edit" in call.words:
            return True
        if program in ("helm", "helmfile", "ytt", "jsonnet", "cdk8s"):
            return True
        if program in ("sed", "yq", "perl", "envsubst", "gomplate") and (
            re.search(r"image|tag|version|sha|\.ya?ml", text, re.IGNORECASE) or program == "envsubst"
        ):
            return True
        command = kubectl.read(call.words)
        if command is not None and command.verb in ("set", "patch"):
            return True
    return False
