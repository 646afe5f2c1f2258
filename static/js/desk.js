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
    }
    for (const icon of document.querySelectorAll("span.help-tooltip[aria-label]")) {
      icon.setAttribute("role", "img");
    }
  };

  new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", nameAll);
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
