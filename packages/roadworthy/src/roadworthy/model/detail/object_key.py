"""What is said about the keys of ConfigMaps and Secrets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A key an object holds (Kind.SECRET_KEY, defines, named `object/key`).

    `object` is "ConfigMap" or "Secret"; `by` is what makes it ("manifest", "kustomize", "SealedSecret",
    "ExternalSecret"); `value` is that of a ConfigMap's key, None for every Secret and where it is unknown; `secret` is a
    number: equal secrets have equal numbers.
    """

    object: str
    by: str
    namespace: str = ""
    value: str | None = None
    secret: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectKeyUse:
    """A container takes one key (Kind.SECRET_KEY, refers, named `object/key`): as variable `variable`, or as a file when
    that is ""."""

    object: str
    namespace: str = ""
    optional: bool = False
    variable: str = ""
