"""Kustomizations and charts."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.collect import helm, kustomization
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Open, Symbol
from roadworthy.model.words import FileRole

_TEXT = """\
resources: [../../base, extra.yaml]
patches:
  - path: replicas.yaml
  - target: {kind: Deployment, name: api}
    patch: "- {op: remove, path: /spec/replicas}"
configMapGenerator:
  - {name: settings, literals: [LOG_LEVEL=info], files: [nginx.conf, app.toml=config/app.toml]}
"""


def test_files_keys_and_patches_are_read() -> None:
    found = list(kustomization.collect(SourceFile("k8s/overlays/prod/kustomization.yaml", _TEXT, FileRole.PROD)))

    files = [(str(s.name), s.detail.by) for s in found if isinstance(s, Symbol) and isinstance(s.detail, FileUse)]
    keys = [str(s.name) for s in found if isinstance(s, Symbol) and s.kind is Kind.SECRET_KEY]
    opened = {s.component for s in found if isinstance(s, Open)}

    assert files == [
        ("k8s/base", "resource"),
        ("k8s/overlays/prod/extra.yaml", "resource"),
        ("k8s/overlays/prod/replicas.yaml", "patch"),
        ("k8s/overlays/prod/nginx.conf", "config"),
        ("k8s/overlays/prod/config/app.toml", "config"),
    ]
    assert keys == ["settings/LOG_LEVEL", "settings/nginx.conf", "settings/app.toml"]
    assert opened == {"api"}


def test_a_library_chart_deploys_nothing() -> None:
    file = SourceFile("lib/Chart.yaml", "name: lib\nversion: 1.0.0\ntype: library\n", FileRole.PROD)

    assert list(helm.collect(file)) == []


_KEYS = (
    "resources",
    "patches",
    "path",
    "patch",
    "target",
    "name",
    "configMapGenerator",
    "literals",
    "files",
    "replicas",
)
_ANYTHING = st.recursive(
    st.none() | st.integers() | st.text("a=/.:\n", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(_KEYS), _ANYTHING, max_size=4))
def test_any_shape_is_survived(body: dict[str, object]) -> None:
    list(kustomization.collect(SourceFile("kustomization.yaml", yaml.safe_dump(body), FileRole.PROD)))
