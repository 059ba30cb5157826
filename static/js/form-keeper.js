/**
 * Asks before a long form is sent whether the server would take it, so that nobody loses what was typed to a
 * session that ended or a line that broke. Takes the token of the session that is there now.
 */

const form = document.querySelector("[data-keep]");
const told = document.getElementById("not-sent");
let isAsked = false;

/** The token of our forms as the server gives it now; null when nobody is signed in. */
async function freshToken() {
  const answer = await fetch(window.location.pathname, { redirect: "manual", cache: "no-store" });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("form [name=csrf_token]")?.value ?? null;
}

async function send(button) {
  try {
    const token = await freshToken();
    if (token !== null) {
      form.elements.csrf_token.value = token;
      isAsked = true;
      form.requestSubmit(button);
      return;
    }
    tell("signed-out");
  } catch {
    tell("unreachable");
  }
}

function tell(reason) {
  for (const part of told.querySelectorAll("[data-reason]")) part.hidden = part.dataset.reason !== reason;
  told.hidden = false;
  told.focus();
}

function keep(event) {
  if (isAsked) {
    isAsked = false;
    return;
  }
  event.preventDefault();
  told.hidden = true;
  send(event.submitter);
}

if (form) {
  form.addEventListener("submit", keep);
  form.dataset.keep = "ready";
}
