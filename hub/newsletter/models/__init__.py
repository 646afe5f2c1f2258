from hub.newsletter.models.issues import Delivery, Issue, IssueItem, IssueText
from hub.newsletter.models.subscriptions import Group, Subscription

__all__ = ["Delivery", "Group", "Issue", "IssueItem", "IssueText", "Subscription"]
