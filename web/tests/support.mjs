// What the browser's tests share: the site on a port of its own, Chromium, and pages that tell when something went wrong inside them.

import assert from "node:assert/strict";
import { accessSync, constants, readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { delimiter, extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

/// The written site: `cargo xtask site` puts it there.
export const site = process.env.OTTLA_SITE ?? join(root, "target/site");
const screenshots = process.env.OTTLA_SCREENSHOTS ?? join(root, "target/screenshots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/// Serves a folder for one test.
export async function serve(t, { under = "/", folder = site } = {}) {
  const server = await serveFolder(folder, under);
  t.after(async () => {
    // Nobody is to miss what is still on its way.
    for (const context of contexts.get(t) ?? []) await context.close();
    if (server.isRunning()) await server.stop();
  });
  return server;
}

/// What a test has opened.
const contexts = new WeakMap();

/// Serves a folder under a path, as any file host does. `answers` may be changed while it serves: a path and what it holds.
export async function serveFolder(folder, under = "/") {
  const answers = new Map();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const file = path.endsWith("/") ? `${path}index.html` : path;
    const inside = normalize(file.slice(under.length));
    try {
      if (!file.startsWith(under) || inside.startsWith("..")) throw new Error("outside");
      const content = answers.get(inside) ?? (await readFile(join(folder, inside)));
      response.writeHead(200, { "content-type": TYPES[extname(inside)] ?? "application/octet-stream" });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return { address: `http://127.0.0.1:${server.address().port}${under}`, answers, stop, isRunning: () => server.listening };
}

let browser;

/// One Chromium for all tests of a file.
export async function launch() {
  browser ??= await chromium.launch({ executablePath: find(process.env.OTTLA_BROWSER ?? "chromium"), args: ["--no-sandbox"] });
  return browser;
}

/// To be called when a file's tests are done.
export async function quit() {
  await browser?.close();
  browser = undefined;
}

/// The sizes that people have.
export const WIDE = { width: 1280, height: 860 };
export const NARROW = { width: 360, height: 740 };

/// A page of the site that has been loaded. A test fails if an error is thrown inside it, or written to its console.
export async function open(t, { address, route = "#/", viewport = WIDE, before, ...options } = {}) {
  const context = await (await launch()).newContext({ viewport, ...options });
  contexts.set(t, [...(contexts.get(t) ?? []), context]);
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.wrong.push(`${message.text()} (${message.location().url})`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(page.wrong, [], "the page has errors");
  });
  if (before) await before(page);
  await page.goto((address ?? (await serve(t)).address) + route);
  return page;
}

/// Waits until the engine has drawn the page.
export async function started(page) {
  await page.locator("#boot").waitFor({ state: "detached" });
}

/// Goes to another page of the site by its address, as a link does.
export async function go(page, route) {
  await page.evaluate((route) => {
    location.hash = route;
  }, route);
}

/// Puts the focus on something by the Tab key alone, as a person without a mouse does.
export async function tabTo(page, locator) {
  const target = await locator.elementHandle();
  for (let presses = 0; presses < 250; presses += 1) {
    if (await target.evaluate((element) => document.activeElement === element)) {
      assert(await target.evaluate((element) => element.matches(":focus-visible")), "what has the focus can be seen");
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`the Tab key does not lead to ${locator}`);
}

/// How fast time passes in the scene.
export async function speed(page, label) {
  await page.getByRole("combobox", { name: "Speed" }).selectOption({ label });
}

/// Lets time pass until something is there.
export async function playUntil(page, locator) {
  const play = page.getByRole("button", { name: "Play" });
  const end = Date.now() + 60_000;
  while (!(await locator.first().isVisible())) {
    assert(Date.now() < end, `${locator} does not come`);
    if (await play.isVisible()) await play.click();
    await page.waitForTimeout(100);
  }
}

/// What axe finds against WCAG 2.2 AA, one line each; none is what there should be.
export async function violations(page) {
  // Not before it stands still: what fades in has less contrast.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await page.evaluate(axe);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), tags);
  return found.violations.flatMap(({ id, nodes }) => {
    const wrong = nodes.filter((node) => !(id === "label-content-name-mismatch" && isOfPicture(node)));
    return wrong.map((node) => `${id}: ${node.html} (${node.failureSummary})`);
  });
}

// axe takes all the text in an object of the picture for its label, the offsets of its records too. `labels` looks for what the label is.
const isOfPicture = (node) => node.html.startsWith('<g role="button"');

/// What objects of the picture are called, and what is written on them first: who says what can be read has to be understood (WCAG 2.5.3).
export function labels(page) {
  return page.locator('g[role="button"]').evaluateAll((objects) => objects.map((object) => ({
    name: object.getAttribute("aria-label"),
    written: object.querySelector("text")?.textContent ?? "",
  })));
}

/// By how many pixels a page can be moved sideways; none is what there should be.
export function overhang(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/// A picture for people, in target/screenshots.
export async function picture(page, name) {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/// Where a program is that can be called by its name.
export function find(program) {
  const places = (process.env.PATH ?? "").split(delimiter).map((folder) => resolve(folder, program));
  const isThere = (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  const place = places.find(isThere);
  assert(place, `${program} is not installed`);
  return place;
}
