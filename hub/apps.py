from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import apps as procrastinate_apps
from taggit import apps as taggit_apps


class HubConfig(AppConfig):
    name = "hub"
    verbose_name = "Hub"
    default = True


class DeskConfig(admin_apps.AdminConfig):
    """Puts the partner desk in the place of Django's own admin site."""

    default_site = "hub.desk.DeskSite"
    default = False


class QueueConfig(procrastinate_apps.ProcrastinateConfig):
    verbose_name = _("Background jobs")
    default = False


class TagsConfig(taggit_apps.TaggitAppConfig):
    verbose_name = _("Free tags")
    default = False
