// -- answers, token by token --------------------------------------------------------------

const quoted = (text) => "“" + text.replaceAll("\n", "↵") + "”";

// What is known of a token: who wrote it, who was asked, and what became of a draft there.
function known(content, side, index) {
  const cell = data.cells[state.cells[side]];
  const given = content.cells[state.cells[side]];
  const isLarge = given.a[index] === "1";
  const word = (chances, others) => {
    if (!given[chances] || given[chances][index] === -1) return null;
    return { text: content.strings[given[others][index] ?? given.t[index]],
      isOther: given[others][index] !== undefined, chance: given[chances][index] };
  };
  const slm = word("p", "u");
  const llm = word("q", "v");
  const score = given.s?.[index] ?? null;
  const other = isLarge ? slm : llm;
  const isDifferent = slm !== null && llm !== null && (slm.isOther || llm.isOther);
  return {
    isLarge, slm, llm, score: score === null ? null : score / 1e6, cell,
    isVerified: cell.keep !== null && !isLarge && llm !== null,
    other: isDifferent && other?.isOther ? other.text : null,
    // At a call the small model's token has a score, and was never written.
    isBack: cell.keep !== null && !cell.unclear && isLarge && score === null && isDifferent,
  };
}

// -- the one meaning of shade: how near the score was to a call ---------------------------

// Half of the millionth to which scores are stored, and what arithmetic adds.
const slack = 0.51e-6;

function distance(rule, score) {
  const far = rule.below ? score - rule.threshold : rule.threshold - score;
  return Math.abs(far) < slack ? 0 : far;
}

function shade(cell, score) {
  if (score === null || cell.score === null) return 0;
  const far = distance(cell.score, score);
  return far < 0 ? 5 : cell.score.cutoffs.filter((cutoff) => far <= cutoff + slack).length;
}

const nearness = [
  "", "among the nearer half of the scores that asked for no call", "among the nearest quarter to a call",
  "among the nearest tenth to a call", "among the nearest fiftieth to a call", "",
];

// As few decimals as tell the two apart, and never fewer than two.
function decimals(a, b) {
  let count = 2;
  while (count < 6 && a !== b && a.toFixed(count) === b.toFixed(count)) count++;
  return count;
}

function scoreWords(token, index) {
  const rule = token.cell.score;
  if (token.score === null) {
    return rule === null ? "this setting has no score" : "no score is stored here";
  }
  if (rule === null) return `score ${token.score.toFixed(3)}; no threshold is stored`;
  const far = distance(rule, token.score);
  const count = decimals(token.score, rule.threshold);
  const sign = far === 0 ? "=" : far > 0 === rule.below ? ">" : "<";
  const words = [token.isLarge ? "called" : "kept"];
  if (token.cell.scope === "question" && index === 0) words.push("for the whole answer");
  if (far !== 0 && far < 0 !== token.isLarge) words.push("against the score: a flip");
  return `${rule.name} ${token.score.toFixed(count)} ${sign} ${rule.threshold.toFixed(count)}: ${words.join(", ")}`;
}

function storyWords(token) {
  const { slm, llm, cell } = token;
  if (token.isLarge) {
    if (token.isBack) return `taken back: the slm had written ${quoted(token.other)}`;
    if (token.other !== null) {
      return cell.unclear && token.score === null
        ? `the slm's word was ${quoted(token.other)}; whether it had been written is not stored`
        : `the slm would have written ${quoted(token.other)}`;
    }
    if (slm !== null) return "the slm would have written the same";
    if (cell.keep === null) return "";
    return cell.copies
      ? "the llm's own, after what it read or in place of a copied token: which is not stored"
      : "the llm's own, after the drafts that it read";
  }
  const words = [];
  if (slm === null) words.push("copied from earlier text, not the slm's own choice");
  if (cell.keep === null) {
    if (llm === null) words.push("the llm was not asked");
    else words.push("both were asked, and agree");
  } else if (llm === null) {
    words.push("the llm has not read it");
  } else if (token.other === null) {
    words.push("verified: the llm would have written the same");
  } else {
    words.push(`verified: the llm would have written ${quoted(token.other)}, and lets it stay by the rule ${cell.keep}`);
  }
  return words.join("; ");
}

