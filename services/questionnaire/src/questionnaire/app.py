"""The address uvicorn is given: `questionnaire.app:app`. Importing it validates the environment."""

from roadworthy_runtime import load

from questionnaire.application import create_app
from questionnaire.config import Config

app = create_app(load(Config))
