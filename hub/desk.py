"""The partner desk: Django's admin in our clothes, with the work that waits on its first page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hub.registry import Registry


@dataclass(frozen=True)
class Task:
    """Work that waits for somebody: what, how much of it, and where it is done."""

    label: str
    count: int
    url: str


# Each answers the tasks that wait for one person; those with a count of 0 are not shown.
inbox: Registry[Callable[[AbstractBaseUser], list[Task]]] = Registry("an inbox of the desk")


class DeskSite(AdminSite):
    site_title = _("Partner desk")
    site_header = _("Partner desk")
    index_title = _("Your desk")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_staff

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        tasks = [task for waiting in inbox for task in waiting(request.user) if task.count]
        return super().index(request, {**(extra_context or {}), "inbox": tasks})
