"""Which functions of a Python module run only when a request or a task comes in."""

import ast
from functools import cached_property

from roadworthy.syntax.python import Function, Module

_ROUTES = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "route", "api_route", "websocket", "task"}
)
_ROUTES |= {
    "shared_task",
    "actor",
    "api_view",
    "before_request",
    "middleware",
    "exception_handler",
    "action",
    "event_handler",
}
_METHODS = frozenset(
    {"get", "post", "put", "patch", "delete", "dispatch", "list", "create", "retrieve", "update", "destroy"}
)
_VIEWS = ("View", "ViewSet", "Resource", "HTTPEndpoint", "MethodView")
_START = frozenset(
    {"lifespan", "startup", "on_startup", "main", "create_app", "setup", "configure", "init_app", "ready"}
)


class Handlers:
    """The handlers of one module, found when first asked for."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def around(self, node: ast.AST) -> str:
        """Return the name of the handler a node stands in, or of the function that only handlers of the module call; ""
        where it may run at the start."""
        function = self._module.around.get(node)
        outer = function
        while outer is not None:
            if self._handles(outer):
                return outer.name
            outer = self._module.around.get(outer)
        if function is not None and function.name in self._called_late:
            return function.name
        return ""

    def _handles(self, function: Function) -> bool:
        if function.name in _START:
            return False
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = (
                called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
            )
            if name in _ROUTES and (isinstance(called, ast.Attribute) or name not in _METHODS):
                return True
        parent = self._module.parents.get(function)
        if isinstance(parent, ast.ClassDef) and function.name in _METHODS:
            return any(ast.unparse(base).endswith(_VIEWS) for base in parent.bases)
        return function.name in self._depended

    @cached_property
    def _depended(self) -> frozenset[str]:
        """Return the functions that requests depend on."""
        return frozenset(
            call.args[0].id
            for call, name in self._module.calls
            if name.rpartition(".")[2] in ("Depends", "Security") and call.args and isinstance(call.args[0], ast.Name)
        )

    @cached_property
    def _called_late(self) -> frozenset[str]:
        """Return the private functions that the module calls, and only from handlers."""
        late: dict[str, bool] = {}
        for call in self._module.of(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id.startswith("_"):
                caller = self._module.around.get(call)
                handled = caller is not None and self._handles(caller)
                late[call.func.id] = late.get(call.func.id, True) and handled
        return frozenset(name for name, only in late.items() if only)
