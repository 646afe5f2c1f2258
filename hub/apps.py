from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class HubConfig(AppConfig):
    name = "hub"
    verbose_name = "Hub"
    default = True


class DeskConfig(admin_apps.AdminConfig):
    """Puts the partner desk in the place of Django's own admin site."""

    default_site = "hub.desk.DeskSite"
    default = False
