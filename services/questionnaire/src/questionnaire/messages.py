"""What callers send. Text is bounded and free of control characters; anything unknown is refused."""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=PRINTABLE)]
Transcript = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]


class Purpose(StrEnum):
    """What a subject consents to."""

    DATA_PROCESSING = "data_processing"
    AUDIO = "audio"


class Mode(StrEnum):
    """How a session is led: by voice without a stop, or by buttons."""

    CONTINUOUS = "CONTINUOUS"
    MANUAL = "MANUAL"


class Status(StrEnum):
    """Whether an item has a value, and if not, why."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """How an answer came in."""

    VOICE = "voice"
    TOUCH = "touch"
    KEYBOARD = "keyboard"
    PROXY = "proxy"
    PAPER = "paper"


class Message(BaseModel):
    """A request body: camelCase outside, closed to unknown fields."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class NewSubject(Message):
    """A person, known to the service by pseudonym only."""

    study: Label
    pseudonym: Label


class ConsentChange(Message):
    """A consent given, or withdrawn."""

    purpose: Purpose
    text_version: Label
    given: bool = True


class NewSession(Message):
    """One filling-in of the questionnaire."""

    subject_id: UUID
    visit: Label = "T0"
    mode: Mode = Mode.MANUAL


class NewAnswer(Message):
    """The answer to one item; a second one is a correction."""

    value: Annotated[int, Field(strict=True)] | None = None
    status: Status = Status.ANSWERED
    source: Source = Source.TOUCH
    transcript: Transcript | None = None
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def value_goes_with_answered(self) -> Self:
        """Refuse a value without the status answered, and the reverse."""
        if (self.status is Status.ANSWERED) != (self.value is not None):
            raise ValueError("a value goes with the status answered, and only with it")
        return self
