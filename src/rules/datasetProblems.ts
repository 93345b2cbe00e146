/** Reports problems of the dataset's files, and facts that could not be determined from them. */
import { severityOf } from '../diagnostics/codes.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import { isInput } from '../parts/layers/table.ts'
import type { DatasetProblem, UnknownFact } from '../language/datasetDef.ts'
import { didYouMean } from '../diagnostics/didYouMean.ts'
import { renameKey, setValue } from '../source/edits.ts'
import type { SourceDocument } from '../source/source.ts'
import { defineRule, type Finding } from './defineRule.ts'

export const datasetProblems = defineRule({
  codes: ['data/not-found', 'data/unknown-shape', 'data/not-checked'],
  check({ spec, source }) {
    const { dataset, facts = {} } = spec
    if (dataset === undefined) return []
    const needsShape =
      facts.sampleShape === undefined && spec.inputShape === undefined && !isInput(spec.layers[0]?.type ?? '')
    const stated = (facts.problems ?? []).map((problem) => (needsShape ? withoutShape(problem) : problem))
    const unknown = (facts.unknown ?? []).map((fact) => problemOf(fact, needsShape))
    const found = [...stated, ...unknown]
    const isExplained = found.some(({ code, severity = severityOf(code) }) => severity === 'error')
    return (needsShape && !isExplained ? [...found, noShape] : found).map((problem) =>
      findingOf(problem, dataset.type, source),
    )
  },
})

function findingOf(
  { option, key, known = [], ...problem }: DatasetProblem,
  type: string,
  source: SourceDocument,
): Finding {
  const whole = ['dataset', type]
  const stated = [...whole, ...[option, key].filter((step) => step !== undefined)]
  // The default of an option is not written anywhere.
  const path = stated.length > 2 && source.pairAt(stated) === undefined ? whole : stated
  const finding: Finding = { ...problem, path, atKey: key !== undefined || path === whole }
  if (known.length === 0 || path === whole) return finding
  const wrong = key ?? valueAt(source.value, path)
  const meant = typeof wrong === 'string' ? didYouMean(wrong, known) : undefined
  const edits = meant && (key === undefined ? setValue(source, path, meant) : renameKey(source, path, meant))
  if (!edits) return finding
  const fix = { kind: 'suggestion' as const, title: `replace \`${String(wrong)}\` with \`${meant}\``, edits }
  return { ...finding, help: `did you mean \`${meant}\`?`, fixes: [fix] }
}

/** The problem of a missing dataset, if only the dataset would give the input shape of the network. */
function withoutShape(problem: DatasetProblem): DatasetProblem {
  if (problem.code !== 'data/not-found') return problem
  const { severity: _milder, ...rest } = problem
  return {
    ...rest,
    code: 'data/unknown-shape',
    message: `${problem.message}, so the shape of the samples is unknown`,
    help: `${problem.help}; with \`input: { shape: […] }\` the network can be checked without the data`,
  }
}

const uncheckedFacts = {
  sampleShape: 'whether the samples match the input shape',
  classes: 'the number of classes',
} as const satisfies Record<UnknownFact['fact'], string>

function problemOf({ fact, reason, help, option }: UnknownFact, needsShape: boolean): DatasetProblem {
  const place = option !== undefined && { option }
  if (fact === 'sampleShape' && needsShape) {
    const message = `the shape of the samples is unknown: ${reason}`
    return { code: 'data/unknown-shape', message, help, ...place }
  }
  const message = `${uncheckedFacts[fact]} was not checked: ${reason}`
  return { code: 'data/not-checked', message, help, ...place }
}

/** Reported if no other problem explains why the shape is unknown. */
const noShape: DatasetProblem = {
  code: 'data/unknown-shape',
  message: 'the shape of the samples is unknown, so the network could not be checked',
  help: 'set it with `input: { shape: […] }`',
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (held, step) => (held as Record<string | number, unknown> | null | undefined)?.[step],
    value,
  )
}
