/** A form's fields as what a judge is asked with. */
import type { NewAsk } from "@/features/judges/queries"

/** The provider's config: the model, and whatever JSON says besides; words if it is no object. */
export function providerConfig(model: string, more: string): NewAsk["provider_config"] | string {
  let besides: unknown
  try {
    besides = JSON.parse(more.trim() || "{}")
  } catch (error) {
    return `More of the provider's config is no JSON: ${(error as Error).message}`
  }
  if (typeof besides !== "object" || besides === null || Array.isArray(besides))
    return 'More of the provider\'s config must be one JSON object, such as {"base_url": "http://…/v1"}.'
  return { ...(besides as NewAsk["provider_config"]), ...(model ? { model } : {}) }
}

export function askOf(form: FormData): NewAsk | string {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  const provider_config = providerConfig(text("model"), text("more"))
  if (typeof provider_config === "string") return provider_config
  return {
    rubric: {
      name: text("name"),
      subject: text("subject") === "steps" ? "steps" : "answer",
      question: text("question"),
      show_expected: form.get("show_expected") !== null,
    },
    provider: text("provider"),
    provider_config,
    votes: Number(text("votes")),
    temperature: Number(text("temperature")),
    seed: Number(text("seed")),
    max_new_tokens: Number(text("max_new_tokens")),
    limit: text("limit") ? Number(text("limit")) : null,
  }
}
