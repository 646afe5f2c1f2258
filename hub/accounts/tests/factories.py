from allauth.account.models import EmailAddress

from hub.partners.models import User
from hub.partners.tests.factories import make_user


def make_member(email: str = "", **fields) -> User:
    """Somebody with an account, of whom we know that they read their mail."""
    return verified(make_user(email, **fields))


def verified(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
    return user
