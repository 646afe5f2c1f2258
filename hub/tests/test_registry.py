import pytest

from hub.registry import Registry


def test_registry_keeps_the_order_of_registration():
    registry = Registry("a colour")

    registry.register("pine")
    registry.register("ember")

    assert list(registry) == ["pine", "ember"]


def test_registry_refuses_a_second_time():
    registry = Registry("a colour")
    registry.register("pine")

    with pytest.raises(ValueError, match="'pine' is registered twice as a colour"):
        registry.register("pine")
