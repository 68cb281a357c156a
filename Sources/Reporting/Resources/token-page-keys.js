// -- keys ---------------------------------------------------------------------------------

function focusToken(span) {
  if (!span) return;
  for (const other of span.parentElement.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  span.tabIndex = 0;
  span.focus({ preventScroll: true });
  span.scrollIntoView({ block: "nearest" });
  showTip(span);
}

// The tokens among which keys move: those beside the one that has the focus, else A's, or B's where A has none.
function tokensAround(token, wanted = ".token") {
  const boxes = token ? [token.parentElement] : [...document.querySelectorAll("section .tokens")];
  return boxes.map((box) => [...box.querySelectorAll(wanted)]).find((found) => found.length > 0) ?? [];
}

function moveToken(token, by) {
  const spans = tokensAround(token);
  const at = token ? Number(token.dataset.index) + by : 0;
  focusToken(spans[Math.min(spans.length - 1, Math.max(0, at))]);
}

function moveDifference(token, by) {
  const at = token ? Number(token.dataset.index) : by > 0 ? -1 : Infinity;
  const spans = tokensAround(token, ".differs");
  const found = by > 0
    ? spans.find((span) => Number(span.dataset.index) > at)
    : spans.findLast((span) => Number(span.dataset.index) < at);
  focusToken(found);
}

function setTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  find("theme").textContent = "theme: " + theme;
  try {
    localStorage.setItem("citer-theme", theme);
  } catch {
    // A browser may keep nothing for pages from a disk.
  }
}

function nextTheme() {
  const themes = ["system", "light", "dark"];
  const now = document.documentElement.dataset.theme ?? "system";
  setTheme(themes[(themes.indexOf(now) + 1) % themes.length]);
}

function setOthers(shown) {
  find("others").checked = shown;
  document.body.classList.toggle("hide-others", !shown);
}

function exchange() {
  if (state.cells[1] < 0) return;
  state.cells.reverse();
  showCells();
  show();
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  n: (token) => moveDifference(token, 1),
  p: (token) => moveDifference(token, -1),
  ArrowRight: (token) => moveToken(token, 1),
  ArrowLeft: (token) => moveToken(token, -1),
  d: (token) => {
    const side = token && panes[1].contains(token) ? 1 : 0;
    focusToken(panes[side].querySelector(".token.first"));
  },
  1: () => panes[0].querySelector("select").focus(),
  2: () => panes[1].querySelector("select").focus(),
  x: exchange,
  f: () => setFilter(state.filter === "differ" ? "all" : "differ"),
  "/": () => find("search").focus(),
  w: toggleAll,
  o: () => setOthers(!find("others").checked),
  t: nextTheme,
  "?": () => find("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || find("keys").open) return;
  if (event.key === "Escape") {
    hideTip();
    if (event.target.matches("input, select")) event.target.blur();
    return;
  }
  if (event.target.matches("input[type=search], select")) return;
  const token = tokenAt(event);
  // In an answer the keys up and down scroll, as everywhere.
  const isUpDown = event.key === "ArrowDown" || event.key === "ArrowUp";
  if (isUpDown && event.target.closest("main, header")) return;
  const action = isUpDown
    ? () => step(event.key === "ArrowDown" ? 1 : -1)
    : Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (!action) return;
  action(token);
  event.preventDefault();
});

// -- start --------------------------------------------------------------------------------

function settingWords(cell) {
  if (cell.n === 0) return `${cell.name}: not run`;
  const words = [];
  if (cell.accuracy !== null) {
    words.push(cell.isGraded ? percent(cell.accuracy) + " right" : "score " + cell.accuracy.toFixed(3));
  }
  words.push(percent(cell.callRatio) + " calls");
  if (cell.n < data.names.length) words.push(`of ${cell.n} questions`);
  if (cell.failed > 0) words.push(`${cell.failed} failed`);
  return `${cell.name}: ${words.join(", ")}`;
}

find("title").textContent = data.experiment;
find("asks").textContent = data.asks ?? "";
find("slm").textContent = data.slm ?? "";
find("llm").textContent = data.llm ?? "";
if (data.textLimit !== null) {
  find("limit").textContent = `(searched: the first ${data.textLimit} characters of each)`;
}
panes.forEach((pane, side) => {
  const select = pane.querySelector("select");
  if (side === 1) {
    const none = element("option", "", "(no comparison)");
    none.value = -1;
    select.append(none);
  }
  data.cells.forEach((cell, index) => {
    const option = element("option", "", settingWords(cell));
    option.value = index;
    select.append(option);
  });
  select.addEventListener("change", () => {
    state.cells[side] = Number(select.value);
    notice("");
    showCells();
    show();
  });
});
find("theme").addEventListener("click", nextTheme);
find("help").addEventListener("click", () => find("keys").showModal());
find("close").addEventListener("click", () => find("keys").close());
find("others").addEventListener("change", () => setOthers(find("others").checked));
try {
  const theme = localStorage.getItem("citer-theme");
  if (theme === "light" || theme === "dark") setTheme(theme);
} catch {
  // As above.
}

function open() {
  readAddress();
  showCells();
  const problem = find("notice").textContent;
  show();
  notice(problem);
}
addEventListener("hashchange", open);
if (data.names.length === 0) notice("No answer is stored yet.");
open();
