from hub.partners.models.organisations import Membership, Organisation
from hub.partners.models.people import Person
from hub.partners.models.users import User

__all__ = ["Membership", "Organisation", "Person", "User"]
