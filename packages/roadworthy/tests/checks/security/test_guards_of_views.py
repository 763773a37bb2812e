"""Who may call the methods of Nest's controllers and the views of Django."""

import pytest

from repository import inspected

_RULE = "security/unauthenticated-route"
_NEST = """import { Controller, Delete, Get, Post, Put, UseGuards } from "@nestjs/common";
import { JwtAuthGuard } from "../auth/jwt.guard";

@Controller("orders")
export class OrdersController {
  @UseGuards(JwtAuthGuard)
  @Get()
  all() { return []; }

  @UseGuards(JwtAuthGuard)
  @Put(":id")
  change() { return 1; }

  @UseGuards(JwtAuthGuard)
  @Post()
  add() { return 1; }

  GUARD@Delete(":id")
  remove() { return 1; }
}
"""
_DJANGO = """from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from shop.models import Order


@login_required
@require_POST
def add(request):
    Order.objects.create(name=request.POST["name"])
    return HttpResponse(status=201)


@login_required
@require_POST
def change(request, number):
    Order.objects.filter(pk=number).update(name="x")
    return HttpResponse(status=204)


GUARD@require_POST
def remove(request, number):
    Order.objects.filter(pk=number).delete()
    return HttpResponse(status=204)
"""
_CLASSES = """from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import CreateView, DeleteView, UpdateView

from shop.models import Order


class Add(LoginRequiredMixin, CreateView):
    model = Order


class Change(LoginRequiredMixin, UpdateView):
    model = Order


class Remove(GUARDDeleteView):
    model = Order
"""
_REST = """from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.views import APIView


class Orders(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request):
        return None


class Order(APIView):
    permission_classes = [IsAuthenticated]

    def put(self, request, number):
        return None


class Removed(APIView):
    GUARD
    def delete(self, request, number):
        return None
"""


@pytest.mark.parametrize(
    ("path", "text", "bare"),
    [
        ("src/orders/orders.controller.ts", _NEST, ""),
        ("shop/views.py", _DJANGO, ""),
        ("shop/views.py", _CLASSES, ""),
        ("shop/views.py", _REST, "permission_classes = [AllowAny]\n"),
    ],
)
def test_what_changes_something_and_asks_nobody_is_found(path: str, text: str, bare: str) -> None:
    head, _, tail = text.rpartition("GUARD")

    found = inspected({path: head + bare + tail}, _RULE)

    assert len(found.findings) == 1, found.reason
    assert found.findings[0].related


def _bare(text: str) -> str:
    head, mark, tail = text.rpartition("GUARD")
    return head + tail if mark else text


@pytest.mark.parametrize(
    ("path", "text", "guard"),
    [
        ("src/orders/orders.controller.ts", _NEST, "@UseGuards(JwtAuthGuard)\n  "),
        ("src/orders/orders.controller.ts", _NEST, "@Public()\n  "),
        ("shop/views.py", _DJANGO, "@login_required\n"),
        ("shop/views.py", _CLASSES, "LoginRequiredMixin, "),
        ("shop/views.py", _CLASSES, "OwnMixin, "),
        ("shop/views.py", _REST, "permission_classes = [IsAuthenticated]\n"),
        ("shop/views.py", _REST, ""),
    ],
)
def test_a_guard_or_what_may_bring_one_is_no_finding(path: str, text: str, guard: str) -> None:
    head, _, tail = text.rpartition("GUARD")

    assert not inspected({path: head + guard + tail}, _RULE).findings


def test_a_guard_on_the_whole_class_counts_for_each_method() -> None:
    text = _bare(_NEST).replace('@Controller("orders")', '@UseGuards(JwtAuthGuard)\n@Controller("orders")')

    assert not inspected({"src/orders/orders.controller.ts": text}, _RULE).findings
