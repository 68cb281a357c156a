// What the reader has chosen, kept in the address.

function swatch(method) {
  const made = element("canvas");
  made.width = 68;
  made.height = 36;
  const pen = made.getContext("2d");
  pen.scale(2, 2);
  const { tint, open, rotation, style, dash } = look(method, true);
  pen.strokeStyle = tint;
  pen.fillStyle = open ? colour("back") : tint;
  pen.lineWidth = 1.5;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(1, 9);
  pen.lineTo(33, 9);
  pen.stroke();
  pen.setLineDash([]);
  pen.lineWidth = open ? 2 : 1.5;
  Chart.helpers.drawPoint(pen, { pointStyle: style, radius: 5, rotation, borderWidth: pen.lineWidth }, 17, 9);
  return made;
}

function legendButton(name, isPressed, press) {
  const button = element("button", "", name);
  button.type = "button";
  if (isPressed !== undefined) button.setAttribute("aria-pressed", isPressed);
  button.addEventListener("click", () => {
    press();
    draw();
    showLegend();
    for (const other of find("legend").querySelectorAll("button")) {
      if (other.textContent === name) other.focus();
    }
  });
  return button;
}

function showLegend() {
  const singles = [results().slm, results().llm].map((index) => results().cells[index]?.method);
  const methods = results().methods.map((method, index) => ({ method, index }))
    .filter(({ index }) => !singles.includes(index));
  const buttons = methods.map(({ method, index }) => {
    const button = legendButton(method.name, state.methods.has(index), () => {
      if (!state.methods.delete(index)) state.methods.add(index);
    });
    button.prepend(swatch(method));
    return button;
  });
  const all = legendButton("all", undefined, () => { for (const { index } of methods) state.methods.add(index); });
  const best = legendButton("the best", undefined, lightBest);
  const isChoice = methods.some(({ method }) => !method.shown);
  find("legend").replaceChildren(find("legend").firstElementChild, ...(isChoice ? [best, all] : []), ...buttons);
}

function lightBest() {
  state.methods = new Set(results().methods.flatMap((method, index) => (method.shown ? [index] : [])));
}

function lines(id, texts) {
  find(id).replaceChildren(...texts.map((one) => element("li", "", one)));
  find(id).hidden = texts.length === 0;
}

function showExperiment() {
  const one = state.experiment;
  for (const other of shown) {
    if (other === one) other.row.setAttribute("aria-current", "true");
    else other.row.removeAttribute("aria-current");
  }
  find("chart-title").textContent = one.name + ": accuracy and cost";
  find("question").textContent = [one.question, results().configuration].filter(Boolean).join(" ");
  lines("verdicts", results().verdicts);
  lines("warnings", results().warnings.map((words) => "Warning: " + words));
  find("footer").textContent = results().footer;
  find("experiment").value = shown.indexOf(one);
  find("axis").replaceChildren(...results().axes.map((each, index) => {
    const option = element("option", "", each.title);
    option.value = index;
    return option;
  }));
  showLegend();
  showDownload();
}

function show() {
  find("axis").value = state.axis;
  find(state.share ? "share" : "absolute").checked = true;
  find("log").checked = state.log;
  find("intervals").checked = state.intervals;
  hideTip();
  draw();
  showTable();
}

function keep() {
  const words = { e: state.experiment.name, x: axis().key };
  if (!state.share) words.unit = "absolute";
  if (state.log) words.log = 1;
  if (state.intervals) words.intervals = 1;
  history.replaceState(null, "", "#" + new URLSearchParams(words));
}

function choose(one, key) {
  state.experiment = one;
  state.sort = null;
  const wanted = one.results.axes.findIndex((each) => each.key === key);
  state.axis = wanted >= 0 ? wanted : one.results.axes.findIndex((each) => each.key === one.results.start);
  lightBest();
  showExperiment();
  show();
}

function read() {
  const words = new URLSearchParams(location.hash.slice(1));
  const one = shown.find((each) => each.name === words.get("e")) ?? state.experiment;
  const isOther = one !== state.experiment;
  state.share = words.get("unit") !== "absolute";
  state.log = words.has("log");
  state.intervals = words.has("intervals");
  choose(one, words.get("x") ?? (isOther || state.axis === null ? null : axis().key));
  return words.has("e");
}

showList();
if (shown.length > 0) {
  read();
  const on = (id, act) => find(id).addEventListener("change", (event) => {
    act(event.target);
    show();
    keep();
  });
  on("axis", (input) => { state.axis = Number(input.value); });
  on("share", () => { state.share = true; });
  on("absolute", () => { state.share = false; });
  on("log", (input) => { state.log = input.checked; });
  on("intervals", (input) => { state.intervals = input.checked; });
  find("experiment").addEventListener("change", (event) => {
    choose(shown[Number(event.target.value)], axis().key);
    keep();
  });
  find("controls").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    if (read()) find("chart-title").focus();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    draw();
    showLegend();
  });
}
