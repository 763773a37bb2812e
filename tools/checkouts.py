"""Public repositories at one commit: exported from a clone somebody has, or fetched, and kept below `.cache/ecosystem`.

Nothing of them is ever part of this repository: the benchmarks keep a name, a commit and our own labels.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.quality import ROOT

KEPT = ROOT / ".cache" / "ecosystem"
_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_FETCH_SECONDS = 600


class CheckoutError(Exception):
    """A repository that cannot be had here, with the reason."""


def checkout(name: str, commit: str, clones: Path | None) -> Path:
    """Return a folder with the files of a repository at a commit.

    `name` is `owner/name`; `clones` a folder of git repositories called `owner+name` (bare, with a `.git`, or one level
    further down), None to fetch from GitHub. Raise CheckoutError where neither has the commit.
    """
    if not _NAME.fullmatch(name) or not _COMMIT.fullmatch(commit):
        raise CheckoutError(f"{name} at {commit}: not a repository's name and a whole commit")
    target = KEPT / f"{name.replace('/', '+')}@{commit[:12]}"
    if target.is_dir():
        return target
    source = _clone(name, clones) if clones is not None else None
    git = source if source is not None and _holds(source, commit) else _fetched(name, commit)
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    # Not `git archive`: it leaves out what a repository keeps from its releases, its pipeline for example.
    index = target.with_name(target.name + ".index")
    into = {**os.environ, "GIT_INDEX_FILE": str(index), "GIT_NO_LAZY_FETCH": "1"}
    git_there = ["git", f"--git-dir={git}", f"--work-tree={partial}"]
    subprocess.run([*git_there, "read-tree", commit], env=into, check=True)
    absent = "".join(f"{path}\0" for path in _absent(git, commit))
    subprocess.run(
        [*git_there, "update-index", "-z", "--force-remove", "--stdin"], env=into, input=absent, text=True, check=True
    )
    unpacked = subprocess.run([*git_there, "checkout-index", "--all", "--force"], env=into, check=False)
    index.unlink(missing_ok=True)
    if unpacked.returncode:
        raise CheckoutError(f"{name} at {commit[:12]}: its files cannot be unpacked")
    partial.replace(target)
    return target


def _clone(name: str, clones: Path) -> Path | None:
    folder = clones / name.replace("/", "+")
    for candidate in (folder, folder / ".git", folder / "repo", folder / "repo" / ".git"):
        if (candidate / "HEAD").is_file():
            return candidate
    return None


def _holds(git: Path, commit: str) -> bool:
    asked = ["git", f"--git-dir={git}", "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _absent(git: Path, commit: str) -> list[str]:
    """Return the files whose content a clone lacks: some clones leave large ones out."""
    listed = subprocess.run(
        ["git", f"--git-dir={git}", "ls-tree", "-r", "-z", commit], capture_output=True, text=True, check=True
    ).stdout.split("\0")
    paths: dict[str, list[str]] = {}
    for entry in filter(None, listed):
        about, _, path = entry.partition("\t")
        _, kind, name = about.split(" ")
        if kind == "blob":
            paths.setdefault(name, []).append(path)
    asked = subprocess.run(
        ["git", f"--git-dir={git}", "cat-file", "--batch-check"],
        input="".join(f"{name}\n" for name in paths),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"GIT_NO_LAZY_FETCH": "1"},
    ).stdout.splitlines()
    return sorted(path for line in asked if line.endswith(" missing") for path in paths[line.split(" ")[0]])


def _fetched(name: str, commit: str) -> Path:
    git = KEPT / "git" / name.replace("/", "+")
    if not (git / "HEAD").is_file():
        git.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "init", "--quiet", "--bare", str(git)], check=True)
    asked = ["git", f"--git-dir={git}", "fetch", "--quiet", "--depth=1", f"https://github.com/{name}", commit]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=_FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired as problem:
        raise CheckoutError(f"{name} at {commit[:12]}: GitHub did not answer within {_FETCH_SECONDS} s") from problem
    if done.returncode:
        raise CheckoutError(f"{name} at {commit[:12]}: {done.stderr.strip().splitlines()[-1:] or 'cannot be fetched'}")
    return git
