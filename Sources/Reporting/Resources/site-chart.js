// Accuracy against the chosen cost, drawn by Chart.js.

let chart = null;
const isOn = (cell) => state.methods.has(cell.method) || isSingle(cell);
const isSingle = (cell) => [results().slm, results().llm].includes(results().cells.indexOf(cell));
const isShown = (cell) => cell.stands === "equal" || cell.stands === "better";

function dataset(method, index) {
  const cells = results().cells.filter((cell) => cell.method === index && cell.y !== null);
  const points = cells.map((cell) => ({ x: value(cell, state.axis, isShare()), y: height(cell.y), cell }))
    .filter((point) => point.x !== null && (!state.log || point.x > 0))
    .sort((a, b) => a.x - b.x);
  const isLit = cells.some(isOn);
  const { tint, open, rotation, style, dash, pentagon } = look(method, isLit);
  const back = open ? colour("back") : tint;
  return {
    data: points, label: method.name, showLine: isLit && points.length > 1, borderColor: tint,
    borderWidth: 1.5, borderDash: dash, order: isLit ? 1 : 2, rotation, pointStyle: style,
    pointRadius: pentagon ? 0 : isLit ? 6 : 3, pointHoverRadius: pentagon ? 0 : isLit ? 8 : 6,
    pointBorderWidth: open ? 2 : 1.5, pointHoverBorderWidth: 2, pointHitRadius: pentagon ? 10 : 6,
    pointBorderColor: tint, pointBackgroundColor: back, pointHoverBackgroundColor: back,
    pentagon: pentagon ? { open, tint } : null,
  };
}

function bar(pen, { scales, chartArea: area }, point, tint) {
  const cell = point.cell;
  if (cell.low === null || cell.y === null) return;
  const x = scales.x.getPixelForValue(point.x);
  const ends = [cell.low, cell.high].map((one) => scales.y.getPixelForValue(height(one)));
  const within = (y) => Math.max(area.top, Math.min(area.bottom, y));
  pen.strokeStyle = tint;
  pen.lineWidth = 1.2;
  pen.beginPath();
  // An end outside of the chart has no cap.
  for (const y of ends.filter((one) => one === within(one))) {
    pen.moveTo(x - 4, y);
    pen.lineTo(x + 4, y);
  }
  pen.moveTo(x, within(ends[0]));
  pen.lineTo(x, within(ends[1]));
  pen.stroke();
}

function pointOf(index) {
  const cell = results().cells[index];
  if (!cell || cell.y === null) return null;
  const x = value(cell, state.axis, isShare());
  return x === null || (state.log && x <= 0) ? null : { x, y: height(cell.y), cell };
}

const hasLine = () => axis().line && !state.log && pointOf(results().slm) && pointOf(results().llm);

// Below the points: the llm's accuracy and what counts as equal to it, and the straight line from model to model.
function drawBelow({ ctx: pen, chartArea: area, scales }) {
  pen.save();
  pen.beginPath();
  pen.rect(area.left, area.top, area.width, area.height);
  pen.clip();
  const large = results().cells[results().llm];
  if (large && large.y !== null) {
    const top = scales.y.getPixelForValue(height(large.y));
    const bottom = scales.y.getPixelForValue(height(large.y - results().margin));
    pen.fillStyle = colour("band");
    pen.fillRect(area.left, top, area.width, bottom - top);
    pen.strokeStyle = colour("yes");
    pen.setLineDash([5, 4]);
    pen.beginPath();
    pen.moveTo(area.left, top);
    pen.lineTo(area.right, top);
    pen.stroke();
  }
  if (hasLine()) {
    pen.strokeStyle = colour("soft");
    pen.setLineDash([2, 4]);
    pen.beginPath();
    for (const end of [pointOf(results().slm), pointOf(results().llm)]) {
      pen.lineTo(scales.x.getPixelForValue(end.x), scales.y.getPixelForValue(end.y));
    }
    pen.stroke();
  }
  pen.restore();
}

function drawAbove(drawn) {
  const { ctx: pen, scales, chartArea: area } = drawn;
  const active = drawn.getActiveElements().map(({ datasetIndex, index }) => `${datasetIndex} ${index}`);
  pen.save();
  drawn.data.datasets.forEach((set, datasetIndex) => set.data.forEach((point, index) => {
    const isAt = active.includes(`${datasetIndex} ${index}`);
    if (isAt || (state.intervals && isOn(point.cell))) {
      bar(pen, drawn, point, isAt ? colour("fore") : set.pointBorderColor);
    }
    const [x, y] = [scales.x.getPixelForValue(point.x), scales.y.getPixelForValue(point.y)];
    if (set.pentagon) drawPentagon(pen, x, y, isAt ? 10 : 8, set.pentagon);
    if (isShown(point.cell)) {
      pen.strokeStyle = colour("fore");
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.arc(x, y, 10, 0, 2 * Math.PI);
      pen.stroke();
    }
  }));
  pen.fillStyle = colour("fore");
  pen.font = "600 13px system-ui, sans-serif";
  for (const name of ["slm", "llm"]) {
    const point = pointOf(results()[name]);
    if (!point) continue;
    const x = scales.x.getPixelForValue(point.x);
    const isRight = x > area.right - 50;
    const place = [name, x + (isRight ? -12 : 12), scales.y.getPixelForValue(point.y) + 18];
    pen.textAlign = isRight ? "right" : "left";
    pen.strokeStyle = colour("back");
    pen.lineWidth = 4;
    pen.strokeText(...place);
    pen.fillText(...place);
  }
  pen.restore();
}

