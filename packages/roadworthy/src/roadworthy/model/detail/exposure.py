"""What is said about who can reach a thing, and about what runs only on the computers of its developers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceExposed:
    """A Kubernetes Service is reached from outside the cluster (Kind.SERVICE, refers, named by the Service): `form` is
    "LoadBalancer" or "NodePort"."""

    form: str
    namespace: str
    selector: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ForDevelopment:
    """A compose file is for developers (Kind.SETTING, defines, named by its path; derived): `why` says what shows it."""

    why: str


@dataclass(frozen=True, slots=True)
class PrivilegeTaken:
    """A container gets more of its host than it needs (Kind.SETTING, defines, named by the option)."""

    says: str
