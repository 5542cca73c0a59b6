import { expect, test } from "vitest"
import {
  draftFor,
  fieldsFor,
  folderOf,
  lengthOf,
  read,
  typeInto,
  unfinished,
  usualRecipe,
  withFolder,
  withLength,
} from "@/features/train/recipe"

const SCHEMA = {
  properties: {
    method: { type: "string", enum: ["sft", "lora", "dpo"], default: "sft" },
    adapters: { type: "boolean", default: false },
    template: { type: "string", default: "think", examples: ["chat", "think"] },
    batch_size: { type: "integer", default: 32, minimum: 1 },
    optimizer: { $ref: "#/$defs/Optimizer", default: { learning_rate: 0.1, clip: 1 } },
    lora: { $ref: "#/$defs/Lora", default: { rank: 8 } },
    model: { default: { preset: "nano" } },
  },
  $defs: {
    Optimizer: { properties: { learning_rate: { type: "number", default: 0.1 } } },
    Lora: { properties: { rank: { type: "integer", default: 8 } } },
  },
}
const named = (recipe: object, name: string) => {
  const field = fieldsFor(SCHEMA, recipe as never).find((one) => one.name === name)
  if (!field) throw new Error(`no field ${name}`)
  return field
}

test("a field is a view of its key, also of one in a table", () => {
  const recipe = { optimizer: { learning_rate: 0.5, clip: 2 }, template: "of a plugin" }
  const fields = fieldsFor(SCHEMA, recipe)

  expect(fields.map((field) => field.name)).toEqual([
    "template",
    "method",
    "optimizer.learning_rate",
    "batch_size",
  ])
  expect(draftFor(fields, recipe, {})).toEqual({
    template: "of a plugin",
    method: "sft",
    "optimizer.learning_rate": "0.5",
    batch_size: "32",
  })
})

test("what is typed changes its key alone, and what is no number yet changes nothing", () => {
  const recipe = { optimizer: { learning_rate: 0.5, clip: 2 } }
  const field = named(recipe, "optimizer.learning_rate")

  const half = typeInto(recipe, field, { "optimizer.learning_rate": "" }, SCHEMA)
  expect(read(half.text)).toEqual(recipe)
  expect(unfinished([field], half.typed)).toBe("optimizer.learning_rate is not a number.")

  const whole = typeInto(recipe, field, { "optimizer.learning_rate": "0.1" }, SCHEMA)
  expect(read(whole.text)).toEqual({ optimizer: { learning_rate: 0.1, clip: 2 } })
  expect(unfinished([field], whole.typed)).toBe("")
})

test("a training of every weight says nothing of LoRA", () => {
  const recipe = { method: "lora", lora: { rank: 64 } }
  expect(named(recipe, "lora.rank").kind).toBe("number")

  const { text } = typeInto(recipe, named(recipe, "method"), { method: "sft" }, SCHEMA)

  expect(read(text)).toEqual({ method: "sft", lora: { rank: 8 } })
})

test("what learns from pairs may do so by LoRA, and says no more of it than is looked at", () => {
  const names = (recipe: object) => fieldsFor(SCHEMA, recipe as never).map((one) => one.name)
  const pairs = { method: "dpo", adapters: true, lora: { rank: 64 } }

  expect(names(pairs)).toEqual(expect.arrayContaining(["adapters", "lora.rank"]))
  expect(names({ method: "dpo" })).not.toContain("lora.rank")
  expect(names({ method: "lora" })).not.toContain("adapters")
  const whole = typeInto(pairs, named(pairs, "adapters"), { adapters: false }, SCHEMA)
  expect(read(whole.text)).toEqual({ method: "dpo", adapters: false, lora: { rank: 8 } })
  const taught = typeInto(pairs, named(pairs, "method"), { method: "sft" }, SCHEMA)
  expect(read(taught.text)).toEqual({ method: "sft", adapters: false, lora: { rank: 8 } })
})

test("a folder brings its tokenizer along, and how long is said once", () => {
  const there = withFolder({ tokenizer: { vocab_size: 64 } }, "/m", SCHEMA)
  expect(there).toEqual({ model: { path: "/m" }, tokenizer: { vocab_size: 64, source: "model" } })
  expect(folderOf(there)).toBe("/m")
  const back = withFolder(there, null, SCHEMA)
  expect(folderOf(back)).toBeNull()
  expect(back).toMatchObject({ model: { preset: "nano" }, tokenizer: { source: "build" } })

  expect(lengthOf({ steps: 5, epochs: null })).toEqual({ unit: "steps", value: 5 })
  expect(lengthOf({})).toEqual({ unit: "epochs", value: null })
  expect(withLength({ steps: 5 }, "epochs", 2)).toEqual({ steps: null, epochs: 2 })
})

test("a text that is no recipe is said to be none", () => {
  expect(read("{")).toMatch(/^The recipe is not JSON: /)
  expect(read("[1]")).toMatch(/has keys/)
  expect(usualRecipe(SCHEMA)).toMatchObject({ method: "sft", lora: { rank: 8 } })
})
