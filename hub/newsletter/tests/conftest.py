from hub.notices.tests.conftest import _trial_templates, by_smtp

__all__ = ["_trial_templates", "by_smtp"]
