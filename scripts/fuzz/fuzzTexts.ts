/** Text fuzz: whatever the text, the checker answers, soon, with diagnostics that lie within it. */
import { checkText } from '../../src/compile.ts'
import { hasErrors, type Diagnostic, type Span } from '../../src/diagnostics/diagnostic.ts'
import { diagnosticPages } from '../../src/diagnostics/pages/allPages.ts'
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

export interface TextFuzz {
  readonly texts: number
  readonly withoutErrors: number
  readonly slowest: number
  readonly findings: readonly TextFinding[]
}

/** Longer than this, in milliseconds, is a hang. */
const longest = 2000

/** Larger networks take longer and say no more. */
const mostLayers = 8

/** What is mutated: the specs of all diagnostic pages, and random ones. */
function seedTexts(random: RandomSource): readonly string[] {
  const pages = Object.values(diagnosticPages).flatMap(({ wrong, right }) => [wrong, right])
  const drawn = Array.from({ length: 60 }, () => drawSpec(random.integer(0, 0x7fffffff)))
  return [...pages, ...drawn.filter(({ layers }) => layers <= mostLayers).map(({ text }) => text)]
}

export function fuzzTexts(count: number, seed: number, until: () => boolean = () => false): TextFuzz {
  const seeds = seedTexts(new RandomSource(seed))
  const findings: TextFinding[] = []
  const total = { texts: 0, withoutErrors: 0, slowest: 0 }
  // The parser makes an error object for each mistake; under a tool that maps stacks to sources, that is most of the time.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  for (let index = 0; index < count && !until(); index += 1) {
    const random = new RandomSource(seedOfCase(seed, index))
    const text = mutateText(random.pick(seeds), random)
    const start = performance.now()
    const { problem, clean } = judge(text)
    const time = performance.now() - start
    total.texts += 1
    total.slowest = Math.max(total.slowest, time)
    if (clean) total.withoutErrors += 1
    if (problem !== undefined) findings.push({ index, text, problem })
    else if (time > longest) findings.push({ index, text, problem: `took ${Math.round(time)} ms` })
  }
  Error.stackTraceLimit = stackTraceLimit
  return { ...total, findings }
}

function judge(text: string): { problem?: string; clean: boolean } {
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

/** The smallest text, by removing lines, that still gives the problem of a finding. */
export function shrinkText({ text, problem }: TextFinding): string {
  const kind = problem.slice(0, 12)
  let lines = text.split('\n')
  for (let at = 0; at < lines.length;) {
    const fewer = lines.toSpliced(at, 1)
    if (judge(fewer.join('\n')).problem?.startsWith(kind) === true) lines = fewer
    else at += 1
  }
  return lines.join('\n')
}
