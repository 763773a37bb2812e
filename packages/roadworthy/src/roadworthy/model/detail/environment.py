"""What is said about environment variables: who gives them, and the parts of those that are addresses."""

from dataclasses import dataclass

from roadworthy.model.place import Span


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
    phase "deploy"): `by` is "interpolation", or "secret" where a compose secret is made of it; `required` tells that it has no
    default."""

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
    `default` is the value used instead, None where there is none or it is no plain text. `late` names the request handler
    or job in which it is read, "" where it is read at the start or that cannot be told.
    """

    how: str
    required: bool | None
    default: str | None = None
    late: str = ""


@dataclass(frozen=True, slots=True)
class NamesMentioned:
    """The names in capitals that a file mentions in any way, whatever its language (Kind.ENVIRONMENT, refers, phase
    "mention"; gone once the facts are linked). `open` tells how the file may use names that it does not mention."""

    names: frozenset[str]
    open: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentDocumented:
    """A document describes a variable in a table or list (Kind.ENVIRONMENT, refers, phase "document"). `default` is what it
    says the default is, "" where it does not."""

    default: str = ""


@dataclass(frozen=True, slots=True)
class VariableUse:
    """What becomes of a variable that a person provides (Kind.ENVIRONMENT, refers, phase "provided"; derived).

    `by` is "env_file", "compose", "kubernetes", "ConfigMap", "Secret", "document". `state` is "used", "unused" or "unclear"
    with `why`; `near` is the variable that is read and was perhaps meant, `near_at` the place that reads it.
    """

    by: str
    state: str
    why: str = ""
    near: str = ""
    near_at: Span | None = None


@dataclass(frozen=True, slots=True)
class VariableNeed:
    """A variable without which the service does not start, and which a person must provide (Kind.ENVIRONMENT, refers, phase
    "needed"; derived). `by` is what needs it. `described` is the place that tells people about it, None where none does;
    `sheet` then is the document that lists the others; `near` what that has instead."""

    by: str
    described: Span | None
    sheet: Span | None = None
    near: str = ""
    near_at: Span | None = None


@dataclass(frozen=True, slots=True)
class StageValue:
    """A value that an overlay sets for its environment (Kind.SETTING, defines, phase "stage", named by the value).

    `what` is "namespace", or the last telling part of the path that is patched or set; `target` is what it is set on.
    """

    what: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class StageShared:
    """Staging and production name one and the same thing, or two (Kind.SETTING, refers, phase "stage", named by the setting;
    derived). `stage` and `other` are the two environments, `there` is the place of the other side."""

    stage: str
    other: str
    same: bool
    there: Span
    inherited: bool = False
