// What scripts put in the place of a field has no label of its own: it takes the name of the field.
(() => {
  const nameOf = (field) =>
    field?.labels?.[0]?.textContent.trim().replace(/:$/, "") ?? field?.getAttribute("aria-label");

  const say = (part, field) => {
    const name = nameOf(field);
    if (name && part && part.getAttribute("aria-label") !== name) {
      part.setAttribute("aria-label", name);
    }
  };

  // A row of buttons is one stop of the Tab key; arrows lead about in it.
  const buttonsOf = (bar) => [...bar.querySelectorAll("button:not([popover] *)")];

  const stopOnce = (bar, to = buttonsOf(bar)[0]) => {
    for (const button of buttonsOf(bar)) {
      button.tabIndex = button === to ? 0 : -1;
    }
  };

  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest("[role=toolbar]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!bar || !step) return;
    const buttons = buttonsOf(bar).filter((button) => button.offsetParent);
    if (!buttons.includes(event.target)) return;
    const next = buttons.at((buttons.indexOf(event.target) + step) % buttons.length);
    event.preventDefault();
    stopOnce(bar, next);
    next.focus();
  });

  const nameAll = () => {
    for (const box of document.querySelectorAll(".select2-container")) {
      const field = box.parentElement.querySelector("select.admin-autocomplete");
      const single = box.querySelector(".select2-selection--single");
      const shown = box.querySelector("span.select2-selection__rendered");
      if (single && shown) {
        single.removeAttribute("aria-labelledby");
        single.setAttribute("aria-describedby", shown.id);
        say(single, field);
        say(shown, field);
      }
      say(box.querySelector(".select2-selection .select2-search__field"), field);
      // The list of what is chosen holds a button too, so it is none.
      for (const part of box.querySelectorAll("ul.select2-selection__rendered, ul.select2-selection__rendered > li")) {
        part.setAttribute("role", "presentation");
      }
    }
    for (const editor of document.querySelectorAll(".prose-editor")) {
      say(editor.querySelector("[role=textbox]"), editor.querySelector("textarea"));
      const bar = editor.querySelector(".prose-menubar");
      if (bar && bar.getAttribute("role") !== "toolbar") {
        bar.setAttribute("role", "toolbar");
        say(bar, editor.querySelector("textarea"));
        stopOnce(bar);
      }
    }
    for (const icon of document.querySelectorAll("span.help-tooltip[aria-label]")) {
      icon.setAttribute("role", "img");
    }
  };

  new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", nameAll);
})();

// Parts of a form: who adds one goes on in it, and what looks like a button is pressed like one.
(() => {
  document.addEventListener("formset:added", ({ target }) => {
    const fields = target.querySelectorAll("input:not([type=hidden]), select, textarea");
    [...fields].find((field) => field.offsetParent)?.focus();
  });

  document.addEventListener("formset:removed", () => {
    for (const room of document.querySelectorAll("details.one-more:not(:has(.inline-related))")) {
      room.remove();
    }
  });

  document.addEventListener("keydown", (event) => {
    const link = event.target.closest("a[role=button]");
    if (link && event.key === " ") {
      event.preventDefault();
      link.click();
    }
  });
})();

// Writing keeps the desk open: it shuts after an hour without a request, and typing makes none.
(() => {
  const EVERY = 10 * 60 * 1000;
  let asked = Date.now();

  document.addEventListener("input", () => {
    const desk = document.querySelector(".desk-header__name");
    if (desk && Date.now() - asked > EVERY) {
      asked = Date.now();
      fetch(desk.href, { method: "HEAD" });
    }
  });
})();
