// The terminal of the page: Kafka's own commands, typed, completed and pasted.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NARROW, open, overhang, quit, serve, started, violations } from "./support.mjs";

after(quit);

async function terminal(t, options = {}) {
  const { address } = await serve(t);
  const page = await open(t, { address, route: "#/sandbox", ...options });
  await started(page);
  // On a narrow screen the tab may lie under the scene, which stays in view: people scroll.
  await page.getByRole("tab", { name: "Terminal" }).dispatchEvent("click");
  const field = page.locator(".terminal textarea");
  const screen = page.locator(".terminal .screen");
  await field.focus();
  const shows = (text) => screen.filter({ hasText: text }).waitFor({ timeout: 15_000 });
  return { page, field, screen, shows };
}

test("a command is completed, run, and recalled", async (t) => {
  const { page, field, shows } = await terminal(t);
  await field.pressSequentially("kafka-to");
  await page.keyboard.press("Tab");
  assert.equal(await field.inputValue(), "kafka-topics ");
  await field.pressSequentially("--cr");
  await page.keyboard.press("Tab");
  await field.pressSequentially("--topic orders");
  await page.keyboard.press("Enter");
  await shows("Created topic orders.");
  await field.pressSequentially("kafka-topics --describe --topic o");
  await page.keyboard.press("Tab");
  assert.equal(await field.inputValue(), "kafka-topics --describe --topic orders ");
  await page.keyboard.press("Control+c");
  assert.equal(await field.inputValue(), "");
  await page.keyboard.press("ArrowUp");
  assert.equal(await field.inputValue(), "kafka-topics --create --topic orders");
});

test("Tab leaves the terminal where there is nothing to complete, and after Esc", async (t) => {
  const { page, field } = await terminal(t);
  const isInside = () => field.evaluate((node) => node === document.activeElement);
  await page.keyboard.press("Tab");
  assert.equal(await isInside(), false);
  await field.click();
  await field.pressSequentially("kafka-");
  await page.keyboard.press("Tab");
  assert.equal(await isInside(), true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await isInside(), false);
  await page.keyboard.press("Shift+Tab");
  assert.equal(await isInside(), true);
});

test("pasted lines are given one by one, and what is in them is text", async (t) => {
  const { page, screen, shows } = await terminal(t);
  const lines = "kafka-topics --create --topic orders\nkafka-console-producer \\\n  --topic orders\none\n<img src=x onerror=alert(1)>\n";
  page.on("dialog", (dialog) => page.wrong.push(dialog.message()));
  await page.evaluate((text) => document.execCommand("insertText", false, text), lines);
  await shows("<img src=x onerror=alert(1)>");
  await page.keyboard.press("Control+d");
  await page.locator(".terminal textarea").pressSequentially("kafka-console-consumer --topic orders --from-beginning");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "ctrl-C" }).waitFor();
  await page.waitForFunction(() => document.querySelector(".terminal .screen").textContent.endsWith("one\n<img src=x onerror=alert(1)>\n"));
  await page.keyboard.press("Control+c");
  await shows("Processed a total of 2 messages");
  assert.equal(await screen.locator("img").count(), 0);
});

test("the terminal can be used by everyone, on a narrow screen too", async (t) => {
  for (const viewport of [undefined, NARROW]) {
    const { page, field } = await terminal(t, viewport && { viewport });
    await field.pressSequentially("kafka-topics --");
    await page.keyboard.press("Tab");
    await page.locator(".terminal .offer").waitFor();
    assert.deepEqual(await violations(page), []);
    assert.equal(await overhang(page), 0);
  }
});
