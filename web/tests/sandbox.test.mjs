// The sandbox: scenes are built, shared, taken back, and nothing in them is ever run as script.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { open, playUntil, quit, serve, speed, started } from "./support.mjs";

after(quit);

const SCENE = "1;seed=7;0s topic orders partitions=3;500ms producer shop topic=orders rate=5/s;1s consumer worker-1 group=billing topics=orders;1s consumer worker-2 group=billing topics=orders";

async function sandbox(t, options = {}) {
  const page = await open(t, { route: "#/sandbox", permissions: ["clipboard-read", "clipboard-write"], ...options });
  await started(page);
  await page.getByRole("heading", { level: 1, name: "Sandbox" }).waitFor();
  return page;
}

const shared = async (page) => {
  await page.getByRole("button", { name: "Share" }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("#/sandbox?"));
  return page.evaluate(() => navigator.clipboard.readText());
};

/// All tables as text: the scene's state.
async function tables(page) {
  await page.getByRole("tab", { name: "Tables" }).click();
  const panel = page.getByRole("tabpanel", { name: "Tables" });
  await panel.getByRole("table").first().waitFor();
  return panel.innerText();
}

const clock = (page) => page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuetext");

test("a scene is built by buttons, and its link brings it back", async (t) => {
  const page = await sandbox(t);
  for (const name of ["Add topic", "Add producer", "Add consumer"]) {
    await page.getByRole("button", { name }).click();
    await page.getByRole("group", { name }).getByRole("button", { name: "Add", exact: true }).click();
  }
  await page.getByRole("button", { name: /^Topic / }).waitFor();
  await page.getByRole("button", { name: /^Producer / }).waitFor();
  await speed(page, "10×");
  await playUntil(page, page.getByRole("log").getByText(/reads partition/));
  await page.getByRole("button", { name: "Pause" }).click();
  const link = await shared(page);
  const [state, moment] = [await tables(page), await clock(page)];

  const other = await sandbox(t, { address: link.split("#")[0], route: `#${link.split("#")[1]}` });
  assert.equal(await clock(other), moment);
  assert.equal(await tables(other), state);
});

test("a damaged link says where, and loads what it can", async (t) => {
  const page = await sandbox(t, { route: `#/sandbox?${SCENE.replace(";500ms producer", ";500ms prodücer")}` });
  await page.getByText("A part of this link could not be read; the rest was loaded.").waitFor();
  await page.getByText(/part 4, column \d+/).waitFor();
  assert.match(await tables(page), /orders-2/);
});

test("a scene that asks for more than the limits says which", async (t) => {
  const page = await sandbox(t, { route: "#/sandbox?1;seed=1;0s topic orders partitions=65" });
  await page.getByText(/`65` is no number from 1 to 64/).first().waitFor();
});

test("a step back leads to the state before", async (t) => {
  const page = await sandbox(t, { route: `#/sandbox?${SCENE};now=4s` });
  const look = async () => `${await clock(page)}\n${await tables(page)}`;
  const states = [];
  for (let count = 0; count < 8; count += 1) {
    await page.getByRole("button", { name: "Step", exact: true }).click();
    states.push(await look());
  }
  assert.equal(new Set(states).size, states.length, "each step changes something");
  for (const state of states.reverse().slice(1)) {
    await page.getByRole("button", { name: "Step back" }).click();
    assert.equal(await look(), state);
  }
});

test("what was done is taken back, and done again", async (t) => {
  const page = await sandbox(t, { route: `#/sandbox?${SCENE};now=4s` });
  const before = await tables(page);
  await page.getByRole("button", { name: /^worker-1:/ }).click();
  await page.getByRole("dialog", { name: "worker-1" }).getByRole("button", { name: "Crash" }).click();
  await page.keyboard.press("Escape");
  assert.notEqual(await tables(page), before);
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await tables(page), before);
  await page.getByRole("button", { name: "Redo" }).click();
  assert.match(await tables(page), /crashed/);
});

test("script in a message or a key is shown, and never run", async (t) => {
  const evil = "<img src=x onerror=globalThis.wasRun=true><script>globalThis.wasRun=true</script>";
  const scene = `1;seed=1;0s topic orders partitions=1;500ms producer shop topic=orders;1s send shop key="${evil}" value="${evil}";now=3s`;
  const { address } = await serve(t);
  const page = await sandbox(t, { address, route: `#/sandbox?${scene}` });
  for (const tab of await page.getByRole("tablist", { name: "Behind the scene" }).getByRole("tab").all()) {
    await tab.click();
    await page.waitForTimeout(200);
  }
  assert.match(await tables(page), /<img src=x/);
  assert.equal(await page.evaluate(() => globalThis.wasRun), undefined);
  assert.equal(await page.locator("main img[src=x]").count(), 0);
});

test("the terminal speaks to the broker of the scene", async (t) => {
  const page = await sandbox(t, { route: `#/sandbox?${SCENE};now=4s` });
  await page.getByRole("tab", { name: "Terminal" }).click();
  const line = page.getByRole("tabpanel", { name: "Terminal" }).getByRole("textbox");
  await line.fill("kafka-topics --list");
  await line.press("Enter");
  await playUntil(page, page.getByRole("tabpanel", { name: "Terminal" }).getByText(/^orders$/m));
});
