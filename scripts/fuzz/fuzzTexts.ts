/** Text fuzz: whatever the text, the checker answers, soon, with diagnostics that lie within it. */
import { checkText } from '../../src/analyze.ts'
import { hasErrors, type Diagnostic, type Span } from '../../src/diagnostics/diagnostic.ts'
import { diagnosticPages } from '../../src/diagnostics/generated/pages.js'
import { reportCheckJson } from '../../src/report/checkJson.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { mutateText } from './mutateText.ts'
import { RandomSource, seedOfCase } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'

export interface TextFinding {
  readonly index: number
  readonly text: string
  readonly problem: string
}

export interface TextProgress {
  readonly texts: number
  readonly withoutErrors: number
  /** The longest that a text took, in milliseconds of CPU: other programs on the machine do not count. */
  readonly slowest: number
  /** The most memory that the process had, in MB. */
  readonly peak: number
  /** Seconds of CPU, with the drawing of texts. */
  readonly cpu: number
  /** The index of the next text. */
  readonly next: number
}

export const noTexts: TextProgress = { texts: 0, withoutErrors: 0, slowest: 0, peak: 0, cpu: 0, next: 0 }

/** Longer than this, in milliseconds, is a hang. */
const longest = 2000

/** More memory than this, in MB, is too much. */
const mostMemory = 500

/** Told together, so that telling costs nothing. */
const batch = 100

/** Larger networks take longer and say no more. */
const mostLayers = 8

/** What is mutated: the specs of all diagnostic pages, and random ones. */
function seedTexts(random: RandomSource): readonly string[] {
  const pages = Object.values(diagnosticPages).flatMap(({ wrong, right }) => [wrong, right])
  const drawn = Array.from({ length: 60 }, () => drawSpec(random.integer(0, 0x7fffffff)))
  return [...pages, ...drawn.filter(({ layers }) => layers <= mostLayers).map(({ text }) => text)]
}

/** The seeds and mutations of a run; each text follows from its index alone. */
export function drawTexts(seed: number): (index: number) => string {
  const seeds = seedTexts(new RandomSource(seed))
  return (index) => {
    const random = new RandomSource(seedOfCase(seed, index))
    return mutateText(random.pick(seeds), random)
  }
}

/** Every `shards`-th of `count` texts, from the one of number `shard` on. Yields what was found since the last time. */
export function* fuzzTexts(
  count: number,
  seed: number,
  { shard = 0, shards = 1 } = {},
): Generator<TextProgress & { findings: readonly TextFinding[] }> {
  const draw = drawTexts(seed)
  const total = { texts: 0, withoutErrors: 0, slowest: 0, peak: 0 }
  let findings: TextFinding[] = []
  let isMuch = false
  for (let index = shard; index < count; index += shards) {
    const text = draw(index)
    const start = process.cpuUsage()
    const { problem, clean } = judge(text)
    const time = milliseconds(process.cpuUsage(start))
    total.texts += 1
    total.slowest = Math.max(total.slowest, time)
    total.peak = process.resourceUsage().maxRSS / 1024
    if (clean) total.withoutErrors += 1
    if (problem !== undefined) findings.push({ index, text, problem })
    else if (time > longest) findings.push({ index, text, problem: `took ${Math.round(time)} ms` })
    if (total.peak > mostMemory && !isMuch) {
      isMuch = true
      findings.push({ index, text, problem: `took the process to ${Math.round(total.peak)} MB` })
    }
    if (total.texts % batch === 0 || index + shards >= count) {
      yield { ...total, cpu: milliseconds(process.cpuUsage()) / 1000, next: index + shards, findings }
      findings = []
    }
  }
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}

/** The parser makes an error object for each mistake, with a stack that no one reads. */
function judge(text: string): { problem?: string; clean: boolean } {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const judgement = judgeAnswer(text)
  Error.stackTraceLimit = stackTraceLimit
  return judgement
}

function judgeAnswer(text: string): { problem?: string; clean: boolean } {
  try {
    const analysis = checkText(text, 'fuzz.yaml')
    const { diagnostics, shaped, spec } = analysis
    const clean = !hasErrors(diagnostics)
    const problem =
      diagnostics.map((one) => misplacedIn(one, text)).find((found) => found !== undefined) ??
      (clean && !shaped.complete ? 'no error, but not every shape is known' : undefined)
    JSON.stringify(reportCheckJson([analysis]))
    if (clean && shaped.complete) JSON.stringify(lowerGraph(spec, shaped))
    return { clean, ...(problem !== undefined && { problem }) }
  } catch (error) {
    return { clean: false, problem: `throws ${String(error).slice(0, 200)}` }
  }
}

/** What of a diagnostic lies outside the text, or says nothing. */
function misplacedIn(diagnostic: Diagnostic, text: string): string | undefined {
  const { length } = text
  const { code, message, span, related, fixes } = diagnostic
  const isWithin = ({ start, end }: Span) =>
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= length + 1
  const spans = [
    span,
    ...related.map((place) => place.span),
    ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.span)),
  ]
  const outside = spans.find((one) => !isWithin(one))
  if (outside !== undefined) return `${code} lies at ${outside.start} to ${outside.end} of ${length}`
  // A text may hold the word, or write it as `.nan`.
  const odd = /undefined|NaN|\[object/.exec(message)?.[0]
  return odd !== undefined && !text.toLowerCase().includes(odd.toLowerCase()) ? `${code} says: ${message}` : undefined
}

/** For how long a text is made smaller, in milliseconds: a slow one takes as long at each try. */
const longestShrinking = 20_000

/** The smallest text, by removing lines, that still gives the problem of a finding, as far as that is found soon. */
export function shrinkText({ text, problem }: TextFinding): string {
  const kind = problem.slice(0, 12)
  const end = performance.now() + longestShrinking
  let lines = text.split('\n')
  for (let at = 0; at < lines.length && performance.now() < end;) {
    const fewer = lines.toSpliced(at, 1)
    if (judge(fewer.join('\n')).problem?.startsWith(kind) === true) lines = fewer
    else at += 1
  }
  return lines.join('\n')
}
