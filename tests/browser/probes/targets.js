// Targets under 24 by 24 px that none of the exceptions of WCAG 2.5.8 covers.
probe.small = () => {
  const least = 24;
  const shown = [...document.body.querySelectorAll(probe.targets)].filter(
    (element) => probe.isShown(element) && !element.closest(".skip"));
  const all = shown.map((element) => ({ element, box: probe.boxOf(element) }));
  const isSmall = ({ box }) => box.width < least - 0.5 || box.height < least - 0.5;
  const centre = ({ box }) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
  const gap = ({ x, y }, { box }) => Math.hypot(
    Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));

  // A circle of 24 px around its middle touches no other target, nor the circle of another small one.
  const isAlone = (one) => all.every((other) => {
    if (other === one || other.element.contains(one.element)) return true;
    const middle = centre(one);
    if (gap(middle, other) < least / 2) return false;
    const their = centre(other);
    return !isSmall(other) || Math.hypot(middle.x - their.x, middle.y - their.y) >= least;
  });

  return all
    .filter((one) => isSmall(one) && !probe.isInSentence(one.element) && !isAlone(one))
    .map(({ element, box }) =>
      `${probe.name(element)} is ${Math.round(box.width)} by ${Math.round(box.height)} px`);
};

// A click on its label is a click on the field.
probe.boxOf = (element) => {
  const own = element.getBoundingClientRect();
  const label = element.labels?.[0];
  if (!label || !["checkbox", "radio"].includes(element.type)) return own;
  const its = label.getBoundingClientRect();
  const left = Math.min(own.left, its.left), right = Math.max(own.right, its.right);
  const top = Math.min(own.top, its.top), bottom = Math.max(own.bottom, its.bottom);
  return { left, right, top, bottom, width: right - left, height: bottom - top };
};

// A link that flows with words around it is as high as their line.
probe.isInSentence = (element) => {
  if (getComputedStyle(element).display !== "inline") return false;
  let block = element.parentElement;
  while (getComputedStyle(block).display === "inline") block = block.parentElement;
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let words = "";
  while (walker.nextNode()) {
    const owner = walker.currentNode.parentElement;
    if (!owner.closest(probe.targets) && !probe.isAside(owner)) words += walker.currentNode.data;
  }
  return /\p{L}{2}/u.test(words);
};
