"""What is said about environment variables: who gives them, and the parts of those that are addresses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnvironmentGiven:
    """A variable some artifact gives (Kind.ENVIRONMENT, defines).

    `by` is what gives it ("ENV", "ARG", "compose", "env_file", "host", "ConfigMap", "Secret", "kubernetes" …); `value` is
    None where it is unknown or looks like a secret. `secret` is a number: equal secrets have equal numbers, None where
    there is no secret or its value is not written down. `source` names the variable, or `object/key`, the value is
    taken from, "" when it stands here. `template` is the text where parts of it are taken from elsewhere: these stand
    as `${NAME}`; "" where the value is known or secret.
    """

    by: str
    value: str | None
    secret: int | None = None
    source: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentTaken:
    """A variable a file of the deployment takes from the environment of whoever deploys (Kind.ENVIRONMENT, refers,
    phase "deploy"): `by` is "interpolation"; `required` tells that it has no default."""

    by: str
    required: bool


@dataclass(frozen=True, slots=True)
class EnvironmentImported:
    """All variables of an object or file are given (Kind.ENVIRONMENT, refers, named by the object or path): `by` is
    "env_file", "configMapRef", "secretRef"."""

    by: str
    prefix: str = ""
    namespace: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class UrlParts:
    """An address that stands as the value of a variable (Kind.URL, defines, named by the variable).

    Parts are None where they are absent or cannot be read. `password` is a number: equal passwords have equal numbers.
    """

    scheme: str
    host: str | None
    port: int | None = None
    user: str | None = None
    password: int | None = None
    database: str | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentRead:
    """Code reads a variable (Kind.ENVIRONMENT, refers).

    `how` is the construct ("os.environ", "os.getenv", "settings field" …). `required` is True where its absence stops
    the program, False where there is a default or the code provides for its absence, None where that cannot be seen.
    `default` is the value used instead, None where there is none or it is no plain text.
    """

    how: str
    required: bool | None
    default: str | None = None
