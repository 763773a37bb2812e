"""What is said about the keys of ConfigMaps and Secrets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A key an object holds (Kind.SECRET_KEY, defines, named `object/key`).

    `object` is "ConfigMap", "Secret", or "compose secret" and "compose config" (the name then ends with the slash); `by` is what makes it ("manifest", "kustomize", "SealedSecret",
    "ExternalSecret", "kubectl", "compose"); `value` is that of a ConfigMap's key, None for every Secret and where it is unknown; `secret` is a
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
    that is "". `path` is where in the container that file lies, "" where that is not said."""

    object: str
    namespace: str = ""
    optional: bool = False
    variable: str = ""
    path: str = ""
