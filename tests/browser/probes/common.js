// What the probes share. Each probe is a function of `probe` that answers with a list of faults in words.
globalThis.probe = {
  targets: "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])",

  // The element as a person would look for it: its way from the nearest class, and its first words.
  name(element) {
    const steps = [];
    for (let step = element; step && step !== document.body; step = step.parentElement) {
      const classes = [...step.classList].map((name) => `.${name}`).join("");
      const id = step.id ? `#${step.id}` : "";
      steps.unshift(step.localName + id + classes);
      if ((classes || id) && steps.length > 1) break;
    }
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    return `${steps.join(" > ")} “${words}”`;
  },

  isShown(element) {
    return element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
  },

  // Decoration, and words that are there for screen readers alone.
  isAside(element) {
    return Boolean(element.closest("[aria-hidden=true], .visually-hidden, .skip"));
  },

  clips(element) {
    const { overflowX, overflowY, clipPath } = getComputedStyle(element);
    return overflowX !== "visible" || overflowY !== "visible" || clipPath !== "none";
  },

  // Every line of text that is shown: its element and the box of its letters.
  lines() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    const range = document.createRange();
    while (walker.nextNode()) {
      const owner = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !probe.isShown(owner) || probe.isAside(owner)) continue;
      range.selectNodeContents(walker.currentNode);
      for (const box of range.getClientRects()) {
        if (box.width > 1 && box.height > 1) found.push({ owner, box });
      }
    }
    return found;
  },

  // For a sheet that the strict policy lets in, as it would not a <style>.
  adopt(css) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  },
};