// -- panes --------------------------------------------------------------------------------

function ruleWords(cell) {
  const words = [settingWords(cell)];
  const rule = cell.score;
  if (rule !== null) {
    words.push(`calls the llm where ${rule.name} ${rule.below ? "<" : ">"} ${rule.threshold}`);
    if (rule.cutoffs.length > 0) {
      const edge = (cutoff) => (rule.threshold + (rule.below ? cutoff : -cutoff)).toFixed(3);
      const [, , tenth, fiftieth] = rule.cutoffs;
      words.push(`nearest tenth up to ${edge(tenth)}, nearest fiftieth up to ${edge(fiftieth)}`);
    }
  } else {
    words.push("no score, so no shades");
  }
  if (cell.keep !== null) words.push(`the llm verifies and keeps by the rule ${cell.keep}`);
  return words.join("; ");
}

function facts(content, side) {
  const cell = state.cells[side];
  const given = content.cells[cell];
  if (!given) return ["not run"];
  if (given.error !== undefined) return ["failed: " + given.error];
  const parts = [];
  const [kind, sign] = mark(cell, state.question);
  if (kind) parts.push(element("span", kind, `${sign} ${kind}`));
  const score = data.scores[cell]?.[state.question];
  if (score !== undefined && score !== null) parts.push("score " + (score / 1000).toFixed(3));
  parts.push(given.answer === null ? "no answer found" : "answer " + given.answer);
  const count = data.tokens[cell][state.question];
  const calls = data.calls[cell][state.question];
  parts.push(`${count} tokens, ${calls} by the llm (${percent(count ? calls / count : 0)})`);
  parts.push(`${given.passes} llm passes`);
  if (given.t.length > 0) {
    const tokens = given.t.map((_, index) => known(content, side, index));
    if (given.drafted !== null) {
      const stayed = tokens.filter((token) => !token.isLarge).length;
      const back = tokens.filter((token) => token.isBack).length;
      parts.push(`${given.drafted} drafted, ${stayed} stayed, ${given.drafted - stayed} taken back`
        + ` (shown are ${back}, the first of each stretch)`);
    }
    const asked = tokens.filter((token) => token.slm !== null && token.llm !== null);
    if (asked.length > 0) {
      const different = asked.filter((token) => token.other !== null).length;
      parts.push(`the models differ at ${different} of ${asked.length} tokens at which both were asked`);
    }
  }
  if (given.cut) parts.push("cut at the token limit");
  return parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part]));
}

