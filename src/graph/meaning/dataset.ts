/** What a look at the dataset's files has found. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { reportAt } from '../../source/report.ts'
import type { DatasetProblem } from '../../datasets/datasetDef.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkDataset({ spec, source }: CheckedNetwork): Diagnostic[] {
  const { dataset, facts } = spec
  if (dataset === undefined) return []
  const needsShape =
    facts?.sampleShape === undefined && spec.inputShape === undefined && spec.layers[0]?.type !== 'input'
  return (facts?.problems ?? []).map((problem) => {
    const { code, severity, message, help, option } = needsShape ? withoutShape(problem) : problem
    const path = ['dataset', dataset.type, ...(option === undefined ? [] : [option])]
    return reportAt(source, code, path, message, { severity, help })
  })
}

/** Of a dataset that is not here, where nothing else says what the network takes in. */
function withoutShape(problem: DatasetProblem): DatasetProblem {
  if (problem.code !== 'data/not-found') return problem
  return {
    ...problem,
    code: 'data/unknown-shape',
    severity: 'error',
    message: `${problem.message}, so that the shape of the samples is not known`,
    help: `${problem.help}; with \`input: { shape: […] }\` the network can be checked without the data`,
  }
}
