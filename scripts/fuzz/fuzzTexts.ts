/** Text fuzz: the checker must handle any text fast, with diagnostics whose spans are inside it. */
import { checkText } from '../../src/analyze.ts'
import { hasErrors, type Diagnostic, type Span } from '../../src/diagnostics/diagnostic.ts'
import { diagnosticPages } from '../../src/diagnostics/generated/pages.js'
import { reportCheckJson } from '../../src/report/checkJson.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { filesHost, type Files } from '../../test/compose/filesHost.ts'
import { drawComposed } from './composed/draw.ts'
import { printComposed } from './composed/tree.ts'
import { drawHostileComposition } from './hostileComposition.ts'
import { mutateText } from './mutateText.ts'
import { extendAny, filesAround } from './parentTexts.ts'
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
  /** The longest time of a text, in milliseconds of CPU time, which other programs do not affect. */
  readonly slowest: number
  /** The peak memory of the process, in MB. */
  readonly peak: number
  /** Seconds of CPU time, including the drawing of texts. */
  readonly cpu: number
  /** The index of the next text. */
  readonly next: number
}

export const noTexts: TextProgress = { texts: 0, withoutErrors: 0, slowest: 0, peak: 0, cpu: 0, next: 0 }

/** The maximum time of a text in milliseconds; more counts as a hang. A spec may take more for each layer that it expands to. */
const longest = 2000
const longestOfLayer = 0.15

/** The maximum memory of the process in MB, and for each layer of the largest spec so far; more is a problem. */
const mostMemory = 500
const mostMemoryOfLayer = 0.015

/** The number of layers that are expanded before a spec is refused as too large. */
const mostExpanded = 200_000

/** The number of texts per report, so that reporting costs nothing. A slow text is reported at once. */
const batch = 100

/** The maximum number of layers; larger networks take longer and find nothing more. */
const mostLayers = 8

/** How often a text is a hostile composed spec. */
const chanceOfHostile = 0.1

/** How often a text extends another file. */
const chanceOfParent = 0.1

/** How often a text is checked as it was drawn. */
const chanceOfNoMutation = 0.1

/** Returns the texts to mutate: the specs of all diagnostic pages, random specs, and random composed specs. */
function seedTexts(random: RandomSource): readonly string[] {
  const pages = Object.values(diagnosticPages).flatMap(({ wrong, right }) => [wrong, right])
  const drawn = Array.from({ length: 60 }, () => drawSpec(random.integer(0, 0x7fffffff)))
  const composed = Array.from({ length: 60 }, () => printComposed(drawComposed(random.integer(0, 0x7fffffff))))
  return [...pages, ...drawn.filter(({ layers }) => layers <= mostLayers).map(({ text }) => text), ...composed]
}

/** Returns a function that draws the text of an index, independently of other indices. */
export function drawTexts(seed: number): (index: number) => string {
  const seeds = seedTexts(new RandomSource(seed))
  return (index) => {
    const random = new RandomSource(seedOfCase(seed, index))
    const drawn = random.chance(chanceOfHostile) ? drawHostileComposition(random) : random.pick(seeds)
    const text = random.chance(chanceOfParent) ? extendAny(drawn, random) : drawn
    return random.chance(chanceOfNoMutation) ? text : mutateText(text, random)
  }
}

/** Checks every `shards`-th of `count` texts, starting with number `shard`. Yields the findings since the last time. */
export function* fuzzTexts(
  count: number,
  seed: number,
  { shard = 0, shards = 1 } = {},
): Generator<TextProgress & { findings: readonly TextFinding[] }> {
  const draw = drawTexts(seed)
  const total = { texts: 0, withoutErrors: 0, slowest: 0, peak: 0 }
  let findings: TextFinding[] = []
  let isMuch = false
  let largest = 0
  for (let index = shard; index < count; index += shards) {
    const text = draw(index)
    const start = process.cpuUsage()
    const { problem, clean, expanded } = judge(text)
    const time = milliseconds(process.cpuUsage(start))
    total.texts += 1
    largest = Math.max(largest, expanded)
    total.slowest = Math.max(total.slowest, time)
    total.peak = process.resourceUsage().maxRSS / 1024
    if (clean) total.withoutErrors += 1
    if (problem !== undefined) findings.push({ index, text, problem })
    else if (time > longest + longestOfLayer * expanded)
      findings.push({ index, text, problem: `took ${Math.round(time)} ms` })
    if (total.peak > mostMemory + mostMemoryOfLayer * largest && !isMuch) {
      isMuch = true
      findings.push({ index, text, problem: `took the process to ${Math.round(total.peak)} MB` })
    }
    if (total.texts % batch === 0 || time > longest || index + shards >= count) {
      yield { ...total, cpu: milliseconds(process.cpuUsage()) / 1000, next: index + shards, findings }
      findings = []
    }
  }
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}

interface Judgement {
  readonly problem?: string
  /** Whether the text has no errors. */
  readonly clean: boolean
  /** The number of layers that composition made, at most. */
  readonly expanded: number
}

/** Checks a text without recording stack traces, since the parser creates an error object for each mistake. */
function judge(text: string): Judgement {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const judgement = judgeAnswer(text)
  Error.stackTraceLimit = stackTraceLimit
  return judgement
}

function judgeAnswer(text: string): Judgement {
  try {
    const files = filesAround(text)
    const analysis = checkText(text, 'fuzz.yaml', { host: filesHost(files) })
    const { diagnostics, shaped, spec, source } = analysis
    const clean = !hasErrors(diagnostics)
    const isUnknown = clean && !shaped.complete && source.completeness === 'complete'
    const problem =
      diagnostics.map((one) => misplacedIn(one, files)).find((found) => found !== undefined) ??
      (isUnknown ? 'no error, but not every shape is known' : undefined)
    JSON.stringify(reportCheckJson([analysis]))
    if (clean && shaped.complete) JSON.stringify(lowerGraph(spec, shaped))
    const isTooLarge = diagnostics.some(({ code }) => code === 'compose/too-large')
    const expanded = isTooLarge ? mostExpanded : (spec.layers?.length ?? 0)
    return { clean, expanded, ...(problem !== undefined && { problem }) }
  } catch (error) {
    return { clean: false, expanded: 0, problem: `throws ${String(error).slice(0, 200)}` }
  }
}

/** Returns the part of a diagnostic that is outside its text or empty. */
function misplacedIn(diagnostic: Diagnostic, files: Files): string | undefined {
  const { code, message, span, related, fixes } = diagnostic
  const lengthOf = (file = 'fuzz.yaml') => files[file]?.length ?? -1
  const isWithin = ({ file, start, end }: Span) =>
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= lengthOf(file) + 1
  const spans = [
    span,
    ...related.map((place) => place.span),
    ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.span)),
  ]
  const outside = spans.find((one) => !isWithin(one))
  if (outside !== undefined) return `${code} lies at ${outside.start} to ${outside.end} of ${lengthOf(outside.file)}`
  // A text may hold the word, or write it as `.nan`.
  const text = Object.values(files).join('\n').toLowerCase()
  const odd = /undefined|NaN|\[object/.exec(message)?.[0]
  return odd !== undefined && !text.includes(odd.toLowerCase()) ? `${code} says: ${message}` : undefined
}

/** The time limit for shrinking a text, in milliseconds: a slow text is slow at each try. */
const longestShrinking = 20_000

/** Removes lines from a text while it still has the problem of a finding, within the time limit. */
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
