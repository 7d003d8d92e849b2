// The program comes in two files: what the first view passes, and the rest.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { open, quit, started } from "./support.mjs";

after(quit);

const REST = "**/rest-*.wasm";

/// Counts how often the program cannot wait for the rest, in `window.impatience`.
function count(page) {
  return page.addInitScript(() => {
    window.impatience = 0;
    let load;
    Object.defineProperty(window, "ottlaLoadRest", {
      get: () => load,
      set: (real) => {
        load = (first) => {
          window.impatience += 1;
          real(first);
        };
      },
    });
  });
}

test("the first view does without what follows it", async (t) => {
  // How frames fall may lead into an arm that nobody was seen to take; that is to be rare.
  const impatience = [];
  while (impatience.length < 3 && !impatience.includes(0)) {
    const before = async (page) => {
      await count(page);
      await page.route(REST, (route) => (route.request().resourceType() === "xhr" ? route.continue() : undefined));
    };
    const page = await open(t, { before });
    await started(page);
    await page.waitForTimeout(3_000);
    impatience.push(await page.evaluate(() => window.impatience));
  }
  assert.ok(impatience.includes(0), `of ${impatience.length} pages each has waited`);
});

test("what is wanted before it has come is fetched at once", async (t) => {
  let held;
  const before = async (page) => {
    await count(page);
    await page.route(REST, (route) => {
      if (held) return route.continue();
      held = route;
    });
  };
  const page = await open(t, { before });
  await started(page);
  while (!held) await page.waitForTimeout(20);
  await page.getByRole("link", { name: "Glossary" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Glossary" }).waitFor();
  assert.equal(await page.evaluate(() => window.impatience), 1);
  // The one that was late finds that it is there.
  await held.continue();
  await page.getByRole("link", { name: "Lessons" }).first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
});

test("other pages wait for all of the program", async (t) => {
  const page = await open(t, { route: "#/glossary", before: count });
  await started(page);
  await page.getByRole("heading", { level: 1, name: "Glossary" }).waitFor();
  assert(await page.evaluate(() => window.impatience) <= 1);
});
