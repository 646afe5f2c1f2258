// The spacing that a reader may set (WCAG 1.4.12), stronger than any rule of ours.
probe.widen = () => probe.adopt(`
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-block-end: 2em !important }
`);

// Text that is cut off by a box around it, or stands on other text.
probe.text = () => {
  const lines = probe.lines();
  return [...probe.cutOff(lines), ...probe.overlaps(lines)];
};

probe.cutOff = (lines) => {
  const faults = new Set();
  const boxes = new Map();
  const clipping = (element) => {
    if (!boxes.has(element)) boxes.set(element, probe.clips(element) && element.getBoundingClientRect());
    return boxes.get(element);
  };
  for (const { owner, box } of lines) {
    for (let around = owner; around && around !== document.body; around = around.parentElement) {
      const edge = clipping(around);
      const isCut = edge && (box.left < edge.left - 1 || box.right > edge.right + 1
        || box.top + box.height * 0.2 < edge.top || box.bottom - box.height * 0.2 > edge.bottom);
      if (isCut) faults.add(`${probe.name(owner)} is cut off by ${probe.name(around)}`);
    }
  }
  return faults;
};

// What stays in sight is meant to stand on what is scrolled under it.
probe.isStuck = (element) => {
  const isHere = ["sticky", "fixed"].includes(getComputedStyle(element).position);
  return isHere || (element !== document.body && probe.isStuck(element.parentElement));
};

probe.overlaps = (lines) => {
  const faults = new Set();
  // Boxes of letters reach beyond the letters; what is left are the letters without most of their tails.
  const cores = lines.filter(({ owner }) => !probe.isStuck(owner)).map(({ owner, box }) => ({
    owner, left: box.left + 1, right: box.right - 1, top: box.top + box.height * 0.25, bottom: box.bottom - box.height * 0.25,
  }));
  cores.sort((one, other) => one.top - other.top);
  cores.forEach((one, index) => {
    for (let next = index + 1; next < cores.length && cores[next].top < one.bottom; next += 1) {
      const other = cores[next];
      const isApart = other.left >= one.right || other.right <= one.left;
      if (!isApart && one.owner !== other.owner) {
        faults.add(`${probe.name(one.owner)} stands on ${probe.name(other.owner)}`);
      }
    }
  });
  return faults;
};
