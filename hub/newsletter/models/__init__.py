from hub.newsletter.models.subscriptions import Group, Subscription

__all__ = ["Group", "Subscription"]
