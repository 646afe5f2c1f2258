"""Somebody who goes through pages by the keyboard alone."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page

MOST_MOVES = 250
# What a keyboard has come to: the name of the field or of the button, as it is read out.
HERE = """
() => {
  const here = document.activeElement;
  const label = here.labels?.[0]?.textContent;
  const said = here.getAttribute("aria-label") || label || here.innerText || here.value || "";
  return said.replace(/\\s+/g, " ").replace(/:$/, "").trim().slice(0, 100);
}
"""


@dataclass
class Keyboard:
    """Somebody who has no mouse. ``acts`` are presses that do something and fields that are typed
    into, ``moves`` the steps from one field to the next."""

    page: Page
    acts: int = 0
    moves: int = 0
    passed: list[str] = field(default_factory=list)

    def to(self, name: str) -> None:
        """Tab on to what is called so."""
        for _ in range(MOST_MOVES):
            here = self.page.evaluate(HERE)
            self.passed.append(here)
            if here == name:
                return
            self.on()
        pytest.fail(f"Nowhere a {name!r}: {self.passed[-MOST_MOVES:]}")

    def on(self) -> None:
        self.moves += 1
        self.page.keyboard.press("Tab")

    def press(self, key: str = "Enter") -> None:
        self.acts += 1
        self.page.keyboard.press(key)

    def open(self, name: str) -> None:
        """Press what leads to another page."""
        self.to(name)
        with self.page.expect_navigation():
            self.press()

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.acts += 1
        self.page.keyboard.type(text)

    def choose_file(self, name: str, path: Path) -> None:
        self.to(name)
        with self.page.expect_file_chooser() as chooser:
            self.press()
        chooser.value.set_files(path)

    def look_up(self, name: str, text: str) -> None:
        """Type some letters, and take what is offered first."""
        self.write(name, text)
        self.page.wait_for_selector(f".select2-results__option--highlighted:has-text({text!r})")
        self.press()
