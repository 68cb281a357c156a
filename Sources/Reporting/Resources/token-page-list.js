// -- the list of questions ----------------------------------------------------------------

const filters = {
  all: ["all questions", () => true],
  differ: ["only where these two differ in being right", differs],
  lost: ["A right, B wrong", (question) => marks(question, 1, 0)],
  won: ["A wrong, B right", (question) => marks(question, 0, 1)],
  both: ["both right", (question) => marks(question, 1, 1)],
  neither: ["both wrong", (question) => marks(question, 0, 0)],
  rightA: ["A right", (question) => verdict(state.cells[0], question) === 1],
  wrongA: ["A wrong", (question) => verdict(state.cells[0], question) === 0],
};

function marks(question, left, right) {
  const [a, b] = state.cells.map((cell) => verdict(cell, question));
  return a === left && b === right;
}

// The settings that got it right, of those that were marked.
const rightShares = data.names.map((_, question) => {
  const known = data.cells.map((_, cell) => verdict(cell, question)).filter((one) => one !== null);
  return [known.filter((one) => one === 1).length, known.length];
});

const searchTexts = data.names.map((name, question) =>
  (name + "\n" + (data.texts[question] ?? "")).toLowerCase());

function mark(cell, question) {
  const sign = cell < 0 ? "." : data.verdicts[cell][question];
  if (sign === "1") return ["right", "✓"];
  if (sign === "0") return ["wrong", "✗"];
  if (sign === "!") return ["wrong", "!"];
  if (sign === ".") return ["", "·"];
  const score = data.scores[cell]?.[question];
  return ["", score === undefined || score === null ? "–" : (score / 1000).toFixed(2)];
}

// Neither right nor wrong sorts below both; a score sorts by itself.
function rank(cell, question) {
  if (cell < 0) return -1;
  return verdict(cell, question) ?? (data.scores[cell]?.[question] ?? -1000) / 1000;
}

const calls = (cell, question) => (cell < 0 ? null : data.calls[cell][question]);

function columns() {
  const shown = [
    ["order", "question", (question) => question],
    ["a", "A", (question) => rank(state.cells[0], question), 0],
    ["b", "B", (question) => rank(state.cells[1], question), 1],
    ["share", "right in", (question) => {
      const [right, all] = rightShares[question];
      return all === 0 ? -1 : right / all;
    }],
    ["calls-a", "calls A", (question) => calls(state.cells[0], question) ?? -1],
    ["calls-b", "calls B", (question) => calls(state.cells[1], question) ?? -1],
  ];
  if (!state.all) return shown;
  return shown.concat(data.cells.map((cell, index) =>
    ["cell-" + index, cell.name, (question) => rank(index, question)]));
}

let listed = [];
let rendered = 0;
const batch = 150;

function arrange() {
  const wanted = find("search").value.trim().toLowerCase();
  const matches = filters[state.filter][1];
  listed = data.names.map((_, question) => question)
    .filter((question) => matches(question) && searchTexts[question].includes(wanted));
  const key = columns().find(([name]) => name === state.sort)?.[2] ?? ((question) => question);
  const keys = new Map(listed.map((question) => [question, key(question)]));
  const sign = state.falling ? -1 : 1;
  listed.sort((a, b) => sign * (keys.get(a) - keys.get(b)) || a - b);
}

function showFilters() {
  const select = find("filter");
  select.replaceChildren(...Object.entries(filters).map(([name, [words, matches]]) => {
    const count = data.names.filter((_, question) => matches(question)).length;
    const option = element("option", "", `${words} (${count})`);
    option.value = name;
    return option;
  }));
  select.value = state.filter;
}

function header([name, words, , side]) {
  const cell = element("th", name.startsWith("cell-") ? "setting" : "");
  cell.scope = "col";
  const isSorted = state.sort === name;
  cell.setAttribute("aria-sort", !isSorted ? "none" : state.falling ? "descending" : "ascending");
  const button = element("button", "", words);
  button.type = "button";
  button.dataset.sort = name;
  const setting = side === undefined ? words : `${words}, ${data.cells[state.cells[side]]?.name ?? "none"}`;
  button.title = `sort by ${setting}`;
  cell.append(button);
  return cell;
}

