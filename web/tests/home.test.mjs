// The first page: a broker that runs before anything is clicked.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { open, quit, started } from "./support.mjs";

after(quit);

const clock = (page) => page.locator("main time").first().textContent();

test("the scene lives by itself, and stops when it is told to", async (t) => {
  const page = await open(t);
  await started(page);
  const before = await clock(page);
  await page.waitForFunction((before) => document.querySelector("main time")?.textContent !== before, before);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();
  const paused = await clock(page);
  await page.waitForTimeout(300);
  assert.equal(await clock(page), paused);
});

test("records fly to their partitions", async (t) => {
  const page = await open(t);
  await started(page);
  const moved = () => page.evaluate(() => new Promise((done) => {
    const places = new Set();
    const look = () => {
      for (const node of document.querySelectorAll("g.courier")) places.add(node.getAttribute("transform"));
      if (places.size > 5) done(places.size);
      else requestAnimationFrame(look);
    };
    look();
  }));
  assert(await moved() > 5);
});

test("another consumer can be crashed, and the coordinator finds out later", async (t) => {
  const page = await open(t);
  await started(page);
  const crashed = page.getByRole("button", { name: /^consumer-\d: has crashed, and the coordinator does not know yet/ });
  // It begins with one of its own.
  await crashed.waitFor();
  await crashed.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Crash another" }).click();
  await crashed.first().waitFor();
  await page.getByText(/At 6 s the coordinator will remove it/).waitFor();
});

test("with less motion the scene goes in steps", async (t) => {
  const page = await open(t, { reducedMotion: "reduce" });
  await started(page);
  const between = await page.evaluate(() => new Promise((done) => {
    const places = new Map();
    const end = performance.now() + 4000;
    const look = (now) => {
      for (const [index, node] of document.querySelectorAll("g.courier").entries()) {
        const seen = places.get(index) ?? new Set();
        places.set(index, seen.add(node.getAttribute("transform")));
      }
      if (now < end) requestAnimationFrame(look);
      else done(Math.max(0, ...[...places.values()].map((seen) => seen.size)));
    };
    requestAnimationFrame(look);
  }));
  // A courier stands in the middle of its way; a dozen ways in four seconds, but never a frame between.
  assert(between < 60, `${between} different places`);
});

test("the first lesson is one click away", async (t) => {
  const page = await open(t);
  await started(page);
  await page.getByRole("link", { name: "Start the first lesson" }).click();
  await page.getByRole("heading", { level: 1, name: "A topic is a log" }).waitFor();
});
