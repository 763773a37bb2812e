"""The closed sets every stage speaks in."""

from enum import StrEnum


class Criterion(StrEnum):
    """One of the twelve questions."""

    TESTS = "tests"
    ERRORS = "errors"
    MONITORING = "monitoring"
    SECRETS = "secrets"
    BACKUP = "backup"
    SECURITY = "security"
    PERFORMANCE = "performance"
    DOCUMENTATION = "documentation"
    DELIVERY = "delivery"
    ENVIRONMENTS = "environments"
    SCALABILITY = "scalability"
    COMPLIANCE = "compliance"


class Severity(StrEnum):
    """How bad a broken rule is, in the words of the real roadworthiness test."""

    DANGEROUS = "dangerous"
    MAJOR = "major"
    MINOR = "minor"
    ADVISORY = "advisory"

    @property
    def rank(self) -> int:
        """0 for advisory up to 3 for dangerous."""
        return _RANKS[self]


_RANKS = {Severity.ADVISORY: 0, Severity.MINOR: 1, Severity.MAJOR: 2, Severity.DANGEROUS: 3}


class Outcome(StrEnum):
    """What one trial of a rule showed."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not-applicable"


class Verdict(StrEnum):
    """What the certificate says."""

    ROADWORTHY = "roadworthy"
    NOT_ROADWORTHY = "not roadworthy"
    NOT_PROVED = "not proved"


class Family(StrEnum):
    """A group of artifacts a rule is about. `score` says which are expected of which shape; the others are optional."""

    SOURCE = "source"
    TESTS = "tests"
    PIPELINE = "pipeline"
    IMAGE = "image"
    PROBES = "probes"
    METRICS = "metrics"
    ALERTS = "alerts"
    LOGS = "logs"
    CONFIGURATION = "configuration"
    DOCUMENTS = "documents"
    STORE = "store"
    BACKUP = "backup"
    OUTGOING_CALLS = "outgoing-calls"
    PERSONAL_DATA = "personal-data"
    USER_INTERFACE = "user-interface"
    COMPOSE = "compose"
    KUBERNETES = "kubernetes"
    PROXY = "proxy"
    DASHBOARDS = "dashboards"


class FileRole(StrEnum):
    """What a file is for."""

    PROD = "prod"
    DEV = "dev"
    TEST = "test"
    EXAMPLE = "example"
    VENDORED = "vendored"
    GENERATED = "generated"
    DOCUMENT = "document"
