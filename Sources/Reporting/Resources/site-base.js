"use strict";
// What all parts of the page use: the data, numbers, colours. The parts are one script, in the order of SitePage.
const data = JSON.parse(document.getElementById("data").textContent);
const find = (id) => document.getElementById(id);
const shown = data.experiments.filter((one) => one.results !== null);
const state = {
  experiment: shown[0], axis: null, share: true, log: false, intervals: false,
  methods: new Set(), sort: null, down: false, at: -1,
};
const results = () => state.experiment.results;
const axis = () => results().axes[state.axis];

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

// -- numbers ------------------------------------------------------------------------

const isShare = () => state.share && axis().shares;

function value(cell, index, share) {
  const number = (share ? cell.shares : cell.costs)[index];
  return number === null ? null : share ? 100 * number : number / results().axes[index].scale;
}

function text(cell, index, share) {
  const number = value(cell, index, share);
  if (number === null) return "–";
  return number.toFixed(share ? 1 : results().axes[index].decimals);
}

// A share has no unit.
const bare = (one) => one.title.replace(/, [A-Z]$/, "");

function title(index, share) {
  const one = results().axes[index];
  return share ? `${bare(one)}, % of the llm's` : one.shares ? one.title + " a question" : one.title;
}

const height = (number) => (results().graded ? 100 * number : number);
const level = (number) => height(number).toFixed(results().graded ? 1 : 3);

function accuracy(cell) {
  if (cell.y === null) return "–";
  return level(cell.y) + (cell.low === null ? "" : ` [${level(cell.low)}, ${level(cell.high)}]`);
}

function link(cell) {
  const page = results().tokens;
  return page ? page + "#" + cell.key : null;
}

const stands = {
  equal: "as accurate as the llm", better: "better than the llm", worse: "worse than the llm",
  undecided: "undecided against the llm",
};

// -- colours and signs ------------------------------------------------------------

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

function luminance(rgb) {
  const [r, g, b] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// A method's colour is chosen on white; what the page's own background would hide moves towards the letters'.
function seen(hex) {
  const back = channels(colour("back").replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3"));
  const fore = channels(colour("fore"));
  let rgb = channels(hex);
  // What has no colour, the single models', has to be told by brightness alone.
  const least = new Set(rgb).size === 1 ? 6 : 3;
  for (let step = 0; step < 16 && contrast(rgb, back) < least; step++) {
    rgb = rgb.map((channel, index) => Math.round(0.85 * channel + 0.15 * fore[index]));
  }
  return `rgb(${rgb.join(" ")})`;
}

const signs = {
  square: ["rect", 0], circle: ["circle", 0], triangle: ["triangle", 0],
  inverted: ["triangle", 180], diamond: ["rectRot", 0], plus: ["cross", 0], cross: ["crossRot", 0],
  star: ["star", 0],
};

// Chart.js has no pentagon, the single models' sign.
function drawPentagon(pen, x, y, radius, { open, tint }) {
  pen.beginPath();
  for (let corner = 0; corner < 5; corner++) {
    const angle = (2 * Math.PI * corner) / 5 - Math.PI / 2;
    pen.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  pen.closePath();
  pen.setLineDash([]);
  pen.lineWidth = 2;
  pen.strokeStyle = tint;
  pen.fillStyle = open ? colour("back") : tint;
  pen.fill();
  pen.stroke();
}

function look(method, isOn) {
  const tint = isOn ? seen(method.colour) : colour("soft");
  const open = method.marker.startsWith("open");
  const name = open ? method.marker.slice(4).toLowerCase() : method.marker;
  const [style, rotation] = signs[name] ?? ["circle", 0];
  return {
    tint, open, rotation, pentagon: name === "pentagon", style,
    dash: { solid: [], dashed: [6, 4], dotted: [2, 3] }[method.dash] ?? [],
  };
}
