/** The searchable form of a text: the twin of `geoapp/folding.py`, for sites without a server. */

const MKHEDRULI = 0x10d0;
// Mtavruli, Asomtavruli, Nuskhuri: three alphabets of one order.
const ALPHABETS = [[0x1c90, 43], [0x10a0, 38], [0x2d00, 38]];
const LETTERS = { "ӕ": "ae", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i" };
const APOSTROPHES = "['\\u2019\\u2018\\u02bc\\u02b9\\u02bb\\u00b4`]";
const POSSESSIVE = new RegExp(`${APOSTROPHES}(?=s(?![\\p{L}\\p{N}_]))`, "gu");
const APOSTROPHE = new RegExp(`(?<=[\\p{L}\\p{N}_])${APOSTROPHES}(?=[\\p{L}\\p{N}_])`, "gu");
const BREAK = /[^\p{L}\p{N}]+/gu;
const SHORT_I = /\u0438\u0306/g;

const pairs = (from, to) => Object.fromEntries([...from].map((letter, at) => [letter, to[at]]));
const TO_LATIN = {
  ...pairs("აბგდევზთიკლმნოპრსტუფქყჯჰ", "abgdevztiklmnoprstupkqjh"),
  ...{ "ჟ": "zh", "ღ": "gh", "შ": "sh", "ჩ": "ch", "ც": "ts", "ძ": "dz", "წ": "ts", "ჭ": "ch", "ხ": "kh" },
  ...pairs("абвгдезийклмнопрстуфыэіѣ", "abvgdeziyklmnoprstufyeie"),
  ...{ "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": "" },
};

function mkhedruli(letter) {
  const code = letter.codePointAt(0);
  const alphabet = ALPHABETS.find(([first, letters]) => code >= first && code < first + letters);
  return alphabet ? String.fromCodePoint(MKHEDRULI + code - alphabet[0]) : letter;
}

const translated = (text) => [...text].map((letter) => LETTERS[letter] ?? mkhedruli(letter)).join("");

function letters(text) {
  const plain = translated(text).toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
  return translated(plain.normalize("NFKD").replace(SHORT_I, "й").replace(/\p{Mn}/gu, ""));
}

/** Words without case, accents or punctuation, joined by one space; a text without letters or digits gives "". */
export function fold(text) {
  return letters(letters(text)).replace(POSSESSIVE, " ").replace(APOSTROPHE, "").replace(BREAK, " ").trim();
}

/** The folded text in plain Latin letters. */
export const latin = (text) => [...fold(text)].map((letter) => TO_LATIN[letter] ?? letter).join("");
