// The learner's code: unmodified KafkaJS in the page, on the virtual clock. It can be run, stopped, taken back in time, and be wrong.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NARROW, open, overhang, picture, quit, started, violations } from "./support.mjs";

after(quit);

const WAITS = { timeout: 60_000 };

/// The sandbox with the tab Code open.
async function coding(t, options = {}) {
  const page = await open(t, { route: "#/sandbox", ...options });
  await started(page);
  await page.getByRole("tab", { name: "Code" }).click();
  await page.locator("code-editor .cm-content").waitFor(WAITS);
  return page;
}

/// Puts a source into the editor, as somebody who pastes it.
async function write(page, source) {
  await page.locator("code-editor .cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(source);
}

const run = (page) => page.getByRole("button", { name: /^Run/ }).click();
const file = (page, name) => page.locator(".file", { hasText: name }).click();
/// What axe finds in the panels and what stands around them; the picture has tests of its own.
const flaws = async (page) => (await violations(page)).filter((flaw) => !flaw.includes('class="object'));
const printed = (page) => page.locator(".console pre").allTextContents();
const says = (page, text) => page.locator(".console pre", { hasText: text }).first().waitFor(WAITS);

test("a producer and a consumer that are written in the page exchange records, and can be taken back in time", async (t) => {
  const page = await coding(t);
  await run(page);
  await says(page, "customer-2 -> partition");
  await file(page, "consumer.js");
  await run(page);
  await says(page, "customer-2: order 2 (partition");
  await page.getByRole("button", { name: "Pause" }).click();
  await picture(page, "code-wide-light");
  assert.deepEqual(await flaws(page), []);

  const before = await printed(page);
  const back = page.getByRole("button", { name: "Step back" });
  for (let i = 0; i < 8; i++) await back.click();
  const earlier = await printed(page);
  assert(earlier.length < before.length, `${earlier.length} lines of ${before.length}`);
  assert.deepEqual(earlier, before.slice(0, earlier.length));
  const forth = page.getByRole("button", { name: "Step", exact: true });
  for (let i = 0; i < 8; i++) await forth.click();
  const again = await printed(page);
  assert.deepEqual(again.slice(0, before.length), before.slice(0, again.length));
});

test("an error that nobody caught is marked at its line", async (t) => {
  const page = await coding(t);
  await write(page, "const ready = true;\n\nasync function work() {\n  throw new Error('no stock left');\n}\n\nawait work();");
  await run(page);
  await says(page, "Uncaught Error: no stock left");
  const marked = page.locator("code-editor .cm-problem");
  await marked.waitFor(WAITS);
  assert.equal((await marked.textContent()).trim(), "throw new Error('no stock left');");
  await picture(page, "code-error");
  await write(page, "const a = ;");
  await run(page);
  await says(page, "SyntaxError");
  assert.equal((await marked.textContent()).trim(), "const a = ;");
});

test("a loop that never ends can be ended, and the rest of the page lives on", async (t) => {
  const page = await coding(t);
  await write(page, "console.log('before');\nsetTimeout(() => { for (;;); }, 1000);");
  await run(page);
  await says(page, "before");
  const stop = page.getByRole("button", { name: "Stop it" });
  await stop.waitFor(WAITS);
  await picture(page, "code-endless");
  await stop.click();
  await says(page, "was stopped");
  await stop.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.querySelector(".file small")?.textContent === "killed");
});

for (const [name, options] of Object.entries({ dark: { colorScheme: "dark" }, narrow: { viewport: NARROW } })) {
  test(`the tab is for everyone: ${name}`, async (t) => {
    const page = await coding(t, options);
    await run(page);
    await says(page, "customer-1 -> partition");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.locator(".coding").scrollIntoViewIfNeeded();
    await picture(page, `code-${name}`);
    assert.equal(await overhang(page), 0, "pixels over the edge");
    assert.deepEqual(await flaws(page), []);
  });
}

test("code that comes with a link runs only when somebody lets it", async (t) => {
  const page = await coding(t, { route: "#/sandbox?1;seed=1;now=2s;0+code+greeter.js+%22console.log(6*7)%22" });
  const trust = page.getByRole("button", { name: "Let it run" });
  await trust.waitFor(WAITS);
  assert.deepEqual(await printed(page), []);
  assert.equal(await page.locator("code-editor .cm-content").textContent(), "console.log(6*7)");
  await trust.click();
  await says(page, "42");
  await trust.waitFor({ state: "detached" });
});
