// The site as files: under any path, without a network, in browsers that lack something.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NARROW, open, quit, serve, started } from "./support.mjs";

after(quit);

test("the site works under any path", async (t) => {
  const { address } = await serve(t, { under: "/some/where/" });
  const page = await open(t, { address });
  await started(page);
  await page.getByRole("link", { name: "Glossary" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Glossary" }).waitFor();
  assert(page.url().startsWith(`${address}#/`), page.url());
});

test("once loaded, the site works without a network", async (t) => {
  const { address, stop } = await serve(t);
  const page = await open(t, { address });
  await started(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active.state));
  // This first page has fetched its rest itself: nobody stood between it and the network yet.
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.includes("/rest-")));
  await stop();
  await page.reload();
  await started(page);
  await page.getByRole("heading", { level: 1 }).waitFor();
});

test("a new version is taken as a whole, and only when it has come as a whole", async (t) => {
  const { address, answers } = await serve(t);
  const page = await open(t, { address });
  await started(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const get = async (path) => (await fetch(address + path)).text();
  const [html, worker] = [await get("index.html"), await get("sw.js")];

  // The new worker has come, the new page has not: its hash is not the one that the worker names.
  const changed = worker.replace(/(const VERSION = )"\w+"/, '$1"of-the-test"').replace(/(\["index.html", "sha256-)[^"]+/, `$1${await hash(html.replace("</body>", "<!-- new --></body>"))}`);
  assert.notEqual(changed, worker);
  answers.set("sw.js", changed);
  const update = () => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const { promise, resolve } = Promise.withResolvers();
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker.addEventListener("statechange", () => resolve(worker.state));
    });
    await registration.update();
    return promise;
  });
  assert.equal(await update(), "redundant");
  await page.reload();
  assert(!(await page.content()).includes("<!-- new -->"));
  page.wrong = page.wrong.filter((message) => !message.includes("integrity"));

  // Now all of it is there, and the next time that the page is opened it is the new one.
  answers.set("index.html", html.replace("</body>", "<!-- new --></body>"));
  assert.equal(await update(), "installed");
  await page.reload();
  await page.waitForFunction(() => document.documentElement.outerHTML.includes("<!-- new -->"));
  await started(page);
});

test("without WebAssembly the page says what it lacks", async (t) => {
  const page = await open(t, { before: (page) => page.addInitScript(() => delete window.WebAssembly) });
  await page.getByText("needs WebAssembly").waitFor();
  page.wrong.length = 0;
});

test("an engine that cannot be fetched is named", async (t) => {
  const page = await open(t, { before: (page) => page.route("**/*.wasm", (route) => route.abort()) });
  await page.getByText("could not be loaded").waitFor();
  page.wrong.length = 0;
});

test("without storage everything works, but for what is kept", async (t) => {
  const off = () => {
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException("off", "SecurityError"); } });
    }
  };
  const page = await open(t, { viewport: NARROW, before: (page) => page.addInitScript(off) });
  await started(page);
  await page.getByRole("heading", { level: 1 }).waitFor();
});

async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Buffer.from(digest).toString("base64");
}
