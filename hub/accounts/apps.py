from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "hub.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from hub import desk
        from hub.accounts import factors, personal

        personal.declare()
        desk.bars.register(factors.before_the_desk)
