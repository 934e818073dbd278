// What the checks do inside a page. Chromium gets each function as text, so none may use anything
// outside itself.

/** Opens what a reader would open, so that the checks see it. */
export function openDetails() {
  for (const details of document.querySelectorAll("details")) details.open = true;
}

/** Faults of accessibility, one line each. */
export async function findAxeFaults(tags) {
  const result = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return result.violations.map((fault) => {
    const html = fault.nodes[0].html.replace(/\s+/g, " ").slice(0, 160);
    return `${fault.id} (${fault.impact}, ${fault.nodes.length} places): ${fault.help}; first: ${html}`;
  });
}

/** Chart text that leaves its chart, or lies over other text of it. */
export function findChartTextFaults() {
  const faults = [];
  for (const chart of document.querySelectorAll("svg")) {
    const frame = chart.getBoundingClientRect();
    const name = chart.querySelector("title")?.textContent || chart.id || "a chart without title";
    const texts = [...chart.querySelectorAll("text")]
      .map((text) => ({ words: text.textContent.trim(), box: text.getBoundingClientRect() }))
      .filter(({ words, box }) => words && box.width > 0);
    texts.forEach(({ words, box }, index) => {
      const isInside =
        box.left >= frame.left - 1 &&
        box.right <= frame.right + 1 &&
        box.top >= frame.top - 1 &&
        box.bottom <= frame.bottom + 1;
      if (!isInside) faults.push(`${name}: "${words}" lies outside`);
      for (const other of texts.slice(index + 1)) {
        const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (width > 2 && height > 3) faults.push(`${name}: "${words}" overlaps "${other.words}"`);
      }
    });
  }
  return faults;
}

/** How far the page can be scrolled sideways, and what sticks out. */
export function findOverflow() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth === clientWidth) return [];
  const culprit = [...document.body.querySelectorAll("*")].find(
    (element) =>
      element.getBoundingClientRect().right > clientWidth + 1 && !element.closest(".scroll"),
  );
  const what = culprit
    ? culprit.outerHTML.replace(/\s+/g, " ").slice(0, 120)
    : "nothing that can be named";
  return [`${scrollWidth} px wide in a window of ${clientWidth}; first to stick out: ${what}`];
}

/** The addresses that the page refers to. */
export function listLinks() {
  return [...document.querySelectorAll("[href], [src]")].map(
    (element) => element.getAttribute("href") ?? element.getAttribute("src"),
  );
}

/** All the words a reader sees, without what the script adds. */
export function readWords() {
  for (const added of document.querySelectorAll(".tools, #tip, th button")) added.remove();
  return document.body.innerText.replace(/\s+/g, " ").trim();
}

/** Clicks the sort buttons of every sortable table and uses its filter; lists what did not work. */
export function tryTables() {
  const faults = [];
  const missing = ["", "—", "–"];
  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const keyOf = (cell) => cell.getAttribute("data-sort") ?? words(cell);
  const asNumber = (key) => parseFloat(key.replace(/,/g, "").replace(/^−/, "-"));

  function isInOrder(keys, direction) {
    const firstMissing = keys.findIndex((key) => missing.includes(key));
    const present = firstMissing < 0 ? keys : keys.slice(0, firstMissing);
    if (keys.slice(present.length).some((key) => !missing.includes(key))) return false;
    const isNumeric = present.every((key) => /^[-+−]?[\d.,]+(e[-+]?\d+)?\s*[%a-z]*$/i.test(key));
    const compare = (a, b) =>
      isNumeric ? asNumber(a) - asNumber(b) : a.localeCompare(b, undefined, { numeric: true });
    return present.every(
      (key, index) => index === 0 || compare(present[index - 1], key) * direction <= 0,
    );
  }

  function trySorting(table, name) {
    const buttons = [...table.tHead.querySelectorAll("th button")];
    if (buttons.length === 0) faults.push(`${name}: no sort button`);
    const before = [...table.tBodies[0].rows].map(words).sort().join("\n");
    for (const button of buttons) {
      const header = button.closest("th");
      const column = `${name}, column "${words(header)}"`;
      const orders = [1, 2].map(() => {
        button.click();
        const order = header.getAttribute("aria-sort");
        const keys = [...table.tBodies[0].rows].map((row) => keyOf(row.cells[header.cellIndex]));
        const isSorted = isInOrder(keys, order === "descending" ? -1 : 1);
        if (!isSorted) faults.push(`${column}: not ${order}: ${keys.slice(0, 8).join(" | ")}`);
        return order;
      });
      const isBothWays = orders.includes("ascending") && orders.includes("descending");
      if (!isBothWays)
        faults.push(`${column}: two clicks make aria-sort ${orders.join(", then ")}`);
    }
    const after = [...table.tBodies[0].rows].map(words).sort().join("\n");
    if (before !== after) faults.push(`${name}: sorting changed the rows`);
  }

  function tryFilter(table, name) {
    const box = table.closest(".scroll") || table;
    const input = box.previousElementSibling?.querySelector("input[type=search]");
    const rows = [...table.tBodies[0].rows];
    if (!input) {
      if (rows.length > 8) faults.push(`${name}: ${rows.length} rows and no filter`);
      return;
    }
    const shown = (wanted) => {
      input.value = wanted;
      input.dispatchEvent(new Event("input"));
      return rows.filter((row) => !row.hidden);
    };
    const wanted = words(rows[0].cells[0]);
    const found = shown(wanted);
    const isRight = found.every((row) => words(row).toLowerCase().includes(wanted.toLowerCase()));
    if (!found.includes(rows[0]) || !isRight)
      faults.push(`${name}: the filter "${wanted}" shows other rows`);
    if (shown("no row holds this").length > 0)
      faults.push(`${name}: the filter shows rows that do not match`);
    if (shown("").length !== rows.length) faults.push(`${name}: an empty filter hides rows`);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const name = `table "${table.caption ? words(table.caption) : table.id}"`;
    if (!table.tHead || !table.tBodies[0]?.rows.length) continue;
    trySorting(table, name);
    tryFilter(table, name);
  }
  return faults;
}
