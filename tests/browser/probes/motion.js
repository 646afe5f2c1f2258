// What moves, or would move when something changes.
probe.moving = () => {
  const isLong = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
  const faults = [];
  for (const element of document.querySelectorAll("*")) {
    for (const part of ["", "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      const isMoving = style.animationName !== "none" && isLong(style.animationDuration);
      if (isMoving || isLong(style.transitionDuration) || style.scrollBehavior === "smooth") {
        faults.push(probe.name(element) + part);
      }
    }
  }
  return faults;
};