function row(question) {
  const made = element("tr");
  made.dataset.question = question;
  const name = element("th");
  name.scope = "row";
  const button = element("button");
  button.type = "button";
  // One stop of the tab key in the whole list; the keys up and down do the rest.
  button.tabIndex = -1;
  button.append(element("b", "", data.names[question]), " ",
    element("span", "", (data.texts[question] ?? "").slice(0, 160)));
  name.append(button);
  made.append(name);
  const verdictCell = (cell) => made.append(element("td", ...mark(cell, question)));
  state.cells.forEach(verdictCell);
  const [right, all] = rightShares[question];
  made.append(element("td", "number", all === 0 ? "–" : `${right}/${all}`));
  for (const cell of state.cells) {
    made.append(element("td", "number", String(calls(cell, question) ?? "")));
  }
  if (state.all) data.cells.forEach((_, cell) => verdictCell(cell));
  return made;
}

// Rows are made as they come into sight: a table of thousands of rows and dozens of settings is slow.
function showRows(count) {
  const body = find("list").tBodies[0];
  const until = Math.min(listed.length, count);
  if (until <= rendered) return;
  body.append(...listed.slice(rendered, until).map(row));
  rendered = until;
}

function showList() {
  arrange();
  const list = find("list");
  const focused = document.activeElement?.dataset?.sort;
  const heads = element("tr");
  heads.append(...columns().map(header));
  list.tHead.replaceChildren(heads);
  if (focused) heads.querySelector(`[data-sort="${CSS.escape(focused)}"]`)?.focus();
  list.tBodies[0].replaceChildren();
  rendered = 0;
  showRows(batch);
  find("count").textContent = `${listed.length} of ${data.names.length} questions`;
  find("scroll").scrollTop = 0;
  revealRow();
}

function rowOf(question) {
  return find("list").tBodies[0].querySelector(`tr[data-question="${question}"]`);
}

function revealRow() {
  for (const old of find("list").querySelectorAll('tr[aria-current="true"]')) {
    old.removeAttribute("aria-current");
  }
  for (const old of find("list").querySelectorAll('tbody button[tabindex="0"]')) old.tabIndex = -1;
  const place = listed.indexOf(state.question);
  if (place < 0) {
    const first = find("list").tBodies[0].querySelector("button");
    if (first) first.tabIndex = 0;
    return;
  }
  showRows(place + batch);
  const made = rowOf(state.question);
  made.setAttribute("aria-current", "true");
  made.querySelector("button").tabIndex = 0;
  const box = find("scroll");
  const head = find("list").tHead.offsetHeight;
  if (made.offsetTop < box.scrollTop + head) {
    box.scrollTop = made.offsetTop - head;
  } else if (made.offsetTop + made.offsetHeight > box.scrollTop + box.clientHeight) {
    box.scrollTop = made.offsetTop + made.offsetHeight - box.clientHeight;
  }
}

function step(by) {
  if (listed.length === 0) return;
  const at = listed.indexOf(state.question);
  const inList = find("list").tBodies[0].contains(document.activeElement);
  choose(listed[at < 0 ? 0 : Math.min(listed.length - 1, Math.max(0, at + by))]);
  // Who walks through the list with its buttons stays on the one that is chosen.
  if (inList) rowOf(state.question)?.querySelector("button").focus();
}

function setFilter(name) {
  state.filter = name;
  find("filter").value = name;
  showList();
  if (listed.length > 0 && !listed.includes(state.question)) choose(listed[0]);
}

find("scroll").addEventListener("scroll", () => {
  const box = find("scroll");
  if (box.scrollTop + 2 * box.clientHeight > box.scrollHeight) showRows(rendered + batch);
});
find("list").addEventListener("click", (event) => {
  const sort = event.target.closest("[data-sort]")?.dataset.sort;
  if (sort !== undefined) {
    state.falling = state.sort === sort && !state.falling;
    state.sort = sort;
    showList();
    return;
  }
  const question = event.target.closest("tr[data-question]")?.dataset.question;
  if (question !== undefined) choose(Number(question));
});
find("filter").addEventListener("change", () => setFilter(find("filter").value));
find("search").addEventListener("input", showList);
find("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && listed.length > 0) choose(listed[0]);
});
function toggleAll() {
  state.all = !state.all;
  if (!state.all && state.sort.startsWith("cell-")) state.sort = "order";
  document.body.classList.toggle("all-settings", state.all);
  find("all-settings").setAttribute("aria-pressed", String(state.all));
  showList();
}
find("all-settings").addEventListener("click", toggleAll);
