// Finds out where the first view passes: `node web/first-view.mjs FOLDER BROWSER`, where the folder holds the page with a counting program.
// Prints the numbers of the points. What a visitor sees and does before the rest of the program has come is to be among them.

import { find, serveFolder } from "./tests/support.mjs";
import { chromium } from "playwright-core";

const [folder, name] = process.argv.slice(2);
// Sizes and settings of their own, for what one of them draws another may not.
const VIEWS = [
  { viewport: { width: 1280, height: 860 }, colorScheme: "light" },
  { viewport: { width: 1280, height: 720 }, colorScheme: "dark" },
  { viewport: { width: 1920, height: 1080 }, colorScheme: "light" },
  { viewport: { width: 1024, height: 700 }, colorScheme: "light", reducedMotion: "reduce" },
  { viewport: { width: 768, height: 1024 }, colorScheme: "dark" },
  { viewport: { width: 360, height: 740 }, colorScheme: "dark" },
  { viewport: { width: 412, height: 915 }, colorScheme: "light", hasTouch: true },
];
/// The scene of the first view has crashed a consumer by then, and its group has found itself again.
const WATCHED_MS = 20_000;

const server = await serveFolder(folder);
const browser = await chromium.launch({ executablePath: find(name), args: ["--no-sandbox"] });
const passed = new Set();
await Promise.all(VIEWS.map(watch));
await browser.close();
await server.stop();
console.log([...passed].sort((a, b) => a - b).join("\n"));

async function watch(view) {
  const page = await (await browser.newContext(view)).newPage();
  // The page's own script keeps the program's exports for itself.
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const result = await instantiate.apply(WebAssembly, given);
      globalThis.program = result.instance.exports;
      return result;
    };
  });
  await page.goto(server.address);
  await page.locator("#boot").waitFor({ state: "detached", timeout: 120_000 });
  await page.waitForTimeout(WATCHED_MS);
  const numbers = await page.evaluate(() => {
    const marks = new Uint8Array(globalThis.program.marks.buffer);
    return [...marks.keys()].filter((number) => marks[number] === 1);
  });
  for (const number of numbers) passed.add(number);
}
