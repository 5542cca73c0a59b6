import type { ReactNode } from "react"
import type { DryRun, Memory, Tried } from "@/features/train/dry"
import { Facts } from "@/ui/Facts"
import { Section } from "@/ui/Page"
import { Share } from "@/ui/Share"
import { bytes, count, duration, number, percent } from "@/ui/words"

type Fact = readonly [string, ReactNode]

/** What a training would be: its rows, its batches, what it holds and how long it takes. */
export function DryRunFound({ found }: { found: DryRun }) {
  const { memory, seconds, tried } = found
  const broken = found.proofs.filter(({ ok }) => !ok)
  return (
    <Section title="What it would be" note={found.complete ? undefined : "from the first rows"}>
      {seconds !== null && <p className="mb-2">All of it would take about {duration(seconds)}.</p>}
      {memory?.fits === false && <Warning>It does not fit into the memory there is. {memory.advice}</Warning>}
      {tried?.restored === false && <Warning>A checkpoint does not go on with the same loss.</Warning>}
      {found.warnings?.map((one) => (
        <Warning key={one}>{one}</Warning>
      ))}
      {broken.map(({ name, says, broken }) => (
        <Warning key={name}>
          {name}: {says}; {count(broken)} rows
        </Warning>
      ))}
      <div className="grid gap-x-10 gap-y-3 md:grid-cols-2">
        <Facts facts={[...ofRows(found), ...ofBatches(found), ...ofPractice(found)]} />
        <div className="flex flex-col gap-3">
          {memory && <Held memory={memory} />}
          <Facts facts={[...ofStep(tried), ...ofRound(found)]} />
        </div>
      </div>
      {found.left_out.map((one) => (
        <p key={one} className="mt-2 text-sm text-muted">
          Left out: {one}
        </p>
      ))}
    </Section>
  )
}

function Warning({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="mb-2 rounded-lg border border-bad bg-bad-bg p-3 break-words">
      {children}
    </p>
  )
}

/** The parts of the memory beside the room there is. */
function Held({ memory }: { memory: Memory }) {
  const { weights, gradients, optimizer, activations, cache, total, compiled, room } = memory
  const parts = { weights, gradients, optimizer, activations, "keys and values while asked": cache }
  const needed = Math.max(compiled ?? 0, total)
  return (
    <div className="text-sm">
      <p className="mb-1">
        Memory: {bytes(needed)} {room !== null && `of ${bytes(room)}`}
      </p>
      {room !== null && <Share value={needed / room} />}
      <ul aria-label="Parts of the memory" className="mt-1 flex flex-wrap gap-x-4 text-muted">
        {Object.entries(parts).map(
          ([name, size]) =>
            size > 0 && (
              <li key={name}>
                {name} {bytes(size)}
              </li>
            ),
        )}
      </ul>
    </div>
  )
}

function ofRows({ numbers }: DryRun): Fact[] {
  const { rows, trained_rows, tokens, trained_tokens, lengths, cut } = numbers
  return [
    ["Rows", `${count(rows)}, ${count(trained_rows)} of them trained`],
    ["Tokens", `${count(tokens)}, ${percent(trained_tokens / Math.max(tokens, 1))} of them learned`],
    [
      "Length",
      lengths &&
        `median ${count(lengths.median)}, 95 % within ${count(lengths.p95)}, longest ${count(lengths.longest)}`,
    ],
    ["Too long", cut.rows > 0 ? `${count(cut.rows)} rows, ${count(cut.answers)} answers not whole` : null],
  ]
}

function ofBatches(found: DryRun): Fact[] {
  const { parameters, trained_parameters, layout, shapes, useful_share, steps, tokens } = found
  const trained = trained_parameters === parameters ? "" : `, ${count(trained_parameters)} of them trained`
  const sizes = shapes.map(({ lines, width }) => `${count(lines)} × ${count(width)}`).join(", ")
  return [
    ["Parameters", `${count(parameters)}${trained}`],
    [
      "Batches",
      layout && useful_share !== null
        ? `${layout}, ${sizes}; ${percent(useful_share)} of it is no padding`
        : null,
    ],
    [
      "Steps",
      steps === null ? null : `${count(steps)}${tokens === null ? "" : ` with ${count(tokens)} tokens`}`,
    ],
  ]
}

function ofPractice({ practice }: DryRun): Fact[] {
  if (!practice) return []
  const { problems, held_out, watched, rounds, rollouts, longest_prompt, new_tokens } = practice
  return [
    ["Problems", `${count(problems)} to practise, ${count(held_out)} held out, ${count(watched)} watched`],
    ["Rounds", `${count(rounds)} of ${count(rollouts)} rollouts`],
    ["Prompts", `at most ${count(longest_prompt)} tokens, and ${count(new_tokens)} new ones`],
  ]
}

function ofStep(tried: Tried | null): Fact[] {
  if (!tried) return []
  const { device, lines, width, compile_seconds, step_seconds, loss, checkpoint_bytes } = tried
  return [
    ["Tried on", `${device}, ${count(lines)} × ${count(width)}`],
    ["Compiling", duration(compile_seconds)],
    ["A step", `${(step_seconds * 1000).toFixed(1)} ms, loss ${number(loss)}`],
    ["Checkpoint", bytes(checkpoint_bytes)],
  ]
}

function ofRound({ tried_round }: DryRun): Fact[] {
  if (!tried_round) return []
  const { sample_seconds, judge_seconds, answer_tokens, ended } = tried_round
  return [
    ["A round", `asked in ${sample_seconds.toFixed(1)} s, judged in ${judge_seconds.toFixed(1)} s`],
    ["Answers", `${number(Math.round(answer_tokens))} tokens, ${percent(ended)} of them ended`],
  ]
}
