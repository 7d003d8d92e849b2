// Measures how fast the tutorial is: `node web/measure.mjs` opens the benchmark's page of a written site (`cargo xtask site`) in Chromium
// without a window, and prints what it says. `OTTLA_SITE` and `OTTLA_BROWSER` name another folder and another browser. Nothing else should run.

import { pathToFileURL } from "node:url";

import { WIDE, launch, quit, serveFolder, site } from "./tests/support.mjs";

/// The benchmark's lines, and its numbers.
export async function measure(page) {
  const table = page.locator("table[data-bench]");
  await table.waitFor({ timeout: LONGEST_MS });
  const rows = await table.locator("tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText)));
  return { rows, numbers: JSON.parse(await table.getAttribute("data-bench")) };
}

/// On a machine that has much else to do.
const LONGEST_MS = 300_000;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await serveFolder(site);
  const browser = await launch();
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto(`${server.address}#/bench`);
  const { rows } = await measure(page);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
  await quit();
  await server.stop();
}