// From the lowest to the highest, what counts as equal to the llm included.
function limits() {
  const cells = results().cells.filter((cell) => cell.y !== null);
  if (cells.length === 0) return [0, height(1)];
  const bars = state.intervals ? cells.filter((cell) => isOn(cell) && cell.low !== null) : [];
  const large = results().cells[results().llm];
  const all = [...cells.map((cell) => cell.y), ...bars.flatMap((cell) => [cell.low, cell.high])];
  if (large && large.y !== null) all.push(large.y - results().margin, large.y + results().margin);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.04 * (high - low) || results().margin;
  return [height(Math.max(0, low - room)), height(high + room)];
}

// Room on both sides, so that no sign is cut.
function span(sets) {
  const all = sets.flatMap((set) => set.data.map((point) => point.x));
  if (all.length === 0) return state.log ? [1, 10] : [0, 1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  if (state.log) return [low / 1.2, high * 1.2];
  const room = 0.03 * (high || 1);
  return [low < room ? -room : 0, high + room];
}

// 1, 2 or 5 times a power of ten.
const isRound = (tick) => ["1", "2", "5"].includes(String(Number((tick / 10 ** Math.floor(Math.log10(tick) + 1e-9)).toPrecision(6))));

function draw() {
  chart?.destroy();
  const [fore, soft, line] = [colour("fore"), colour("soft"), colour("line")];
  const [low, high] = limits();
  const sets = results().methods.map(dataset);
  const [left, right] = span(sets);
  const isNarrow = innerWidth < 600;
  Chart.defaults.font.family = "system-ui, sans-serif";
  Chart.defaults.font.size = isNarrow ? 11 : 13;
  chart = new Chart(find("chart"), {
    type: "scatter",
    data: { datasets: sets },
    plugins: [{ id: "citer", beforeDatasetsDraw: drawBelow, afterDatasetsDraw: drawAbove }],
    options: {
      animation: false, maintainAspectRatio: false, clip: false,
      layout: { padding: { right: 12, top: 8 } },
      interaction: { mode: "nearest", intersect: true },
      onHover: (event, active) => {
        if (event.type === "mousemove") showTip(active.map(cellAt));
        event.native.target.style.cursor = active.length && link(cellAt(active[0])) ? "pointer" : "";
      },
      onClick: click,
      scales: {
        x: {
          type: state.log ? "logarithmic" : "linear", beginAtZero: !state.log,
          min: left, max: right, grid: { color: line },
          ticks: {
            color: soft, maxRotation: 0, includeBounds: false, autoSkipPadding: 12,
            ...(state.log ? { callback: (tick) => (isRound(tick) ? String(Number(tick.toPrecision(3))) : null) } : {}),
          },
          title: {
            display: true, color: fore,
            text: title(state.axis, isShare()) + (state.log ? " (log)" : ""),
          },
        },
        y: {
          min: low, max: high, grid: { color: line },
          ticks: { color: soft, ...(results().graded ? { precision: 0 } : {}), callback: (tick) => tick.toFixed(results().graded ? 0 : 3), includeBounds: false },
          title: { display: true, color: fore, text: results().graded ? "accuracy, %" : "score" },
        },
      },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
    },
  });
  state.at = -1;
  caption();
}

function caption() {
  const words = [];
  const dots = chart.data.datasets.flatMap((set) => set.data);
  const large = results().cells[results().llm];
  if (large && large.y !== null) {
    const margin = results().graded ? `${(100 * results().margin).toFixed(0)} points` : results().margin;
    words.push(`Dashed: the llm's ${results().graded ? "accuracy" : "score"}; the band below it: within ${margin} of it.`);
  }
  if (dots.some((dot) => isShown(dot.cell))) {
    words.push("Ringed: shown to be as accurate as the llm on these questions; a point in the band alone shows nothing.");
  }
  if (hasLine()) words.push("Dotted: the straight line between the two models.");
  words.push(axis().meaning);
  const missing = results().cells.filter((cell) => !dots.some((dot) => dot.cell === cell)).map((cell) => cell.name);
  if (missing.length > 0 && missing.length <= 4) {
    words.push(`Not on this axis: ${missing.join(", ")}.`);
  } else if (missing.length > 4) {
    words.push(`Not on this axis: ${missing.length} settings: cost ${state.log ? "0, or cost " : ""}or accuracy not known.`);
  }
  find("caption").textContent = words.join(" ");
}

const cellAt = ({ datasetIndex, index }) => chart.data.datasets[datasetIndex].data[index].cell;

let pointer = "mouse";
find("chart").addEventListener("pointerdown", (event) => { pointer = event.pointerType; });

// A finger cannot hover: its first touch shows a setting, its second opens it.
function click(_, active) {
  if (active.length === 0) return leave();
  const cell = cellAt(active[0]);
  const index = order().findIndex((one) => one.cell === cell);
  const isSecond = index === state.at;
  state.at = index;
  if (pointer === "touch" && !isSecond) return showTip(active.map(cellAt));
  if (link(cell)) location.href = link(cell);
}
