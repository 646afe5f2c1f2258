// Suggestions under a search field: ARIA's combobox with a list, which the server makes.
const answers = new Map();

const suggestUnder = (field, box, status) => {
  let timer, request, active;

  const point = (option) => {
    active?.setAttribute("aria-selected", false);
    active = option;
    if (!active) return field.removeAttribute("aria-activedescendant");
    active.setAttribute("aria-selected", true);
    active.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", active.id);
  };

  const show = (list) => {
    point();
    box.innerHTML = list;
    const said = box.firstElementChild?.dataset.said ?? "";
    field.setAttribute("aria-expanded", !!said);
    if (status.textContent !== said) status.textContent = said;
  };

  const stop = () => {
    clearTimeout(timer);
    request?.abort();
    point();
  };

  const close = () => {
    stop();
    show("");
  };

  const ask = async () => {
    const words = field.value.trim();
    const { signal } = (request = new AbortController());
    try {
      if (!answers.has(words)) {
        const answer = await fetch(`${box.dataset.url}?q=${encodeURIComponent(words)}`, { signal });
        answers.set(words, answer.ok ? await answer.text() : "");
      }
    } catch {}
    if (!signal.aborted) show(answers.get(words) ?? "");
  };

  const typed = (event) => {
    stop();
    if (!field.value.trim()[1]) close();
    else if (!event?.isComposing) timer = setTimeout(ask, 150);
  };

  const move = (step) => {
    const places = [undefined, ...box.querySelectorAll("a")]; // the first is the field itself
    if (places[1]) point(places.at((places.indexOf(active) + step) % places.length));
    else typed();
  };

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => active.click(),
    Escape: () => {
      if (!box.firstElementChild) field.value = "";
      close();
    },
  };

  field.addEventListener("keydown", (event) => {
    const { key, isComposing, altKey, ctrlKey, metaKey } = event;
    if (isComposing || altKey || ctrlKey || metaKey) return;
    if (!keys[key] || (key === "Enter" && !active)) return point();
    event.preventDefault();
    keys[key]();
  });
  field.addEventListener("input", typed);
  field.addEventListener("compositionend", typed);
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  box.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
  box.addEventListener("click", close);

  field.type = "text"; // of which HTML allows to make a combobox
  field.enterKeyHint = field.inputMode = "search";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "suggestions");
  field.setAttribute("aria-expanded", false);
};

for (const box of document.querySelectorAll(".suggest")) {
  suggestUnder(box.parentElement.querySelector("input"), box, box.nextElementSibling);
}
