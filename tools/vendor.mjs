/**
 * Fills static/vendor/ from node_modules: the browser's modules, the names of emoji, a sprite of the icons named in static/icons.txt, and
 * the licences of all of it. Nothing is bundled or rewritten; source-map comments go, since the maps stay behind.
 *
 * Run it with `node tools/vendor.mjs` after `npm ci`, and again after a change of static/icons.txt.
 */

import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PACKAGES = path.join(ROOT, "node_modules");
const TARGET = path.join(ROOT, "static", "vendor");

// Decorators need a compiler, and the polyfill and server-rendering modules serve no browser that we support.
const UNUSED = /(^|\/)(decorators|polyfill-support|private-ssr-support)(\.js$|\/|$)/;

/** What is copied: package, folder in it, and which of its files. A trailing slash takes the modules of a folder. */
const MODULES = [
  { name: "lit", files: ["./", "directives/"] },
  { name: "lit-html", files: ["./", "directives/"] },
  { name: "lit-element", files: ["lit-element.js"] },
  { name: "@lit/reactive-element", files: ["./"] },
  { name: "emoji-picker-element-data", files: ["en/emojibase/data.json", "zh/emojibase/data.json"] },
  { name: "idb", from: "build", files: ["index.js"] },
  { name: "photoswipe", from: "dist", files: ["photoswipe.css", "photoswipe.esm.min.js"] },
  { name: "socket.io-client", from: "dist", files: ["socket.io.esm.min.js"] },
  { name: "turndown", from: "lib", files: ["turndown.browser.es.js"] },
  { name: "turndown-plugin-gfm", from: "lib", files: ["turndown-plugin-gfm.browser.es.js"] },
  { name: "uplot", from: "dist", files: ["uPlot.esm.js", "uPlot.min.css"] },
];

/** Packages whose code reaches the browser, those inside socket.io-client's own bundle included. */
const LICENSED = [
  "@lit/reactive-element",
  "@socket.io/component-emitter",
  "emoji-picker-element-data",
  "engine.io-client",
  "engine.io-parser",
  "idb",
  "lit",
  "lit-element",
  "lit-html",
  "lucide-static",
  "photoswipe",
  "socket.io-client",
  "socket.io-parser",
  "turndown",
  "turndown-plugin-gfm",
  "uplot",
];

async function modulesOf({ name, from = ".", files }) {
  const home = path.join(PACKAGES, name, from);
  const found = [];
  for (const file of files) {
    if (!file.endsWith("/")) {
      found.push(file);
      continue;
    }
    for (const entry of await readdir(path.join(home, file), { withFileTypes: true })) {
      const inside = path.join(file, entry.name);
      if (entry.isFile() && entry.name.endsWith(".js") && !UNUSED.test(inside)) found.push(inside);
    }
  }
  return { home, found };
}

async function copyModules(target) {
  for (const spec of MODULES) {
    const { home, found } = await modulesOf(spec);
    for (const file of found) {
      const source = await readFile(path.join(home, file), "utf8");
      const copy = path.join(target, spec.name, file);
      await mkdir(path.dirname(copy), { recursive: true });
      await writeFile(copy, source.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
    }
  }
}

/** The names in static/icons.txt: one a line; `#` begins a comment. */
async function iconNames() {
  const text = await readFile(path.join(ROOT, "static", "icons.txt"), "utf8");
  const names = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  return [...new Set(names.filter(Boolean))].sort();
}

/** One <symbol> an icon. It carries no stroke or fill of its own, so that they are inherited from where it is used. */
async function symbol(name) {
  const file = path.join(PACKAGES, "lucide-static", "icons", `${name}.svg`);
  if (!existsSync(file)) throw new Error(`static/icons.txt names "${name}", which lucide-static does not have`);
  const svg = await readFile(file, "utf8");
  const [, attributes, shapes] = svg.match(/<svg\b([^>]*)>([\s\S]*)<\/svg>/);
  const [, viewBox] = attributes.match(/viewBox="([^"]+)"/);
  return `<symbol id="${name}" viewBox="${viewBox}">${shapes.replace(/\s+/g, " ").replaceAll("> <", "><").trim()}</symbol>`;
}

async function writeIcons(target) {
  const names = await iconNames();
  const symbols = await Promise.all(names.map(symbol));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  await writeFile(path.join(target, "icons.svg"), sprite);
  return names.length;
}

async function writeLicences(target) {
  const parts = ["The files in this folder come from these packages, each under its own licence.\n"];
  for (const name of LICENSED) {
    const { version, license } = JSON.parse(await readFile(path.join(PACKAGES, name, "package.json"), "utf8"));
    const text = await readFile(path.join(PACKAGES, name, "LICENSE"), "utf8");
    parts.push(`${"=".repeat(78)}\n${name} ${version} (${license})\n${"=".repeat(78)}\n\n${text.trim()}\n`);
  }
  await writeFile(path.join(target, "LICENSES.txt"), parts.join("\n"));
}

// A running server keeps its files until the new folder is whole.
const fresh = `${TARGET}.new`;
await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
try {
  await copyModules(fresh);
  const icons = await writeIcons(fresh);
  await writeLicences(fresh);
  await rm(TARGET, { recursive: true, force: true });
  await rename(fresh, TARGET);
  console.log(`static/vendor: ${MODULES.length} packages, ${icons} icons`);
} catch (error) {
  await rm(fresh, { recursive: true, force: true });
  console.error(`tools/vendor.mjs: ${error.message}`);
  process.exitCode = 1;
}
