// Finds out what the first view calls: `node web/first-view.mjs FOLDER BROWSER`, where the folder holds the page with a counting program.
// Prints the numbers of the functions. What a visitor sees and does before the rest of the program has come is to be among them.

import { find, serveFolder } from "./tests/support.mjs";
import { chromium } from "playwright-core";

const [folder, name] = process.argv.slice(2);
const VIEWS = [
  { viewport: { width: 1280, height: 860 }, colorScheme: "light" },
  { viewport: { width: 360, height: 740 }, colorScheme: "dark" },
];
/// The scene of the first view has crashed a consumer by then, and its group has found itself again.
const WATCHED_MS = 20_000;

const server = await serveFolder(folder);
const browser = await chromium.launch({ executablePath: find(name), args: ["--no-sandbox"] });
const called = new Set();
await Promise.all(VIEWS.map(watch));
await browser.close();
await server.stop();
console.log([...called].sort((a, b) => a - b).join("\n"));

async function watch(view) {
  const page = await (await browser.newContext(view)).newPage();
  // The page's own script keeps the program's exports for itself.
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const result = await instantiate.apply(WebAssembly, given);
      globalThis.marks = result.instance.exports;
      return result;
    };
  });
  await page.goto(server.address);
  await page.locator("#boot").waitFor({ state: "detached", timeout: 120_000 });
  await page.waitForTimeout(WATCHED_MS);
  const numbers = await page.evaluate(() => {
    const marks = Object.entries(globalThis.marks).filter(([name]) => name.startsWith("calls "));
    return marks.filter(([, mark]) => mark.value).map(([name]) => Number(name.slice("calls ".length)));
  });
  for (const number of numbers) called.add(number);
}
