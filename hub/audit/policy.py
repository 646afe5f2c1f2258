"""Who looks after the machinery of the hub. Below ``partners.policy``, which this app cannot ask."""

from django.contrib.auth.base_user import AbstractBaseUser


def runs(user: AbstractBaseUser) -> bool:
    """Whether this person sees background work, runs it again and cancels it: administrators."""
    return user.is_active and user.is_superuser
