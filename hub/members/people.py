"""What we know of people's addresses."""

from allauth.account.models import EmailAddress

from hub.partners.models import User


def addresses_of(user: User) -> set[str]:
    """The addresses, in lower case, of which this person has shown that they read them."""
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return {email.lower() for email in verified.values_list("email", flat=True)}
