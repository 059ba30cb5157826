/** On a phone: filters and legend open as sheets, the record closes like one; focus goes in and comes back. */

const SMALL = window.matchMedia("(max-width: 899px)");

class Sheet {
  /** The first of `openers` says whether the sheet is open. */
  constructor(panel, openers) {
    this.panel = panel;
    [this.opener] = openers;
    for (const each of openers) each.addEventListener("click", () => this.open());
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) {
        event.stopPropagation();
        this.close();
      }
      if (event.key === "Tab" && this.isOpen) this.#keepInside(event);
    });
    for (const button of panel.querySelectorAll("[data-close]")) button.addEventListener("click", () => this.close());
  }

  get isOpen() {
    return this.panel.classList.contains("is-sheet");
  }

  open() {
    if (!SMALL.matches || this.isOpen) return;
    this.panel.classList.add("is-sheet");
    this.panel.setAttribute("role", "dialog");
    this.panel.setAttribute("aria-modal", "true");
    this.opener.setAttribute("aria-expanded", "true");
    this.dim = document.createElement("div");
    this.dim.className = "dim";
    this.dim.addEventListener("click", () => this.close());
    this.panel.before(this.dim);
    this.panel.scrollTop = 0;
    this.panel.querySelector("[data-close]")?.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.panel.classList.remove("is-sheet");
    this.panel.removeAttribute("role");
    this.panel.removeAttribute("aria-modal");
    this.opener.setAttribute("aria-expanded", "false");
    this.dim.remove();
    this.opener.focus();
  }

  #keepInside(event) {
    const stops = [...this.panel.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
      .filter((one) => !one.disabled && one.getClientRects().length);
    const [first, last] = [stops[0], stops.at(-1)];
    if (event.shiftKey && document.activeElement === first) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  }
}

/** Make the sheets of the page; a wide window needs none, so turning wide closes them. */
export function makeSheets() {
  const sheets = [
    new Sheet(document.getElementById("filters"), [document.getElementById("filters-open")]),
    new Sheet(document.getElementById("margin"), document.querySelectorAll(".legend-open, [data-legend]")),
  ];
  const tools = document.querySelector(".tools");
  // On a phone the tools stand in the legend's sheet: there is no room for them on the map.
  const settle = () => document.getElementById(SMALL.matches ? "margin" : "stage").append(tools);
  SMALL.addEventListener("change", () => {
    sheets.forEach((sheet) => sheet.close());
    settle();
  });
  if (SMALL.matches) settle();
}
