// What makes the page scroll sideways, or is cut off by its edges.
probe.overflow = () => {
  const { scrollWidth } = document.scrollingElement;
  const { innerWidth } = window;
  const isOut = (element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width && (left < -1 || right > innerWidth + 1);
  };
  const out = [...document.body.querySelectorAll("*:not(svg *)")].filter((element) =>
    probe.isShown(element) && !probe.isAside(element) && isOut(element) && !probe.isInScroller(element));
  // What is around them is wide because of them.
  const inmost = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
  const faults = inmost.map((element) => {
    const { left, right } = element.getBoundingClientRect();
    return `${probe.name(element)} from ${Math.round(left)} to ${Math.round(right)} px`;
  });
  return scrollWidth > innerWidth ? [`the page is ${scrollWidth} px wide`, ...faults] : faults;
};

// A map or a table may be wider than the page, in a box of its own that scrolls.
probe.isInScroller = (element) => {
  const around = element.parentElement;
  const scrolls = ["auto", "scroll"].includes(getComputedStyle(around).overflowX);
  return around !== document.body && (scrolls || probe.isInScroller(around));
};

// What stays in sight while the page is scrolled must leave most of it free; beside it is free too.
probe.stuck = () => {
  const isLarge = ({ width, height }) => width > innerWidth / 2 && height > innerHeight / 3;
  return [...document.body.querySelectorAll("*")]
    .filter((element) => ["sticky", "fixed"].includes(getComputedStyle(element).position))
    .filter((element) => probe.isShown(element) && isLarge(element.getBoundingClientRect()))
    .map((element) => `${probe.name(element)} holds more than a third of ${innerHeight} px`);
};
