/** Rows that the templates rendered, taken out of their blocks; their links, relative there, made whole. */

import { file, inSite } from "./published-search.js";

const ADDRESSES = ["href", "data-href"];

/** A rendered text as a document of its own, every address in it whole; `base` is where it stood. */
export function parse(text, base) {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  for (const name of ADDRESSES) {
    for (const element of parsed.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, new URL(element.getAttribute(name), base).href);
    }
  }
  return parsed;
}

const parsed = new Map();

async function block(address) {
  if (!parsed.has(address)) parsed.set(address, parse(await file(address, "text"), inSite(address)));
  return parsed.get(address);
}

/** For each number its elements among those that `pick(document)` lists, one entry an incident. */
export async function taken(numbers, addresses, size, pick) {
  const read = new Map();
  for (const at of new Set(numbers.map((number) => Math.floor(number / size)))) read.set(at, pick(await block(addresses[at])));
  return numbers.map((number) => read.get(Math.floor(number / size))[number % size]);
}
