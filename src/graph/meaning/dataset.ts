/** What a look at the dataset's files has found. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { reportAt } from '../../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkDataset({ spec, source }: CheckedNetwork): Diagnostic[] {
  const { dataset, facts } = spec
  if (dataset === undefined) return []
  return (facts?.problems ?? []).map(({ code, severity, message, help, option }) => {
    const path = ['dataset', dataset.type, ...(option === undefined ? [] : [option])]
    return reportAt(source, code, path, message, { severity, help })
  })
}
