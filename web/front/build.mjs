// Puts css/ and js/ together into ../static/built, which is committed: whoever runs Goldsmith needs no Node.
//
//   npm run build              writes the files and a stamp of what they were made from
//   node build.mjs FOLDER      the same into another folder (the test compares byte for byte)
//
// The stamp is worked out again in Python (tests/web/test_built.py), so stale files fail there without Node, too.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { compile } from "tailwindcss";

const here = dirname(fileURLToPath(import.meta.url));
const house = resolve(here, "../..");
const built = resolve(process.argv[2] ?? join(here, "../static/built"));
const browsers = ["chrome111", "edge111", "firefox114", "safari16.4"];

// The order of files decides little: every rule stands in a cascade layer, and tokens.css names their order.
const first = ["tokens.css", "fonts.css", "reset.css", "base.css"];
// A utility of Tailwind as it stands in a template: `tw:gap-4`, `tw:lg:grid-cols-2`. The prefix keeps them apart from our
// own names (`grid`, `table`, `hidden`) and makes them findable without knowing Tailwind.
const utility = /\btw:[^\s"'<>`{}]+/g;
const licences = {
  "htmx": "node_modules/htmx.org/LICENSE",
  "Alpine.js": "licences/alpinejs.txt",
  "Vue reactivity (inside Alpine.js)": "node_modules/@vue/reactivity/LICENSE",
  "Chart.js": "node_modules/chart.js/LICENSE.md",
  "@kurkle/color (inside Chart.js)": "node_modules/@kurkle/color/LICENSE.md",
  "Tailwind CSS (layout utilities in app.css)": "node_modules/tailwindcss/LICENSE",
};

async function build() {
  const classes = await utilitiesInTemplates();
  const made = {
    "app.css": await styles(classes),
    "app.js": await script("js/app.js", "iife"),
    "charts.js": await script("js/charts.js", "esm"),
    "LICENSES.txt": await gatherLicences(),
  };
  made["stamp.json"] = JSON.stringify({ sources: await marks(), classes, built: marksOf(made) }, null, 1) + "\n";
  await rm(built, { recursive: true, force: true });
  await mkdir(built, { recursive: true });
  for (const [name, content] of Object.entries(made)) await writeFile(join(built, name), content);
  for (const [name, content] of Object.entries(made)) console.log(`${name}  ${Buffer.byteLength(content)} bytes`);
}

async function styles(classes) {
  const files = (await filesIn(join(here, "css"), ".css")).filter((name) => name !== "utilities.css");
  const ordered = [...first, ...files.filter((name) => !first.includes(name))];
  const utilities = (await compile(await readFile(join(here, "css/utilities.css"), "utf8"))).build(classes);
  const parts = await Promise.all(ordered.map((name) => readFile(join(here, "css", name), "utf8")));
  const { code, warnings } = await esbuild.transform([...parts, utilities].join("\n"), { loader: "css", minify: true, target: browsers });
  if (warnings.length) throw new Error(warnings.map((warning) => warning.text).join("\n"));
  return code;
}

async function script(entry, format) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(here, entry)], bundle: true, minify: true, format, target: browsers, legalComments: "none", write: false,
    absWorkingDir: here, charset: "utf8",
  });
  return outputFiles[0].text;
}

async function utilitiesInTemplates() {
  const found = new Set();
  const plugins = (await readdir(join(house, "plugins"))).map((plugin) => join(house, "plugins", plugin, "templates"));
  for (const folder of [join(house, "web/templates"), ...plugins]) {
    for (const file of await filesIn(folder, ".html")) {
      for (const [name] of (await readFile(join(folder, file), "utf8")).matchAll(utility)) found.add(name);
    }
  }
  return [...found].sort();
}

async function gatherLicences() {
  const texts = await Promise.all(
    Object.entries(licences).map(async ([name, file]) => `${name}\n${"=".repeat(name.length)}\n\n${(await readFile(join(here, file), "utf8")).trim()}\n`),
  );
  return texts.join("\n\n");
}

const mark = (content) => createHash("sha256").update(content).digest("hex").slice(0, 16);

async function marks() {
  const styles = (await filesIn(join(here, "css"), ".css")).map((name) => `css/${name}`);
  const scripts = (await filesIn(join(here, "js"), ".js")).map((name) => `js/${name}`);
  const sources = ["build.mjs", "package.json", "package-lock.json", ...styles, ...scripts];
  const marked = {};
  for (const file of sources.sort()) marked[file] = mark(await readFile(join(here, file)));
  return marked;
}

async function filesIn(folder, ending) {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).sort();
}

function marksOf(made) {
  return Object.fromEntries(Object.entries(made).map(([name, content]) => [name, mark(content)]));
}

await build();
