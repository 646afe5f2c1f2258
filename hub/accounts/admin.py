"""The desk shows none of what django-allauth brings: rows that hold secrets, or that only make sense
together with what the account's owner does."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin

for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)
