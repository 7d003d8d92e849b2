// Lessons as learners take them: predict, try, reach the goals.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { open, playUntil, quit, serve, speed, started, tabTo } from "./support.mjs";

after(quit);

const DONE = "All reached. This lesson is done.";

async function lesson(t, slug, options = {}) {
  const page = await open(t, { route: `#/lesson/${slug}`, ...options });
  await started(page);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

/// Chooses an answer, and waits for what the engine says.
async function predict(page, answer, verdict) {
  await page.getByRole("button", { name: answer }).click();
  await page.getByText(verdict).waitFor();
  await page.getByRole("button", { name: "Watch it again" }).waitFor();
}

function goal(page, text) {
  return page.getByRole("listitem").filter({ hasText: text });
}

test("lesson 1 by mouse: a topic is a log", async (t) => {
  const page = await lesson(t, "01-a-topic-is-a-log");
  await predict(page, "Four records", "Right.");
  const ten = goal(page, "The topic holds at least ten records.");
  await ten.getByText("not yet reached").waitFor();

  await page.getByRole("button", { name: /^Producer shop/ }).click();
  await page.getByRole("button", { name: "Send…" }).click();
  await page.getByRole("textbox", { name: "How many" }).fill("7");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.keyboard.press("Escape");
  await playUntil(page, page.getByText(DONE));
  await ten.getByText("reached", { exact: true }).waitFor();

  // It is kept: the list of lessons knows it after the page was loaded again.
  await page.reload();
  await started(page);
  await page.getByText("You have done this lesson before.").waitFor();
});

test("what came of an answer is in sight, and there is nothing under the page", async (t) => {
  const page = await lesson(t, "01-a-topic-is-a-log", { viewport: { width: 1280, height: 620 } });
  const answer = page.getByRole("button", { name: "Four records" });
  await answer.scrollIntoViewIfNeeded();
  await answer.click();
  await page.getByText("Right.").waitFor();
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector(".verdict").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  // The text scrolls in its column; the page has nowhere to go.
  const under = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  assert.equal(under, 0);
});

test("lesson 2: a reader without a group has its mark on the strip", async (t) => {
  const page = await lesson(t, "02-reading-does-not-delete");
  await page.getByRole("button", { name: /^Partition 0 of orders .*packer takes 6 next/ }).waitFor();
  await page.locator(".caret .reader", { hasText: "packer" }).waitFor();
  await page.getByRole("button", { name: "All eight" }).click();
  await page.locator(".caret .reader", { hasText: "packer, bookkeeper" }).waitFor();
});

test("lesson 17 by mouse: a wrong prediction, and two workers more", async (t) => {
  const page = await lesson(t, "17-one-group");
  await predict(page, "worker-1 keeps all three", "Not so.");
  await page.getByRole("button", { name: /^One reads two of them.*what the engine does/ }).waitFor();
  await speed(page, "10×");
  // The prediction has brought the second one; the third is like it.
  await playUntil(page, page.getByRole("button", { name: /^worker-2: lives, reads P/ }));
  await page.getByRole("button", { name: "Add consumer" }).click();
  await page.getByRole("button", { name: /^worker-3, like/ }).click();
  await page.keyboard.press("Escape");
  await playUntil(page, page.getByText(DONE));
});

test("lesson 18 by mouse: a spare takes over from one who crashes", async (t) => {
  const page = await lesson(t, "18-more-members");
  await predict(page, "Nothing. It is a member, and idle", "Right.");
  await goal(page, "worker-4 is a member of the group.").getByText("reached", { exact: true }).waitFor();
  await page.getByRole("button", { name: /^worker-1:/ }).click();
  await page.getByRole("dialog", { name: "worker-1" }).getByRole("button", { name: "Crash" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^worker-1: has crashed, and the coordinator does not know yet/ }).waitFor();
  await speed(page, "10×");
  await playUntil(page, page.getByText(DONE));
});

test("a lesson's solution reaches its goals, and does not count as done", async (t) => {
  const page = await lesson(t, "03-partitions-are-logs");
  await page.getByRole("button", { name: "Skip the question" }).click();
  await speed(page, "100×");
  await page.getByRole("button", { name: "Show solution" }).click();
  await page.getByText("This is one way.").waitFor();
  assert.equal(await page.getByText(DONE).count(), 0);
});

test("lesson 1 by keyboard alone", async (t) => {
  const page = await lesson(t, "01-a-topic-is-a-log");
  await tabTo(page, page.getByRole("button", { name: "Four records" }));
  await page.keyboard.press("Enter");
  await page.getByText("Right.").waitFor();
  await tabTo(page, page.getByRole("button", { name: /^Producer shop/ }));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "shop" }).waitFor();
  await tabTo(page, page.getByRole("button", { name: "Send…" }));
  await page.keyboard.press("Enter");
  const count = page.getByRole("textbox", { name: "How many" });
  await tabTo(page, count);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "shop" }).waitFor({ state: "detached" });
  const play = page.getByRole("button", { name: "Play" });
  if (await play.isVisible()) {
    await tabTo(page, play);
    await page.keyboard.press("Space");
  }
  await page.getByText(DONE).waitFor();
  const next = page.getByRole("link", { name: /^Next:/ });
  await tabTo(page, next);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Reading does not delete" }).waitFor();
});

test("on a narrow screen the scene stays in view while the text is read", async (t) => {
  const { address } = await serve(t);
  const page = await lesson(t, "18-more-members", { address, viewport: { width: 360, height: 740 } });
  const scene = page.getByRole("region", { name: "Scene", exact: true });
  await page.getByRole("heading", { name: "Predict, before you see it" }).scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 300);
  const box = await scene.boundingBox();
  assert(box.y < 740 / 2 && box.y + box.height > 100, `the scene is at ${JSON.stringify(box)}`);
});
