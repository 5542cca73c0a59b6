/** Fails when the built web is larger than it may be. Sizes are gzip, in kB of 1000 bytes. */
import { readFileSync } from "node:fs"
import { gzipSync } from "node:zlib"

const LIMITS = [
  // name, most kB, the entries of the manifest whose files count
  ["first load, scripts", 130, (manifest) => scripts(firstLoad(manifest))],
  ["first load, styles", 12, (manifest) => styles(firstLoad(manifest))],
  ["charts", 25, (manifest) => lazily(manifest, "src/ui/LineChart.tsx")],
  ["markdown and formulas", 140, (manifest) => lazily(manifest, "src/ui/MathMd.tsx")],
  ["command palette", 40, (manifest) => lazily(manifest, "src/features/commands/Commands.tsx")],
]
const PAGE = 60

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"))
const pages = Object.keys(manifest).filter((key) => /^src\/routes\/.*tsr-split=component/.test(key))
const checks = [
  ...LIMITS.map(([name, most, files]) => [name, most, files(manifest)]),
  ...pages.map((key) => [`page ${key.slice(11).split("?")[0]}`, PAGE, lazily(manifest, key)]),
]
let over = 0
for (const [name, most, files] of checks) {
  const size = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`)).length, 0) / 1000
  if (files.size === 0 || size > most) over += 1
  console.log(`${size > most ? "OVER" : "  ok"}  ${size.toFixed(1).padStart(6)} of ${most} kB  ${name}`)
}
if (over > 0) {
  console.error(`${over} over budget or not found`)
  process.exit(1)
}

/** The entry and all it imports at once. */
function firstLoad(all) {
  return reach(all, "index.html")
}

function reach(all, key, found = new Set()) {
  if (found.has(key)) return found
  found.add(key)
  for (const next of all[key].imports ?? []) reach(all, next, found)
  return found
}

function scripts(keys) {
  return new Set([...keys].map((key) => manifest[key].file).filter((file) => file.endsWith(".js")))
}

function styles(keys) {
  return new Set([...keys].flatMap((key) => manifest[key].css ?? []))
}

/** The scripts that a lazy part adds to the first load. */
function lazily(all, key) {
  if (!all[key]) return new Set()
  const before = scripts(firstLoad(all))
  return new Set([...scripts(reach(all, key))].filter((file) => !before.has(file)))
}
