// Watches where the keyboard leads. Call `watch`, press Tab as often as it says, then ask for `faults`.
probe.focus = {
  watch() {
    const shown = [...document.querySelectorAll(probe.targets)].filter(
      (element) => element.tabIndex >= 0 && !element.disabled && probe.isShown(element)
        && probe.focus.isStop(element));
    probe.focus.expected = shown;
    probe.focus.stops = [];
    probe.focus.unfocused = new Map();
    for (const element of shown) {
      for (const around of probe.focus.around(element)) {
        probe.focus.unfocused.set(around, probe.focus.look(around));
      }
    }
    // Only at the next key has the page scrolled to what the last one has led to.
    document.addEventListener("keydown", probe.focus.note, true);
    return shown.length;
  },

  // Of radio buttons that belong together the Tab key leads to the chosen one, else to the first; from
  // there the arrow keys go on.
  isStop(element) {
    if (element.type !== "radio") return true;
    const group = [...document.getElementsByName(element.name)].filter(
      (other) => other.form === element.form);
    return element === (group.find((other) => other.checked) ?? group[0]);
  },

  // Where a mark may be: on the element, on what it stands in, on the drawing that it is.
  around: (element) => [
    element, element.parentElement, element.parentElement.parentElement,
    ...(element instanceof SVGElement ? element.querySelectorAll("*") : []),
  ],

  look(element) {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle !== "none" && `${style.outline}`;
    return [outline, style.backgroundColor, style.boxShadow, style.fill, style.stroke, style.strokeWidth].join(" / ");
  },

  note() {
    const element = document.activeElement;
    if (element === document.body) return;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const isMarked = probe.focus.around(element).some((around) =>
      probe.focus.look(around) !== probe.focus.unfocused.get(around));
    probe.focus.stops.push({
      element, isMarked, under: probe.focus.coverOf(element),
      left, right, top: top + scrollY, bottom: bottom + scrollY,
    });
  },

  // What hides the element, or some of it: looked for in the middle and near the ends of each line. A
  // field of many lines may reach below the window: browsers bring the line into view that is written on.
  coverOf(element) {
    const firstLine = element instanceof HTMLTextAreaElement ? 22 : Infinity;
    for (const { left, right, top, bottom } of element.getClientRects()) {
      const y = Math.min((top + bottom) / 2, top + firstLine);
      for (const x of [left + 2, (left + right) / 2, right - 2]) {
        const found = document.elementFromPoint(x, y);
        if (!found) return "the edge of the window";
        // The parts of a drawing lie beside each other, and what one may hit reaches further than what one sees.
        const isDrawn = element.ownerSVGElement?.contains(found);
        const isOwn = isDrawn || element.contains(found) || found.contains(element)
          || [...(element.labels ?? [])].some((label) => label.contains(found));
        if (!isOwn) return probe.name(found);
      }
    }
    return "";
  },

  faults() {
    document.removeEventListener("keydown", probe.focus.note, true);
    const { expected, stops } = probe.focus;
    const faults = [];
    expected.forEach((element, index) => {
      const stop = stops[index]?.element;
      if (stop !== element && faults.length < 5) {
        faults.push(`stop ${index + 1} is ${stop ? probe.name(stop) : "nowhere"}, not ${probe.name(element)}`);
      }
    });
    for (const { element, isMarked, under } of stops) {
      if (!isMarked) faults.push(`${probe.name(element)} looks the same with focus`);
      if (under) faults.push(`${probe.name(element)} is under ${under}`);
    }
    stops.slice(1).forEach((stop, index) => {
      const before = stops[index];
      // On a map one goes by name: it has no lines.
      if (stop.element.ownerSVGElement && stop.element.ownerSVGElement === before.element.ownerSVGElement) return;
      const isBelow = (stop.top + stop.bottom) / 2 > before.top - 4;
      const isNextColumn = stop.left > before.left + 24;
      const isBackInLine = isBelow && stop.bottom < before.bottom + 4 && stop.right < before.left + 4
        && stop.top > before.top - 4;
      if (!(isBelow || isNextColumn) || isBackInLine) {
        faults.push(`${probe.name(stop.element)} follows ${probe.name(before.element)}, which is behind it`);
      }
    });
    return faults;
  },
};
