/** The filters of the list in words: what stands beside their boxes, and the sentence that they make. */

import { LISTS } from "./state.js";
import { either, say, spellRange } from "./words.js";

const ORDER = ["bbox", ...LISTS, "differs", "located", "q", "datetime"];

/** Says filters in the words of a form. */
export function listWords(form, filters) {
  const chosen = (name) => {
    const value = filters[name];
    return Array.isArray(value) && LISTS.includes(name) ? value : [];
  };
  const label = (name, value) => {
    const coded = value.replaceAll(",", "\\,");
    const box = form.querySelector(`input[name="${name}"][value="${CSS.escape(coded)}"]`);
    return box?.closest("label").querySelector(".l").textContent ?? value;
  };
  const phrase = (name, short) => {
    if (name === "datetime") return spellRange(filters.datetime, short);
    if (name === "q") return `“${filters.q}”`;
    return name === "bbox" ? say("bbox") : say(`${name}_${filters[name]}`);
  };
  const inForce = ORDER.filter((name) => filters[name] !== undefined && filters[name] !== null);
  return {
    isChosen: (name, value) => chosen(name).includes(value) || String(filters[name]) === value,
    sentence: () => inForce.map((name) => (LISTS.includes(name) ? either(chosen(name).map((code) => label(name, code))) : phrase(name, false))).join(", "),
    chips: () =>
      inForce.flatMap((name) => {
        if (!LISTS.includes(name)) return [{ label: phrase(name, true), without: { ...filters, [name]: undefined } }];
        return chosen(name).map((code) => {
          const rest = chosen(name).filter((other) => other !== code);
          return { label: label(name, code), without: { ...filters, [name]: rest.length ? rest : undefined } };
        });
      }),
  };
}
