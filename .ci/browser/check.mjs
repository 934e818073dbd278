// Checks the pages of a site: node check.mjs SITE [OUTPUT] [MOST]
//
// For each page, light and dark: axe finds no fault, the console stays empty, the page is the only
// request, chart text lies inside its chart and apart from other text.
// For each page: no sideways scrolling at 390, 768 and 1100 px, links and fragments lead somewhere,
// tables sort and filter, marks have tooltips, nothing is missing without JavaScript, it prints, it
// is valid HTML, page and charts keep to their size.
// OUTPUT gets pictures (light, dark, narrow, print) and a PDF of each page.

import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import puppeteer from "puppeteer-core";
import * as inPage from "./in_page.mjs";

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [390, 768, 1100];
const PAGE_BYTES = 400_000;
const CHART_BYTES = 90_000;
const A4_WIDTH = 794;
/** The page for executives prints on one sheet. */
const ONE_SHEET = /^quarters\/\d{4}-Q\d\.html$/;
// Of pages of one kind, such as those of releases, this many are checked: links and numbers of
// all of them are held by the tests.
const MOST_OF_A_KIND = Math.max(2, Number(process.argv[4] ?? 12));

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate(
  new StaticConfigLoader({ extends: ["html-validate:standard", "html-validate:a11y"] }),
);

const site = path.resolve(process.argv[2] ?? "site");
const output = path.resolve(process.argv[3] ?? "browser");
const chromium = process.env.CHROMIUM || "/usr/bin/chromium";

const idsOfFile = new Map();

process.exitCode = await main();

async function main() {
  if (!existsSync(chromium)) {
    const isRequired = process.env.PLIMSOLL_REQUIRE_BROWSER === "1";
    console.log(
      `${isRequired ? "FAIL" : "skipped:"} there is no Chromium at ${chromium}; CHROMIUM names another`,
    );
    return isRequired ? 1 : 0;
  }
  const all = listPages(site);
  const pages = choosePages(all);
  if (pages.length < all.length) console.log(`${pages.length} of ${all.length} pages are checked`);
  if (pages.length === 0) {
    console.log(`FAIL ${site}: no page`);
    return 1;
  }
  const browser = await puppeteer.launch({
    executablePath: chromium,
    headless: true,
    // Only the project's own pages are opened, often as root in a container without a sandbox.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
  let failed = 0;
  try {
    for (const page of pages) failed += (await checkPage(browser, page)) ? 0 : 1;
  } finally {
    await browser.close();
  }
  console.log(`${pages.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function listPages(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      return entry.isDirectory() ? listPages(full) : entry.name.endsWith(".html") ? [full] : [];
    })
    .sort();
}

/** Of each kind of page, at most MOST_OF_A_KIND: the largest, the smallest, some between. */
function choosePages(pages) {
  const kinds = new Map();
  for (const page of pages) {
    const parts = path.relative(site, page).split(path.sep);
    const isDeep = parts.length > 2;
    const kind = isDeep ? `${parts[0]}/*/${parts.at(-1)}` : parts.slice(0, -1).join("/");
    kinds.set(kind, [...(kinds.get(kind) ?? []), page]);
  }
  return [...kinds.values()]
    .flatMap((kind) => {
      const bySize = [...kind].sort((a, b) => statSync(a).size - statSync(b).size || (a < b ? -1 : 1));
      const step = (bySize.length - 1) / (MOST_OF_A_KIND - 1);
      if (step <= 1) return bySize;
      const isFront = (page) => path.basename(page) === "index.html";
      const spread = Array.from({ length: MOST_OF_A_KIND }, (_, i) => bySize[Math.round(i * step)]);
      return [...new Set([...spread, ...bySize.filter(isFront)])];
    })
    .sort();
}

/** All checks of one page; true when there is nothing to complain about. */
async function checkPage(browser, file) {
  const started = Date.now();
  const name = path.relative(site, file);
  const problems = new Set();
  const report = (check, faults) => faults.forEach((fault) => problems.add(`${check}: ${fault}`));
  const picture = path.join(output, name.replace(/\.html$/, ""));
  mkdirSync(path.dirname(picture), { recursive: true });

  const { faults, summary } = checkSize(readFileSync(file));
  report("size", faults);
  report("html", await validateHtml(file));
  let pdfPages = 0;
  try {
    for (const scheme of ["light", "dark"])
      await checkScheme(browser, file, scheme, picture, report);
    await checkNarrow(browser, file, picture, report);
    await checkScript(browser, file, report);
    pdfPages = await checkPrint(browser, file, picture, report);
  } catch (error) {
    report("check", [`stopped by ${error.message}`]);
  }

  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `${problems.size === 0 ? "ok  " : "FAIL"} ${name}: ${summary}, ${pdfPages} printed pages, ${seconds} s`,
  );
  for (const problem of problems) console.log(`     ${problem}`);
  return problems.size === 0;
}

function checkSize(source) {
  const charts = [
    ...source.toString().matchAll(/<svg\b[^>]*\bclass="[^"]*\bchart\b[\s\S]*?<\/svg>/g),
  ];
  const sizes = charts.map(([chart]) => Buffer.byteLength(chart));
  const largest = Math.max(0, ...sizes);
  const faults = sizes
    .filter((bytes) => bytes > CHART_BYTES)
    .map((bytes) => `a chart of ${bytes} bytes, more than ${CHART_BYTES}`);
  if (source.length > PAGE_BYTES) faults.push(`${source.length} bytes, more than ${PAGE_BYTES}`);
  const kilobytes = (bytes) => `${Math.round(bytes / 1000)} KB`;
  return {
    faults,
    summary: `${kilobytes(source.length)}, ${sizes.length} charts up to ${kilobytes(largest)}`,
  };
}

async function validateHtml(file) {
  const { results } = await validator.validateFile(file);
  return results.flatMap(({ messages }) =>
    messages.map(
      ({ line, column, ruleId, message }) =>
        `line ${line}, column ${column}: ${message} (${ruleId})`,
    ),
  );
}

/** Opens a page, does something with it, and reports what it wrote to the console or asked for. */
async function visit(
  browser,
  file,
  { width = 1100, scheme = "light", media = "screen", script = true },
  report,
  action,
) {
  const url = pathToFileURL(file).href;
  const page = await browser.newPage();
  page.on("console", (message) => report("console", [message.text().slice(0, 300)]));
  page.on("pageerror", (error) => report("console", [error.message]));
  page.on("request", (request) => {
    const asked = request.url();
    if (asked !== url && !asked.startsWith("data:")) report("request", [asked]);
  });
  try {
    await page.setJavaScriptEnabled(script);
    await page.emulateMediaType(media);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height: 900 });
    await page.goto(url, { waitUntil: "load" });
    return await action(page);
  } finally {
    await page.close();
  }
}