// The first token in which the two differ; -1 if there is none, or no two.
function divergence(content) {
  const [left, right] = state.cells.map((cell) => content?.cells[cell]?.t);
  if (!left?.length || !right?.length) return -1;
  const count = Math.min(left.length, right.length);
  for (let index = 0; index < count; index++) {
    if (left[index] !== right[index]) return index;
  }
  return left.length === right.length ? -1 : count;
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

function showAnswer(content, side, parting) {
  const pane = panes[side];
  const cell = state.cells[side];
  const box = pane.querySelector(".tokens");
  pane.querySelector(".rule").textContent = cell < 0 ? "" : ruleWords(data.cells[cell]);
  box.setAttribute("aria-label", `Tokens of ${sides[side]}, ${data.cells[cell]?.name ?? "none"}`);
  box.replaceChildren();
  pane.querySelector(".facts").replaceChildren();
  if (!content || cell < 0) return;
  pane.querySelector(".facts").replaceChildren(...facts(content, side));
  const given = content.cells[cell];
  if (!given || given.error !== undefined) return;
  if (given.t.length === 0) {
    box.textContent = given.output ?? "";
    return;
  }
  const start = Math.min(Math.max(parting, 0), given.t.length - 1);
  given.t.forEach((string, index) => {
    const token = known(content, side, index);
    if (token.other !== null) {
      const other = element(token.isBack ? "s" : "span", token.isBack ? "other back" : "other");
      other.textContent = "⟨" + token.other.replaceAll("\n", "↵") + "⟩";
      box.append(other);
    }
    const span = element("span", `token ${token.isLarge ? "llm" : "slm"} s${shade(token.cell, token.score)}`);
    if (token.isVerified) span.classList.add("verified");
    if (token.other !== null) span.classList.add("differs");
    if (index === parting) span.classList.add("first");
    span.dataset.index = index;
    span.tabIndex = index === start ? 0 : -1;
    fill(span, content.strings[string]);
    box.append(span);
  });
}

function showQuestion() {
  const question = state.question;
  const content = stored(question);
  find("question").textContent = "Question " + data.names[question];
  find("text").textContent = content?.text ?? data.texts[question] ?? "";
  find("gold").textContent = content?.gold == null ? "" : "Expected: " + content.gold;
  const parting = divergence(content);
  const lengths = state.cells.map((cell) => content?.cells[cell]?.t?.length);
  find("divergence").textContent = content === undefined ? "Loading the answers …"
    : !lengths[0] || !lengths[1] ? ""
    : parting < 0 ? "A and B wrote the same tokens."
    : `A and B part at token ${parting + 1}: ` + state.cells.map((cell) => {
      const string = content.strings[content.cells[cell].t[parting]];
      return string === undefined ? "the end" : quoted(string);
    }).join(" against ");
  find("panes").className = state.cells[1] < 0 ? "single" : "";
  panes.forEach((_, side) => showAnswer(content, side, parting));
  hideTip();
  if (content) return;
  load(question).then(
    () => { if (state.question === question) showQuestion(); },
    (problem) => {
      if (state.question !== question) return;
      find("divergence").textContent = "";
      notice(problem);
    });
}

function choose(question) {
  state.question = question;
  notice("");
  show();
}

function show() {
  if (state.question < 0) return;
  showQuestion();
  revealRow();
  history.replaceState(null, "", address());
}

function showCells() {
  panes.forEach((pane, side) => { pane.querySelector("select").value = state.cells[side]; });
  showFilters();
  showList();
}

// -- what is known of one token -----------------------------------------------------------

function candidate(name, word) {
  const made = element("tr");
  made.append(element("th", "", name));
  if (word === null) {
    made.append(element("td", "", "not asked"), element("td"));
  } else {
    made.append(element("td", "piece", quoted(word.text)),
      element("td", "number", word.chance === -2 ? "?" : (word.chance / 100).toFixed(2) + " %"));
  }
  return made;
}

function showTip(span) {
  const side = panes.findIndex((pane) => pane.contains(span));
  const content = stored(state.question);
  if (side < 0 || !content) return;
  hideTip();
  const index = Number(span.dataset.index);
  const token = known(content, side, index);
  const tip = find("tip");
  const table = element("table");
  table.append(candidate("slm", token.slm), candidate("llm", token.llm));
  const near = token.cell.score === null || token.score === null ? ""
    : nearness[shade(token.cell, token.score)];
  tip.replaceChildren(
    element("div", "", `token ${index + 1}, written by the ${token.isLarge ? "llm" : "slm"}`),
    element("div", "score", scoreWords(token, index)),
    ...[near, storyWords(token)].filter((words) => words !== "")
      .map((words) => element("div", "", words)),
    table);
  tip.hidden = false;
  span.setAttribute("aria-describedby", "tip");
  span.classList.add("pointed");
  placeTip(span);
}

function placeTip(span) {
  const tip = find("tip");
  const at = span.getClientRects()[0] ?? span.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = at.bottom + 6;
  const top = below + size.height < innerHeight ? below : at.top - size.height - 6;
  tip.style.left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8)) + "px";
  tip.style.top = Math.max(8, top) + "px";
}

function hideTip() {
  find("tip").hidden = true;
  for (const span of document.querySelectorAll(".pointed")) {
    span.classList.remove("pointed");
    span.removeAttribute("aria-describedby");
  }
}

const tokenAt = (event) => event.target.closest?.(".tokens .token");
for (const kind of ["mouseover", "focusin", "click"]) {
  document.addEventListener(kind, (event) => {
    const span = tokenAt(event);
    if (span) showTip(span);
    else hideTip();
  });
}
document.addEventListener("scroll", () => {
  const span = document.querySelector(".pointed");
  if (span) placeTip(span);
}, true);
