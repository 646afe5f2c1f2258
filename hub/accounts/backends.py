from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import make_password

from hub.partners.models import User


class AddressBackend(AuthenticationBackend):
    """An account by its address and password. Whether there is one or not, one password is hashed;
    whoever has been deactivated is nobody."""

    def authenticate(self, request, email: str = "", password: str = "", **_others) -> User | None:
        if not email or not password:
            return None
        user = User.objects.with_address(email)
        if user is None:
            make_password(password)
            return None
        is_right = user.check_password(password)
        return user if is_right and self.user_can_authenticate(user) else None
