// The benchmark's page: that it measures, not how fast it is.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { measure } from "../measure.mjs";
import { open, quit } from "./support.mjs";

after(quit);

test("the benchmark shows its first numbers while it measures, and ends with all of them", async (t) => {
  const page = await open(t, { route: "#/bench" });
  const first = page.getByRole("row", { name: /^Frames in a second/ });
  await first.waitFor();
  assert.equal(await page.locator("table[data-bench]").count(), 0, "it is still at work");
  assert(await page.getByRole("progressbar").isVisible());

  const { rows, numbers } = await measure(page);
  assert.deepEqual(Object.keys(numbers).sort(), [
    "frame_script", "frames_per_s", "lived_large", "lived_usual", "long_tasks", "memory_bytes", "scene", "seek_large", "seek_painted", "seek_usual",
  ]);
  assert.deepEqual(
    ["scene", "seek_usual", "seek_large", "seek_painted"].map((name) => numbers[name].count),
    [20, 200, 200, 20],
  );
  assert(numbers.frame_script.count > 0);
  for (const name of ["frame_script", "scene", "seek_usual", "seek_large", "seek_painted"]) {
    const { min, median, p95, max } = numbers[name];
    assert(0 <= min && min <= median && median <= p95 && p95 <= max, name);
  }
  assert(numbers.lived_large > numbers.lived_usual);
  assert(Number.isInteger(numbers.long_tasks));
  assert.deepEqual(rows[0], ["What", "Median", "95 of 100", "Worst", "Goal"]);
  assert.equal(rows.length, 11);
  assert(rows.every((row) => row.length === 5));
  // Both goals stand beside what was measured, met or not.
  const goals = rows.map((row) => row[4].replace(/(not )?met$/, "")).filter((goal) => goal !== "");
  assert.deepEqual(goals, ["Goal", "60: ", "17 ms at most: ", "0: ", "50 ms at most: ", "50 ms at most: "]);
  await page.getByRole("button", { name: "Copy results" }).waitFor();
});
