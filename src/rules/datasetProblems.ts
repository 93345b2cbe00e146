/** Reports problems of the dataset's files, and facts that could not be determined from them. */
import { severityOf } from '../diagnostics/codes.ts'
import { isInput } from '../parts/layers/table.ts'
import type { DatasetProblem, UnknownFact } from '../language/datasetDef.ts'
import { defineRule } from './defineRule.ts'

export const datasetProblems = defineRule({
  codes: ['data/not-found', 'data/unknown-shape', 'data/not-checked'],
  check({ spec }) {
    const { dataset, facts = {} } = spec
    if (dataset === undefined) return []
    const needsShape =
      facts.sampleShape === undefined && spec.inputShape === undefined && !isInput(spec.layers[0]?.type ?? '')
    const stated = (facts.problems ?? []).map((problem) => (needsShape ? withoutShape(problem) : problem))
    const unknown = (facts.unknown ?? []).map((fact) => problemOf(fact, needsShape))
    const found = [...stated, ...unknown]
    const isExplained = found.some(({ code, severity = severityOf(code) }) => severity === 'error')
    return (needsShape && !isExplained ? [...found, noShape] : found).map(({ option, ...problem }) => {
      const path = ['dataset', dataset.type, ...(option === undefined ? [] : [option])]
      return { ...problem, path }
    })
  },
})

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
