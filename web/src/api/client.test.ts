import { expect, test } from "vitest"
import { type ApiError, ask } from "@/api/client"

const refused = (status: number, error: unknown) =>
  ask(Promise.resolve({ error, response: new Response(null, { status, statusText: "No" }) })).catch(
    (thrown: ApiError) => thrown,
  )

test("a refusal is shown in the server's words, with its way out", async () => {
  const error = (await refused(409, { detail: "The key exists.", hint: "Take another." })) as ApiError
  expect([error.status, error.message, error.hint]).toEqual([409, "The key exists.", "Take another."])
})

test("a refused field is named", async () => {
  const detail = [{ loc: ["query", "limit"], msg: "Input should be at most 100", type: "less_than_equal" }]
  expect(await refused(422, { detail })).toHaveProperty("message", "limit: Input should be at most 100")
})

test("an answer that is not ours still says something", async () => {
  expect(await refused(502, "<html>")).toHaveProperty("message", "The server answered 502 No")
})
