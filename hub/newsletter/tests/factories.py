from hub import limits
from hub.addresses import folded
from hub.newsletter import signing_up
from hub.newsletter.models import Subscription
from hub.newsletter.signing_up import Consent, Wishes

CONSENT = Consent("You may write to me.", "/newsletter/")


def make_reader(email: str = "ana@example.org", **wishes: object) -> Subscription:
    """Somebody who has signed up and confirmed it; the mailbox can be asked again."""
    signing_up.sign_up(email, Wishes(**wishes), CONSENT, "en")
    limits.forget(signing_up.TO_MAILBOX, folded(email))
    return signing_up.confirm(Subscription.objects.of_address(email).get().pk)
