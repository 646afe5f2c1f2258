// The stylesheet as the browser has read it: the classes it names, and what breaks our rules.
probe.stylesheet = () => {
  const classes = new Set();
  const onPaper = new Set();
  const faults = [];
  const atTop = [CSSLayerStatementRule, CSSLayerBlockRule, CSSFontFaceRule];

  const read = (rule, layer, named) => {
    // There the colours are the reader's, and have only names.
    if (rule instanceof CSSMediaRule && rule.media.mediaText.includes("forced-colors")) layer = "tokens";
    if (rule instanceof CSSMediaRule && rule.media.mediaText === "print") named = onPaper;
    const within = rule instanceof CSSLayerBlockRule ? rule.name : layer;
    const selector = rule.selectorText ?? "";
    const text = rule.style?.cssText ?? "";
    for (const [, name] of selector.matchAll(/\.([a-z][\w-]*)/gi)) named.add(name);
    if (/#[\w-]/.test(selector)) faults.push(`an id: ${selector}`);
    if (/!\s*important/.test(text)) faults.push(`!important: ${selector} { ${text} }`);
    if (within !== "tokens") {
      for (const colour of probe.colours(text)) faults.push(`${colour} is no token: ${selector}`);
    }
    for (const inner of rule.cssRules ?? []) read(inner, within, named);
  };

  for (const rule of [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])) {
    if (!atTop.some((kind) => rule instanceof kind)) faults.push(`in no layer: ${rule.cssText.slice(0, 80)}`);
    read(rule, "", classes);
  }
  return { classes: [...classes], onPaper: [...onPaper], faults };
};

// Colours written out: functions, which hexadecimal ones are read as too, and names.
probe.colours = (declarations) => {
  const keywords = ["currentcolor", "transparent", "inherit", "initial", "unset", "revert"];
  const bare = declarations.replace(/"[^"]*"|url\([^)]*\)|--[\w-]+/g, "");
  const written = bare.match(/#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(/gi) ?? [];
  const values = [...bare.matchAll(/(?:color|background|border|outline|shadow|fill|stroke|decoration)[\w-]*\s*:([^;]*)/gi)];
  const words = values.flatMap(([, value]) => value.match(/[a-z-]+/gi) ?? []);
  const named = words.filter((word) => CSS.supports("color", word) && !keywords.includes(word.toLowerCase()));
  return [...written, ...named];
};
