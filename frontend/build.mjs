// Builds styles, scripts and fonts into the ui room's static folder. `--watch` builds again on every change.
import { build, context } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/souto/foundation/ui/static/souto");
const modules = join(here, "node_modules");

/** Whole TTF files for PDFs: typst reads neither woff2 nor unicode-range slices. */
const PDF_FONTS = {
  "BIZUDPGothic-Regular.ttf": "@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf",
  "BIZUDPGothic-Bold.ttf": "@expo-google-fonts/biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf",
  "NotoSansJP-Regular.ttf": "@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
  "NotoSansJP-Bold.ttf": "@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf",
};

/** One bundle for each entry file in `ts/` (app.ts: every page; others: pages that are instruments). */
async function entries() {
  const names = await readdir(join(here, "ts"));
  return names.filter((name) => name.endsWith(".entry.ts")).map((name) => ({
    in: join(here, "ts", name),
    out: name.replace(".entry.ts", ""),
  }));
}

/** Smaller twins beside each style and script; the server sends them to browsers that take them. */
async function compress() {
  for (const name of await readdir(out)) {
    if (!/\.(css|js)$/.test(name)) continue;
    const content = await readFile(join(out, name));
    await writeFile(join(out, `${name}.br`), brotliCompressSync(content));
    await writeFile(join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

/** @type {import("esbuild").BuildOptions} */
const options = {
  entryPoints: [
    ...(await entries()),
    { in: join(here, "css/app.css"), out: "app" },
    { in: join(here, "css/fonts.css"), out: "fonts" },
    { in: join(here, "css/map.css"), out: "map" },
    // MapLibre's worker as a file of our own origin: the content security policy takes no other.
    { in: join(modules, "maplibre-gl/dist/maplibre-gl-worker.mjs"), out: "map-worker" },
  ],
  bundle: true,
  outdir: out,
  minify: true,
  sourcemap: false,
  target: ["chrome109", "firefox115", "safari16"],
  format: "iife",
  charset: "utf8",
  legalComments: "none",
  // MapLibre asks where its own module lies when nobody tells it where its worker is; we always do (`createMap`).
  define: { "import.meta.url": "location.href" },
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]-[hash]",
  logLevel: "info",
  logLimit: 20,
};

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "fonts"), { recursive: true });
for (const [name, source] of Object.entries(PDF_FONTS)) {
  await copyFile(join(modules, source), join(out, "fonts", name));
}
await copyFile(join(modules, "@fontsource-variable/noto-sans-jp/LICENSE"), join(out, "fonts/OFL.txt"));

if (process.argv.includes("--watch")) {
  const watched = await context(options);
  await watched.watch();
} else {
  await build({ ...options, logLevel: "warning" });
  await compress();
}
