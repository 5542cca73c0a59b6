/** The laws of the web: imports run routes -> features -> ui -> api, and files stay short. */
import { expect, test } from "vitest"

const FLOORS = ["api", "ui", "features", "routes"]
const LONGEST = 240
const files = import.meta.glob<string>("./{api,ui,features,routes}/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
})
const written = Object.entries(files).filter(([path]) => !/\.(test|gen)\./.test(path))
const imports = written.flatMap(([path, text]) =>
  [...text.matchAll(/(?:from|import\() ?"@\/([^"]+)"/g)].map(
    (found) => [path.slice(2), found[1] as string] as const,
  ),
)

test("imports run downstairs", () => {
  const floor = (path: string): number => FLOORS.indexOf(path.split("/")[0] as string)
  const broken = imports.filter(([from, to]) => floor(to) > floor(from))
  expect(broken).toEqual([])
})

test("a feature does not know another feature", () => {
  const feature = (path: string) => (path.startsWith("features/") ? path.split("/")[1] : undefined)
  const broken = imports.filter(([from, to]) => feature(from) && feature(to) && feature(from) !== feature(to))
  expect(broken).toEqual([])
})

test("every import inside the web goes by its full name", () => {
  const broken = written.filter(([, text]) => /from "\.\.?\//.test(text)).map(([path]) => path)
  expect(broken).toEqual(["./api/client.ts"]) // its types are generated beside it
})

test("a file fits on a few screens", () => {
  const long = written.filter(([, text]) => text.split("\n").length > LONGEST).map(([path]) => path)
  expect(long).toEqual([])
})

test("untrusted text has no way to become markup", () => {
  const danger = /dangerouslySetInnerHTML|rehype-raw|innerHTML|document\.write|eval\(/
  expect(written.filter(([, text]) => danger.test(text)).map(([path]) => path)).toEqual([])
})
