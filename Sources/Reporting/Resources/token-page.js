"use strict";
// The page's data and what is chosen of it; its address; and the files of answers beside it.

const find = (id) => document.getElementById(id);
const data = JSON.parse(find("data").textContent);
const sides = ["A", "B"];
const panes = [...document.querySelectorAll("section")];
const state = {
  question: -1, cells: [0, -1], filter: "all", sort: "order", falling: false, all: false,
};

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function percent(share) {
  return share === null ? "?" : (100 * share).toFixed(1) + " %";
}

// 1 right, 0 wrong, null neither: of a cell that may be none.
function verdict(cell, question) {
  const sign = cell < 0 ? "." : data.verdicts[cell][question];
  return sign === "1" ? 1 : sign === "0" ? 0 : null;
}

function differs(question) {
  const [left, right] = state.cells.map((cell) => verdict(cell, question));
  return left !== null && right !== null && left !== right;
}

function notice(text) {
  find("notice").textContent = text;
}

// -- the address: #KEY, #KEY,KEY, #KEY,KEY/QUESTION; - for no setting B ------------------

function cellOfKey(start) {
  const found = data.cells.flatMap((cell, index) =>
    cell.key.startsWith(start) || start.startsWith(cell.key) ? [index] : []);
  return start.length < 4 || found.length !== 1 ? null : found[0];
}

function otherThan(cell) {
  const found = data.opening.find((other) => other !== null && other !== cell);
  return found ?? -1;
}

// The first question on which the two settings part, since that is what one came to see.
function firstQuestion() {
  const parted = data.names.findIndex((_, question) => differs(question));
  return Math.max(parted, 0);
}

function readAddress() {
  const address = location.hash.slice(1);
  const slash = address.indexOf("/");
  const keys = (slash < 0 ? address : address.slice(0, slash)).split(",");
  let name = slash < 0 ? null : address.slice(slash + 1);
  try {
    if (name !== null) name = decodeURIComponent(name);
  } catch {
    // What is no encoded text is looked for as it stands.
  }
  const problems = [];
  const cell = (key) => {
    const found = cellOfKey(key);
    if (found === null) {
      problems.push(
        `No single setting of this page has a key that begins with “${key}” (at least 4 digits); another `
        + "configuration's may.");
    }
    return found;
  };
  let [left, right] = data.opening;
  if (keys[0] !== "") {
    const first = cell(keys[0]);
    const second = keys.length < 2 ? null : keys[1] === "-" ? -1 : cell(keys[1]);
    if (keys.length > 2) problems.push("The address names more than two settings.");
    // A key alone is compared with what the page opens with, which stays where it is.
    if (first !== null && keys.length < 2) {
      [left, right] = first === left ? [left, otherThan(left)] : [left, first];
    } else {
      left = first ?? left;
      right = second ?? (right === left ? otherThan(left) : right);
    }
  }
  state.cells = [left ?? -1, right ?? -1];
  let question = name === null ? -1 : data.names.indexOf(name);
  if (name !== null && question < 0) problems.push(`There is no question “${name}” here.`);
  if (question < 0) question = firstQuestion();
  state.question = data.names.length === 0 ? -1 : question;
  notice(problems.length === 0 ? "" : problems.join(" ") + " In its place stands what the page opens with.");
}

function address() {
  const keys = state.cells.map((cell) => (cell < 0 ? "-" : data.cells[cell].key));
  return `#${keys.join(",")}/${encodeURIComponent(data.names[state.question])}`;
}

// -- the answers --------------------------------------------------------------------------

// By number, the last ones used; an entry is a file's content or the promise of it.
const chunks = new Map();
const waiting = new Map();
const kept = 12;

function keep(number, content) {
  chunks.delete(number);
  chunks.set(number, content);
  for (const old of chunks.keys()) {
    if (chunks.size <= kept) break;
    if (old !== number) chunks.delete(old);
  }
}

// Called by the files of answers.
function citerTokens(number, stamp, content) {
  const { resolve, reject } = waiting.get(number) ?? {};
  waiting.delete(number);
  if (stamp === data.chunks[number - 1]?.stamp) {
    resolve?.(content);
  } else {
    reject?.(`${fileOf(number)} belongs to another version of this page: make the report again.`);
  }
}

function fileOf(number) {
  return `tokens/${String(number).padStart(4, "0")}.js`;
}

function numberOf(question) {
  let number = data.chunks.length;
  while (number > 1 && data.chunks[number - 1].first > question) number--;
  return number;
}

// All that is stored of a question's answers; undefined if that is not loaded.
function stored(question) {
  const number = numberOf(question);
  const content = chunks.get(number);
  if (!content) return undefined;
  keep(number, content);
  return { strings: content.strings, ...content.answers[question - data.chunks[number - 1].first] };
}

function load(question) {
  const number = numberOf(question);
  if (chunks.has(number)) return Promise.resolve();
  const known = waiting.get(number);
  if (known) return known.promise;
  const entry = {};
  entry.promise = new Promise((resolve, reject) => {
    entry.resolve = resolve;
    entry.reject = reject;
    // A file that is opened from a disk may load a script, but may not read another file.
    const script = document.createElement("script");
    script.src = fileOf(number);
    script.onload = () => script.remove();
    script.onerror = () => {
      waiting.delete(number);
      script.remove();
      reject(`${fileOf(number)} can't be loaded: it belongs beside this page.`);
    };
    document.head.append(script);
  }).then((content) => keep(number, content));
  waiting.set(number, entry);
  return entry.promise;
}

const first = JSON.parse(find("first").textContent);
if (first) keep(1, first);