async function checkScheme(browser, file, scheme, picture, report) {
  await visit(browser, file, { scheme }, report, async (page) => {
    await page.screenshot({ path: `${picture}.${scheme}.png`, fullPage: true });
    await page.evaluate(inPage.openDetails);
    await page.evaluate(axeSource);
    report(`axe, ${scheme}`, await page.evaluate(inPage.findAxeFaults, AXE_TAGS));
    report("chart text", await page.evaluate(inPage.findChartTextFaults));
  });
}

async function checkNarrow(browser, file, picture, report) {
  for (const width of WIDTHS) {
    await visit(browser, file, { width }, report, async (page) => {
      if (width === WIDTHS[0])
        await page.screenshot({ path: `${picture}.${width}.png`, fullPage: true });
      await page.evaluate(inPage.openDetails);
      report(`${width} px`, await page.evaluate(inPage.findOverflow));
      report(`chart text, ${width} px`, await page.evaluate(inPage.findChartTextFaults));
    });
  }
}

/** What the script adds works, and nothing but that is missing without it. */
async function checkScript(browser, file, report) {
  const read = async (page) => {
    await page.evaluate(inPage.openDetails);
    return page.evaluate(inPage.readWords);
  };
  const withScript = await visit(browser, file, {}, report, read);
  const without = await visit(browser, file, { script: false }, report, async (page) => {
    report("link", findDeadLinks(file, await page.evaluate(inPage.listLinks)));
    return read(page);
  });
  if (withScript !== without)
    report("without JavaScript", [describeDifference(withScript, without)]);
  await visit(browser, file, {}, report, async (page) => {
    report("table", await page.evaluate(inPage.tryTables));
    report("tooltip", await tryTooltip(page));
  });
}

function describeDifference(withScript, without) {
  let at = 0;
  while (withScript[at] === without[at]) at += 1;
  const excerpt = (words) => JSON.stringify(words.slice(Math.max(0, at - 30), at + 60));
  return `reads ${excerpt(without)} instead of ${excerpt(withScript)}`;
}

async function tryTooltip(page) {
  const mark = await page.$("svg.chart .m:has(> title)");
  if (!mark) return [];
  await mark.scrollIntoView();
  await mark.hover();
  const words = await page.evaluate(() => {
    const tip = document.getElementById("tip");
    return tip && !tip.hidden ? tip.textContent.trim() : "";
  });
  return words ? [] : ["the first mark of the first chart shows none"];
}

/** Links that lead nowhere, out of the site, or to a fragment that its page has not. */
function findDeadLinks(file, links) {
  const faults = [];
  for (const link of new Set(links)) {
    if (/^(https?:|mailto:|data:)/.test(link)) continue;
    const target = new URL(link, pathToFileURL(file));
    if (target.protocol !== "file:" || link.startsWith("/") || link.startsWith("file:")) {
      faults.push(`"${link}" is neither relative nor https, http or mailto`);
      continue;
    }
    const found = fileURLToPath(new URL(target.pathname, "file:///"));
    if (!found.startsWith(site + path.sep)) faults.push(`"${link}" leads out of the site`);
    else if (!existsSync(found) || !statSync(found).isFile())
      faults.push(`"${link}" leads to no file`);
    else if (target.hash.length > 1 && !hasId(found, decodeURIComponent(target.hash.slice(1))))
      faults.push(`"${link}": there is no such id`);
  }
  return faults;
}

function hasId(file, id) {
  if (!idsOfFile.has(file)) {
    const ids = [...readFileSync(file, "utf8").matchAll(/\sid="([^"]*)"/g)].map(([, found]) =>
      unescapeHtml(found),
    );
    idsOfFile.set(file, new Set(ids));
  }
  return idsOfFile.get(file).has(id);
}

function unescapeHtml(words) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return words.replace(/&(?:#x([\da-f]+)|#(\d+)|(amp|lt|gt|quot));/gi, (_, hex, decimal, name) =>
    name ? named[name] : String.fromCodePoint(parseInt(hex ?? decimal, hex ? 16 : 10)),
  );
}

async function checkPrint(browser, file, picture, report) {
  await visit(browser, file, { width: A4_WIDTH, media: "print" }, report, (page) =>
    page.screenshot({ path: `${picture}.print.png`, fullPage: true }),
  );
  return visit(browser, file, {}, report, async (page) => {
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    writeFileSync(`${picture}.pdf`, pdf);
    const count = (pdf.toString("latin1").match(/\/Type \/Page\b/g) ?? []).length;
    if (count === 0) report("print", ["the PDF has no page"]);
    if (ONE_SHEET.test(path.relative(site, file)) && count > 1)
      report("print", [`${count} sheets, not one`]);
    return count;
  });
}
