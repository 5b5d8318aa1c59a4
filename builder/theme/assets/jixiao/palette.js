// Puts the remembered colour scheme on the page before it is painted. With "follow the system" remembered,
// the option that fits the system now decides.
"use strict";

(() => {
  const color = __md_get("__palette")?.color;
  if (!color) return;
  if (color.media === "(prefers-color-scheme)") {
    const wanted = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    const option = document.querySelector(`[data-md-color-media="(prefers-color-scheme: ${wanted})"]`);
    if (option) for (const name of Object.keys(color)) color[name] = option.getAttribute(`data-md-color-${name}`);
  }
  for (const [name, value] of Object.entries(color)) {
    if (value !== null) document.body.setAttribute(`data-md-color-${name}`, value);
  }
})();
