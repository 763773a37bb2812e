"""The one way a wrong configuration ends the process: a clear message, exit code 78."""

import sys

from roadworthy_runtime.contract import CONFIGURATION_EXIT_CODE


class ConfigurationError(SystemExit):
    """Given what is wrong, in words without any value; uncaught, it prints them and exits with EX_CONFIG."""

    def __init__(self, message: str) -> None:
        super().__init__(CONFIGURATION_EXIT_CODE)
        self.message = message

    def __str__(self) -> str:
        return self.message


def refuse(message: str) -> ConfigurationError:
    """Print the message where an operator looks first and return the error to raise."""
    sys.stderr.write(message.rstrip("\n") + "\n")
    sys.stderr.flush()
    return ConfigurationError(message)
