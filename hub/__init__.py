"""The ground that every app of the Just Transition Hub stands on, and the project package."""
