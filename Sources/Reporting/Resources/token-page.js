"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const find = (id) => document.getElementById(id);
const panes = [...document.querySelectorAll("section")];
const state = { question: 0, cells: [0, data.cells.length > 1 ? 1 : -1], filter: "all" };

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function answer(side, question = state.question) {
  const cell = state.cells[side];
  return cell < 0 ? undefined : data.answers[cell][question];
}

// -- questions ------------------------------------------------------------------------

function verdict(given) {
  if (!given || given.error !== undefined) return null;
  return given.correct;
}

function matches(question, filter) {
  const left = verdict(answer(0, question));
  if (filter === "right") return left === 1;
  if (filter === "wrong") return left === 0;
  if (filter === "changed") {
    const right = verdict(answer(1, question));
    return left !== null && right !== null && left !== right;
  }
  return true;
}

function listed() {
  const wanted = find("search").value.toLowerCase();
  return data.questions.map((_, index) => index).filter((index) => {
    const question = data.questions[index];
    const text = (question.name + " " + (question.text ?? "")).toLowerCase();
    return matches(index, state.filter) && text.includes(wanted);
  });
}

function sign(given) {
  if (!given) return ["", "·"];
  if (given.error !== undefined) return ["wrong", "!"];
  if (given.correct === null) return ["", "–"];
  return given.correct ? ["right", "✓"] : ["wrong", "✗"];
}

function showList() {
  for (const filter of ["all", "right", "wrong", "changed"]) {
    find("count-" + filter).textContent =
      data.questions.filter((_, index) => matches(index, filter)).length;
  }
  const list = find("list");
  const items = listed().map((index) => {
    const question = data.questions[index];
    const item = element("li");
    item.id = "question-" + index;
    item.role = "option";
    item.dataset.index = index;
    item.setAttribute("aria-selected", index === state.question);
    for (const side of [0, 1]) {
      if (state.cells[side] < 0) continue;
      const [kind, mark] = sign(answer(side, index));
      item.append(element("span", kind, mark));
    }
    item.append(element("b", "", question.name), element("span", "text", question.text ?? ""));
    item.addEventListener("click", () => choose(index));
    return item;
  });
  list.replaceChildren(...items);
  list.setAttribute("aria-activedescendant", "question-" + state.question);
}

function choose(index) {
  state.question = index;
  show();
  find("question-" + index)?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const indices = listed();
  if (indices.length === 0) return;
  const at = indices.indexOf(state.question);
  choose(indices[at < 0 ? 0 : Math.min(indices.length - 1, Math.max(0, at + by))]);
}

// -- answers --------------------------------------------------------------------------

function percent(tenThousandths) {
  return tenThousandths === -2 ? "?" : (tenThousandths / 100).toFixed(2) + " %";
}

function facts(given) {
  if (!given) return "not run";
  if (given.error !== undefined) return "failed: " + given.error;
  const words = [];
  if (given.correct !== null) words.push(given.correct ? "right" : "wrong");
  if (given.score !== null) words.push("score " + given.score.toFixed(3));
  words.push("answer " + (given.answer ?? "not found"));
  const count = given.t.length;
  const share = count ? ((100 * given.calls) / count).toFixed(1) : "0.0";
  words.push(`${count} tokens, ${given.calls} by the llm (${share} %)`);
  words.push(`${given.passes} llm passes`);
  if (given.finish === "length") words.push("cut at the token limit");
  return words.join(" · ");
}

function shades(scores) {
  if (!scores) return () => 0.3;
  const low = scores.reduce((a, b) => Math.min(a, b), Infinity);
  const high = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  return (index) => 0.16 + (high > low ? (0.5 * (scores[index] - low)) / (high - low) : 0.2);
}

function divergence() {
  const [left, right] = [answer(0), answer(1)];
  if (!left?.t || !right?.t || !left.t.length || !right.t.length) return -1;
  const count = Math.min(left.t.length, right.t.length);
  for (let index = 0; index < count; index++) {
    if (left.t[index] !== right.t[index]) return index;
  }
  return left.t.length === right.t.length ? -1 : count;
}

// What cannot be seen gets a sign: an empty piece is a part of a character.
function fill(span, text) {
  if (text === "") {
    span.append(element("span", "sign", "·"));
    return;
  }
  text.split("\n").forEach((line, index) => {
    if (index > 0) span.append(element("span", "sign", "↵"), "\n");
    span.append(line);
  });
}

function showAnswer(side, first) {
  const given = answer(side);
  const pane = panes[side];
  pane.querySelector(".facts").textContent = facts(given);
  const box = pane.querySelector(".tokens");
  box.setAttribute("aria-label", "Tokens of " + (data.cells[state.cells[side]]?.name ?? ""));
  if (!given || given.error !== undefined || given.t.length === 0) {
    box.replaceChildren(given?.output ?? "");
    return;
  }
  const shade = shades(given.s);
  const spans = given.t.map((string, index) => {
    const author = given.a[index] === "1" ? "llm" : "slm";
    const span = element("span", "token " + author);
    fill(span, data.strings[string]);
    span.style.setProperty("--shade", shade(index).toFixed(3));
    span.dataset.index = index;
    span.tabIndex = index === Math.max(first, 0) ? 0 : -1;
    if (index === first) span.classList.add("first");
    return span;
  });
  box.replaceChildren(...spans);
}

