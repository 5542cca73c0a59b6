import { expect, test } from "vitest"
import { bytes, lasted, metric, number, percent, shortId } from "@/ui/words"

test.each([
  [0, "0"],
  [1200, "1,200"],
  [0.30512, "0.3051"],
  [0.00002, "2.00e-5"],
  [123.456, "123.5"],
  [14556.31, "14,556.3"],
])("the metric %d is written %s", (value, words) => {
  expect(number(value)).toBe(words)
})

test.each([
  ["memory_bytes", 803_876_864, "803.9 MB"],
  ["Peak memory bytes", 512.4, "512 B"],
  ["loss", 803_876_864, "803,876,864"],
])("a metric named %s is written in its unit", (name, value, words) => {
  expect(metric(name, value)).toBe(words)
})

test("shares, sizes, times and ids are short", () => {
  expect(percent(0.7096)).toBe("71.0%")
  expect([bytes(999), bytes(33_554_432)]).toEqual(["999 B", "33.6 MB"])
  expect(lasted("2026-01-01T00:00:00Z", "2026-01-01T01:02:03Z")).toBe("1 h 2 min")
  expect(shortId("0198a001-0000-7000-8000-0000deadbeef")).toBe("deadbeef")
})
