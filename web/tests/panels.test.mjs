// What lies below the scene: what opens at an object, and the frames.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NARROW, WIDE, open, quit, started } from "./support.mjs";

after(quit);

const SCENE = "1;seed=7;0s topic orders partitions=3;500ms producer shop topic=orders rate=5/s;1s consumer worker-1 group=billing topics=orders;now=12s";

async function scene(t, options = {}) {
  const page = await open(t, { route: `#/sandbox?${SCENE}`, ...options });
  await started(page);
  await page.getByRole("button", { name: /^worker-1/ }).waitFor();
  return page;
}

for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
  test(`what opens at an object hides nothing of the scene, and goes when something was done: ${size}`, async (t) => {
    const page = await scene(t, { viewport });
    const worker = page.getByRole("button", { name: /^worker-1/ });
    const dialog = page.getByRole("dialog", { name: "worker-1" });
    await worker.click();
    const bottom = async (locator) => (await locator.boundingBox()).y + (await locator.boundingBox()).height;
    const picture = await bottom(page.locator(".stage-frame"));
    await page.waitForFunction((picture) => document.querySelector(".inspector").getBoundingClientRect().top >= picture - 1, picture);
    assert(await bottom(dialog) <= viewport.height + 1);
    await dialog.getByRole("button", { name: "Work…" }).click();
    await dialog.getByRole("textbox").fill("a while");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").filter({ hasText: "`a` is no span of time" }).waitFor();
    await dialog.getByRole("textbox").fill("2s");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    assert(await worker.evaluate((node) => node === document.activeElement), "the focus is where it was");
    await page.getByRole("log").getByText("You told worker-1 to work for 2 s on each record.").waitFor();
  });
}

test("frames begin at the present moment, follow it, and stay with whoever reads", async (t) => {
  const page = await scene(t);
  await page.getByRole("tab", { name: "Frames" }).click();
  const list = page.getByRole("listbox", { name: "Frames, oldest first" });
  const last = list.getByRole("option").last();
  const at = async (row) => row.locator(".at").textContent();
  await last.waitFor();
  assert((await at(last)) > "00:11.000", await at(last));
  assert((await list.getByRole("option").count()) >= 10, "there is room for a few");

  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction(() => [...document.querySelectorAll(".frames .at")].at(-1).textContent > "00:13.500");
  await page.getByRole("button", { name: "Pause" }).click();

  // By keyboard: from the newest on, and to its moment.
  await list.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  const chosen = list.getByRole("option", { selected: true });
  const moment = await at(chosen);
  await page.getByRole("button", { name: "Go to its moment" }).click();
  assert.equal(await page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuetext"), moment);
  assert.equal(await at(list.getByRole("option").last()), moment);
});

test("the exam says why an answer is wrong, and what the scene has shown", async (t) => {
  const page = await open(t, { route: "#/exam" });
  await started(page);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("button", { name: "One: the broker has it already" }).click();
  await page.getByText("Not so. The broker does not read what is in a record.").waitFor();
  await page.getByRole("listitem").filter({ hasText: "orders holds 2 records." }).waitFor();
  await page.getByRole("log").getByText("The exam told shop to send 1 record.").waitFor();
});
