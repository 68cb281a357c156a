// What is said of the setting under the pointer, or of the one that keys have come to.

function tipRow(cell, index) {
  const row = element("tr", index === state.axis ? "now" : "");
  row.append(
    element("th", "", results().axes[index].title),
    element("td", "number", text(cell, index, false)),
    element("td", "number", results().axes[index].shares && cell.shares[index] !== null
      ? `${text(cell, index, true)} %` : ""));
  return row;
}

function showTip(cells) {
  const tip = find("tip");
  for (const row of find("rows").children) row.classList.toggle("at", row.cell === cells[0]);
  if (cells.length === 0) return hideTip();
  const [cell] = cells;
  const words = [`${results().graded ? "accuracy" : "score"} ${accuracy(cell)}${results().graded ? " %" : ""}, n = ${cell.n}`];
  if (cell.stands) words.push(stands[cell.stands]);
  const table = element("table");
  const head = element("tr");
  head.append(
    element("td", "", "cost a question"), element("td"), element("td", "number", "of the llm's"));
  table.append(head, ...results().axes.map((_, index) => tipRow(cell, index)));
  const parts = [element("b", "", cell.name), element("p", "", words.join("; ")), table];
  if (cells.length > 1) {
    const names = cells.slice(1, 4).map((one) => one.name).join(", ");
    const more = cells.length > 4 ? ` and ${cells.length - 4} more` : "";
    parts.push(element("p", "", `at the same place: ${names}${more}`));
  }
  if (link(cell)) {
    parts.push(element("p", "", pointer === "touch" ? "touch again: its answers" : "click or Enter: its answers"));
  }
  tip.replaceChildren(...parts);
  tip.hidden = false;
  const point = order().find((one) => one.cell === cell);
  const frame = find("chart").getBoundingClientRect();
  const [x, y] = [
    frame.left + chart.scales.x.getPixelForValue(point.x),
    frame.top + chart.scales.y.getPixelForValue(point.y)];
  const size = tip.getBoundingClientRect();
  const left = x + 14 + size.width < innerWidth - 8 ? x + 14 : x - size.width - 14;
  tip.style.left = Math.max(8, Math.min(left, innerWidth - size.width - 8)) + "px";
  const above = left < 8 ? y - size.height - 14 : y - size.height / 2;
  tip.style.top = Math.max(8, Math.min(above < 8 && left < 8 ? y + 14 : above, innerHeight - size.height - 8)) + "px";
}

function hideTip() {
  find("tip").hidden = true;
  for (const row of find("rows").children) row.classList.remove("at");
}

// Keys and fingers begin anew.
function leave() {
  state.at = -1;
  hideTip();
}

// -- keys on the chart ------------------------------------------------------------

function order() {
  return chart.data.datasets.flatMap((set, datasetIndex) =>
    set.data.map((point, index) => ({ ...point, datasetIndex, index })))
    .sort((a, b) => a.x - b.x || a.y - b.y);
}

function go(to) {
  const all = order();
  if (all.length === 0) return;
  const at = Math.max(0, Math.min(all.length - 1, to));
  const { datasetIndex, index, cell } = all[at];
  chart.setActiveElements([{ datasetIndex, index }]);
  chart.update("none");
  showTip([cell]);
  state.at = at;
  find("said").textContent = `${cell.name}: ${results().graded ? "accuracy" : "score"} ${accuracy(cell)}, `
    + `${title(state.axis, isShare())} ${text(cell, state.axis, isShare())}`;
}

find("chart").addEventListener("keydown", (event) => {
  const moves = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in moves) {
    go(state.at < 0 && moves[event.key] > 0 ? 0 : state.at + moves[event.key]);
  } else if (event.key === "Home") {
    go(0);
  } else if (event.key === "End") {
    go(Infinity);
  } else if (event.key === "Enter" && state.at >= 0) {
    const target = link(order()[state.at].cell);
    if (target) location.href = target;
  } else if (event.key === "Escape") {
    chart.setActiveElements([]);
    chart.update("none");
    leave();
  } else {
    return;
  }
  event.preventDefault();
});
find("chart").addEventListener("blur", leave);
find("chart").addEventListener("mouseleave", hideTip);
// The library tells of nothing beside its axes.
find("chart").addEventListener("mousemove", ({ offsetX: x, offsetY: y }) => {
  const area = chart.chartArea;
  if (x < area.left || x > area.right || y < area.top || y > area.bottom) hideTip();
});
addEventListener("scroll", hideTip, { passive: true });