function show() {
  const question = data.questions[state.question];
  if (!question) return;
  find("question").textContent =
    question.name + ". " + (question.text ?? "") +
    (question.gold === null ? "" : "\nExpected: " + question.gold);
  const first = divergence();
  const both = state.cells[1] >= 0 && answer(0)?.t && answer(1)?.t;
  find("divergence").textContent = !both ? ""
    : first < 0 ? "Both settings wrote the same text."
    : `First divergence at token ${first + 1}: ` +
      [0, 1].map((side) => {
        const string = data.strings[answer(side).t[first]];
        return string === undefined ? "the end" : JSON.stringify(string);
      }).join(" against ");
  find("panes").className = state.cells[1] < 0 ? "single" : "";
  panes.forEach((_, side) => showAnswer(side, first));
  hideTip();
  showList();
  const [left, right] = state.cells;
  history.replaceState(null, "", `#q=${state.question}&a=${left}&b=${right}`);
}

// -- the candidates of a token --------------------------------------------------------

function candidate(given, index, name, chances, others) {
  const row = element("tr");
  const chance = given[chances][index];
  row.append(element("th", "", name));
  if (chance === -1) {
    row.append(element("td", "", "not asked"), element("td"));
  } else {
    const string = given[others][index] ?? given.t[index];
    const text = data.strings[string];
    row.append(
      element("td", "piece", JSON.stringify(text)),
      element("td", "number", percent(chance)));
  }
  return row;
}

function showTip(span) {
  const side = panes.findIndex((pane) => pane.contains(span));
  const given = answer(side);
  const index = Number(span.dataset.index);
  const author = given.a[index] === "1" ? "llm" : "slm";
  const tip = find("tip");
  const table = element("table");
  table.append(
    candidate(given, index, "slm", "p", "u"), candidate(given, index, "llm", "q", "v"));
  const threshold = data.cells[state.cells[side]].threshold;
  const score = given.s ? `score ${(given.s[index] / 1000).toFixed(3)}` : "no score";
  tip.replaceChildren(
    element("div", "", `token ${index + 1}, written by the ${author}`), table,
    element("div", "", score + (threshold === null ? "" : `, threshold ${threshold}`)));
  tip.hidden = false;
  span.setAttribute("aria-describedby", "tip");
  const at = span.getClientRects()[0] ?? span.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - size.width - 8);
  const below = at.bottom + 6;
  const top = below + size.height < innerHeight ? below : at.top - size.height - 6;
  tip.style.left = Math.max(8, left) + "px";
  tip.style.top = Math.max(8, top) + "px";
}

function hideTip() {
  find("tip").hidden = true;
}

const tokenAt = (event) => event.target.closest?.(".token");
document.addEventListener("mouseover", (event) => {
  const span = tokenAt(event);
  if (span) showTip(span); else hideTip();
});
document.addEventListener("focusin", (event) => {
  const span = tokenAt(event);
  if (span) showTip(span); else hideTip();
});
document.querySelector("main").addEventListener("scroll", hideTip);

// -- keys -----------------------------------------------------------------------------

function focusToken(box, index) {
  const spans = box.querySelectorAll(".token");
  const span = spans[Math.min(spans.length - 1, Math.max(0, index))];
  if (!span) return;
  for (const other of box.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  span.tabIndex = 0;
  span.focus();
  span.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inField = event.target.matches("input[type=search], select, input[type=radio]");
  const token = tokenAt(event);
  const first = divergence();
  const moves = { ArrowLeft: -1, ArrowRight: 1 };
  if (event.key === "Escape") {
    hideTip();
    if (inField) find("list").focus();
  } else if (inField) {
    return;
  } else if (event.key in moves) {
    const box = token?.closest(".tokens") ?? panes[0].querySelector(".tokens");
    const at = token ? Number(token.dataset.index) + moves[event.key] : 0;
    focusToken(box, at);
  } else if (event.key === "ArrowDown" || event.key === "j") {
    step(1);
  } else if (event.key === "ArrowUp" || event.key === "k") {
    step(-1);
  } else if (event.key === "1" || event.key === "2") {
    panes[Number(event.key) - 1].querySelector("select").focus();
  } else if (event.key === "d" && first >= 0) {
    const side = token && panes[1].contains(token) ? 1 : 0;
    focusToken(panes[side].querySelector(".tokens"), first);
  } else if (event.key === "/") {
    find("search").focus();
  } else {
    return;
  }
  event.preventDefault();
});

// -- start ----------------------------------------------------------------------------

find("title").textContent = data.experiment;
find("asks").textContent = data.asks ?? "";
find("slm").textContent = data.slm ?? "";
find("llm").textContent = data.llm ?? "";
document.querySelectorAll("[name=filter]").forEach((input) => {
  input.addEventListener("change", () => {
    state.filter = input.value;
    const indices = listed();
    if (indices.length > 0 && !indices.includes(state.question)) choose(indices[0]);
    else showList();
  });
});
find("search").addEventListener("input", showList);
const start = new URLSearchParams(location.hash.slice(1));
const number = (name, fallback, low, count) => {
  const value = Number.parseInt(start.get(name), 10);
  return value >= low && value < count ? value : fallback;
};
state.question = number("q", 0, 0, data.questions.length);
state.cells = [
  number("a", state.cells[0], 0, data.cells.length),
  number("b", state.cells[1], -1, data.cells.length),
];
panes.forEach((pane, side) => {
  const select = pane.querySelector("select");
  if (side === 1) {
    const none = element("option", "", "(no comparison)");
    none.value = -1;
    select.append(none);
  }
  data.cells.forEach((cell, index) => {
    const option = element("option", "", cell.name);
    option.value = index;
    select.append(option);
  });
  select.value = state.cells[side];
  select.addEventListener("change", () => {
    state.cells[side] = Number(select.value);
    show();
  });
});
show();
