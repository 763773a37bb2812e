"""A service whose configuration is never right."""

from fastapi import FastAPI

from roadworthy_runtime import Settings, load


class Config(Settings):
    """Wants what nobody sets."""

    surely_not_set_anywhere: int


load(Config)
app = FastAPI()
