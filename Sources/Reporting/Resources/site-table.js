// The chart's data as a table, and as a file.

function columns() {
  const share = state.share;
  const costs = results().axes.map((one, index) => ({
    name: share && one.shares ? bare(one) : one.title, number: true, key: one.key,
    text: (cell) => text(cell, index, share && one.shares),
    order: (cell) => value(cell, index, share && one.shares),
  }));
  const list = [
    { name: "Setting", text: (cell) => cell.name, order: (cell) => results().cells.indexOf(cell) },
    { name: "n", number: true, text: (cell) => cell.n, order: (cell) => cell.n },
    {
      name: results().graded ? "Accuracy, % [95 %]" : "Score", number: true, text: accuracy,
      order: (cell) => cell.y,
    },
    { name: "Against the llm", text: (cell) => cell.stands ?? "–", order: (cell) => cell.stands },
    ...costs,
    {
      name: "Cut, %", number: true, order: (cell) => cell.cut,
      text: (cell) => (cell.cut === null ? "–" : (100 * cell.cut).toFixed(1)),
    },
  ];
  if (results().cells.some((cell) => cell.failed > 0)) {
    list.push({ name: "Failed", number: true, text: (cell) => cell.failed, order: (cell) => cell.failed });
  }
  return list;
}

function sorted(list) {
  const cells = [...results().cells];
  const column = list.find((one) => (one.key ?? one.name) === state.sort);
  if (!column) return cells;
  const sign = state.down ? -1 : 1;
  // What is not known comes last, whichever way.
  return cells.sort((a, b) => {
    const [one, other] = [column.order(a), column.order(b)];
    if (one === null || other === null) return (one === null) - (other === null);
    return sign * (one < other ? -1 : one > other ? 1 : 0);
  });
}

function showTable() {
  const list = columns();
  find("table-title").textContent = "Settings, costs " + (state.share ? "in % of the llm's" : "as means a question");
  find("heads").replaceChildren(...list.map((column) => {
    const head = element("th", column.number ? "number" : "");
    head.scope = "col";
    const isSorted = (column.key ?? column.name) === state.sort;
    if (isSorted) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    const button = element("button", "", column.name + (isSorted ? (state.down ? " ↓" : " ↑") : ""));
    button.type = "button";
    button.addEventListener("click", () => {
      state.down = isSorted && !state.down;
      state.sort = column.key ?? column.name;
      showTable();
      [...find("heads").children][list.indexOf(column)].firstChild.focus();
    });
    head.append(button);
    return head;
  }));
  find("rows").replaceChildren(...sorted(list).map((cell) => {
    const row = element("tr", isSingle(cell) ? "single" : "");
    row.cell = cell;
    const head = element("th");
    head.scope = "row";
    const target = link(cell);
    const name = element(target ? "a" : "span");
    // Long settings may be broken between their parts.
    cell.name.split(",").forEach((part, index) => name.append(...(index > 0 ? [",", element("wbr")] : []), part));
    if (target) name.href = target;
    head.append(name);
    row.append(head, ...list.slice(1).map((column) =>
      element("td", column.number ? "number" : "", column.text(cell))));
    return row;
  }));
}

// As the reports' own CSV has it: a text that a spreadsheet would take for a formula gets an apostrophe.
function field(content) {
  if (typeof content === "number") return String(content);
  const plain = String(content ?? "").replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function csv() {
  const measure = results().graded ? "accuracy" : "score";
  const axes = results().axes;
  const heads = [
    "cell", "policy", "setting", "n", "failed", measure, measure + "_low", measure + "_high", "against_llm",
    ...axes.flatMap((one) => (one.shares ? [one.key + "_per_question", one.key + "_of_llm"] : [one.key])),
  ];
  const rows = results().cells.map((cell) => [
    cell.key, results().methods[cell.method].name, cell.setting, cell.n, cell.failed, cell.y, cell.low, cell.high,
    cell.stands,
    ...axes.flatMap((one, index) => (one.shares ? [cell.costs[index], cell.shares[index]] : [cell.costs[index]])),
  ]);
  return [heads, ...rows].map((row) => row.map(field).join(",") + "\r\n").join("");
}

let file = null;
function showDownload() {
  if (file) URL.revokeObjectURL(file);
  file = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  find("csv").href = file;
  find("csv").download = state.experiment.name.replace(/[^\w.=-]/g, "_") + "-settings.csv";
}
