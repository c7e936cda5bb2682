// Opens a page in a headless Chromium as a reader would, and prints as JSON what happened there.
//
//     node look.mjs CHROMIUM PAGE [FOLDER]
//
// Whatever the page asks for is written down and, but for the page itself, refused; so is every dialog, every message of the console and every
// error. It is looked at in light and in dark, at the width of a desk and of a small telephone, by axe-core, and as it prints. With FOLDER,
// pictures of it land there.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, file, folder] = process.argv.slice(2);
const page = pathToFileURL(file).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const WIDTHS = { desk: { width: 1440, height: 900 }, telephone: { width: 320, height: 640 } };
const LOUD = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"];

const seen = { asked: [], dialogs: [], said: [], opened: 0, pwned: [], overflow: {}, violations: {} };
const browser = await chromium.launch({ executablePath, args: LOUD });
try {
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, viewport] of Object.entries(WIDTHS)) {
      await look(`${name}, ${colorScheme}`, { colorScheme, viewport });
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

async function look(name, options) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  tab.on("popup", () => (seen.opened += 1));
  tab.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  tab.on("console", (message) => seen.said.push(message.text()));
  tab.on("pageerror", (error) => seen.said.push(error.message));
  await context.route("**", (route) => {
    const url = route.request().url();
    seen.asked.push(url === page ? "the page" : url);
    return url === page ? route.continue() : route.abort();
  });
  await tab.goto(page, { waitUntil: "load" });
  seen.overflow[name] = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  seen.made ??= await tab.evaluate(made);
  seen.styled ??= await tab.evaluate(() => getComputedStyle(document.querySelector(".skip")).position === "absolute");
  if (folder) await tab.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  seen.printed ??= (await tab.pdf({ preferCSSPageSize: true, path: folder && `${folder}/page.pdf` })).toString("latin1", 0, 5);
  seen.pwned.push(await tab.evaluate(() => globalThis.pwned ?? null));
  await tab.evaluate(axe); // as a debugger would, whom the page's policy does not bind
  const { violations } = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  seen.violations[name] = violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes[0].failureSummary} ${nodes[0].html.slice(0, 300)}`);
  seen.checked ??= await tab.evaluate(() => globalThis.axe.getRules().length);
  await tab.close();
  seen.policed ??= await policed(context);
  await context.close();
}

// What the page is made of: elements, attributes, the text that a reader sees, and links that lead nowhere in it.
function made() {
  const all = [...document.querySelectorAll("*")];
  const unique = (names) => [...new Set(names)].sort();
  return {
    elements: unique(all.map((each) => each.localName)),
    attributes: unique(all.flatMap((each) => each.getAttributeNames())),
    text: document.body.textContent,
    astray: [...document.querySelectorAll("[href]")]
      .map((link) => link.getAttribute("href"))
      .filter((href) => !href.startsWith("#") || !document.getElementById(href.slice(1))),
    twice: all.map((each) => each.id).filter((id, at, ids) => id && ids.indexOf(id) !== at),
  };
}

// Whether the page's own policy would stop a script, a handler, a style and a picture that had slipped into it.
async function policed(context) {
  const tab = await context.newPage();
  const refused = [];
  await tab.goto(page);
  tab.on("requestfailed", (request) => refused.push(request.failure().errorText));
  await tab.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.pwned = true";
    const rest = '<b style="position: fixed" onclick="globalThis.pwned = true"><img src="pwned.png" onerror="globalThis.pwned = true"></b>';
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", rest);
    document.body.lastElementChild.click();
  });
  if (!refused.length) await tab.waitForEvent("requestfailed");
  const acted = await tab.evaluate(() => [globalThis.pwned, getComputedStyle(document.body.lastElementChild).position]);
  await tab.close();
  return acted[0] === undefined && acted[1] === "static" && refused.join() === "csp";
}
