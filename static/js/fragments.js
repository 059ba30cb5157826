/** Pieces of page that the server rendered and escaped: fetched, parsed as a document of their own, put in place. */

import { say } from "./words.js";

/** The nodes of a fragment; a later call with the same `slot` cancels an earlier one. Rejects with AbortError then. */
export async function fetchFragment(slot, address) {
  slot.controller?.abort();
  slot.controller = new AbortController();
  const answer = await fetch(address, { signal: slot.controller.signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...parsed.body.childNodes].map((node) => document.adoptNode(node));
}

/** Whether a rejection only says that a newer request took over. */
export function isSuperseded(error) {
  return error.name === "AbortError";
}

/** A paragraph that says that a part of the page, by its name among the words, could not be loaded. */
export function sayFailed(what) {
  const note = document.createElement("p");
  note.className = "empty";
  note.textContent = say("failed", { what: say(what) });
  return note;
}
