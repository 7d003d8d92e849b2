// Every page, wide and narrow, light and dark: nobody is kept out, nothing hangs over the edge, and there is a picture to look at.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NARROW, WIDE, go, labels, open, overhang, picture, quit, serve, started, violations } from "./support.mjs";

after(quit);

const PAGES = {
  home: "#/",
  lessons: "#/lessons",
  lesson: "#/lesson/18-more-members",
  sandbox: "#/sandbox",
  scene: "#/scene/growing-group",
  exam: "#/exam",
  glossary: "#/glossary",
  about: "#/about",
  "not-found": "#/nowhere",
};

for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every page is accessible: ${size}, ${colorScheme}`, async (t) => {
      const { address } = await serve(t);
      const page = await open(t, { address, viewport, colorScheme });
      await started(page);
      for (const [name, route] of Object.entries(PAGES)) {
        await t.test(name, async () => {
          await go(page, route);
          await page.getByRole("heading", { level: 1 }).first().waitFor();
          await picture(page, `${name}-${size}-${colorScheme}`);
          assert.deepEqual(await violations(page), []);
          assert.equal(await overhang(page), 0, "pixels over the edge");
          for (const { name, written } of await labels(page)) {
            assert(name.toLowerCase().includes(written.toLowerCase()), `${name} does not hold ${written}`);
          }
        });
      }
    });
  }
}
