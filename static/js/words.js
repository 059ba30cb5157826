/** What the scripts say, in the page's language: the server sends it, so that both say the same. */

const DAY = 86400000;
let words = JSON.parse(globalThis.document?.getElementById("words")?.dataset.words ?? "{}");

/** Take these words; for scripts that run without a page. */
export function setWords(given) {
  words = given;
}

const fill = (pattern, values = {}) => pattern.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

/** A whole number with its thousands apart, or one with a decimal. */
export function number(value) {
  const [whole, part] = String(value).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, words.group) + (part ? words.decimal + part : "");
}

/** A text by its name, filled with values. */
export const say = (name, values) => fill(words.texts[name], values);

/** A text in the form that its number asks for; `count` in it is the number. */
export function sayCount(name, count, values) {
  const forms = words.counts[name];
  const at = { one: 0, few: 1 }[new Intl.PluralRules(words.language).select(count)] ?? forms.length - 1;
  return fill(forms[Math.min(at, forms.length - 1)], { count: number(count), ...values });
}

/** A label of the data as the reader reads it. */
export const label = (text) => words.labels[text] ?? text;

/** The reader's form of a place's names. */
export const placeName = (properties) => properties[`name_${words.language}`] || properties.name_en;

/** Mark an element whose text was written by people, in another language than the page. */
export function asWritten(element) {
  if (words.written !== words.language) element.lang = words.written;
  return element;
}

/** `240 m`, `2.5 km` */
export function length(metres) {
  return metres < 1000 ? say("metres", { number: number(Math.round(metres)) }) : say("kilometres", { number: number(Number((metres / 1000).toFixed(1))) });
}

/** `a`, `a or b`, `a or b or c` */
export const either = (parts) => parts.reduce((one, other) => say("either", { one, other }));

/** Calendar parts of a day since 1970-01-01. */
export function partsOf(day) {
  const date = new Date(day * DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate(), weekday: date.getUTCDay() };
}

/** Name of a month from 0: as it stands in a date, `short`, or `alone`. */
export const monthName = (month, form = "long") => words.months[form][month];

/** `24 August 2019`, or `24 Aug 2019`. */
export function spell(day, short = false) {
  const { year, month, date } = partsOf(day);
  return fill(words.dates[short ? "short_day" : "day"], { day: date, month: monthName(month, short ? "short" : "long"), year });
}

/** `24 August – 31 October 2019`: two days with what they share said once. */
export function spellRange([first, last], short = false) {
  const { dates } = words;
  if (first === null) return fill(dates.until, { day: spell(last, short) });
  if (last === null) return fill(dates.from, { day: spell(first, short) });
  if (first === last) return spell(first, short);
  const [a, b] = [partsOf(first), partsOf(last)];
  const end = spell(last, short);
  if (a.year !== b.year) return fill(dates.apart, { first: spell(first, short), last: end });
  if (a.month === b.month) return fill(dates.in_month, { first: a.date, last: end });
  return fill(dates[short ? "short_in_year" : "in_year"], { day: a.date, month: monthName(a.month, short ? "short" : "long"), last: end });
}
