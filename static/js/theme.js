/** Colours and type of the canvas, read from the style sheet, so that both schemes have one source. */

const NAMES = [
  "panel", "map-land", "map-water", "ink", "ink-soft", "ink-faint", "focus", "line", "band",
  "halo", "map-ink", "relief", "relief-lift", "river", "adm", "open", "closed", "restricted", "differs", "not-known",
  "mark-ink", "mark-ink-light", "mark-edge", "sans", "serif",
];

/** The values of the custom properties by name. */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const theme = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  theme.isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return theme;
}

/** Call back when the reader's system changes its scheme. */
export function onThemeChange(callback) {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", callback);
  }
}

/** Ink for a letter on a colour #rrggbb: the darker or the lighter one, whichever is told apart better. */
export function inkOn(color, theme) {
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (light + 0.05) / 0.055 > 1.05 / (light + 0.05) ? theme["mark-ink"] : theme["mark-ink-light"];
}
