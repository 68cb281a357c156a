// The list of experiments: what each asks and says.

function titleCell(one) {
  const cell = element("th", "title");
  cell.scope = "row";
  cell.setAttribute("role", "rowheader");
  let name;
  if (one.results) {
    name = element("a", "name", one.name);
    name.href = "#" + new URLSearchParams({ e: one.name });
  } else if (one.page) {
    name = element("a", "name", one.name);
    name.href = one.page;
  } else {
    name = element("span", "name", one.name);
  }
  cell.append(name, element("small", "", one.question ?? ""));
  return cell;
}

function listRow(one) {
  const row = element("tr");
  row.setAttribute("role", "row");
  const cells = [titleCell(one)];
  if (one.results) {
    cells.push(element("td", "pair", one.pair.map((name) => name ?? "?").join(" → ")));
    cells.push(element("td", "number n", one.n));
  }
  cells.push(element("td", "decision " + one.decision.replace(" ", "-"), one.decision));
  const number = element("td", "deciding", one.number);
  if (one.results && one.page) {
    const link = element("a", "", "all tables");
    link.href = one.page;
    link.setAttribute("aria-label", "all tables of " + one.name);
    number.append(" (", link, ")");
  }
  cells.push(number);
  for (const cell of cells.slice(1)) cell.setAttribute("role", "cell");
  row.append(...cells);
  one.row = row;
  return row;
}

function showList() {
  find("results").replaceChildren(...shown.map(listRow));
  const others = data.experiments.filter((one) => one.results === null);
  find("others").replaceChildren(...others.map(listRow));
  find("others-section").hidden = others.length === 0;
  find("chart-section").hidden = shown.length === 0;
  find("experiment").replaceChildren(...shown.map((one, index) => {
    const option = element("option", "", one.name);
    option.value = index;
    return option;
  }));
}
