// What makes the page scroll sideways, or is cut off by its edges.
probe.overflow = () => {
  const faults = [];
  const { scrollWidth } = document.scrollingElement;
  const { innerWidth } = window;
  if (scrollWidth > innerWidth) faults.push(`the page is ${scrollWidth} px wide in ${innerWidth} px`);
  for (const element of document.body.querySelectorAll("*:not(svg *)")) {
    if (!probe.isShown(element) || probe.isAside(element)) continue;
    const { left, right, width } = element.getBoundingClientRect();
    if (width && (left < -1 || right > innerWidth + 1) && !probe.isInScroller(element)) {
      faults.push(`${probe.name(element)} from ${Math.round(left)} to ${Math.round(right)} px`);
    }
  }
  return faults;
};

// A map or a table may be wider than the page, in a box of its own that scrolls.
probe.isInScroller = (element) => {
  const around = element.parentElement;
  const scrolls = ["auto", "scroll"].includes(getComputedStyle(around).overflowX);
  return around !== document.body && (scrolls || probe.isInScroller(around));
};

// What stays in sight while the page is scrolled must leave most of it free.
probe.stuck = () => {
  const stuck = [...document.body.querySelectorAll("*")].filter((element) =>
    ["sticky", "fixed"].includes(getComputedStyle(element).position) && probe.isShown(element));
  return stuck
    .filter((element) => element.getBoundingClientRect().height > innerHeight / 3)
    .map((element) => `${probe.name(element)} holds more than a third of ${innerHeight} px`);
};
