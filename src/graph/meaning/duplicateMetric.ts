/** Metrics whose values would have one name. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { reportAt } from '../../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkDuplicateMetric({ spec, source }: CheckedNetwork): Diagnostic[] {
  const names = spec.metrics.map(({ type }) => type)
  return names.flatMap((name, index) => {
    const first = names.indexOf(name)
    if (first === index) return []
    return reportAt(source, 'meaning/duplicate-metric', ['metrics', index], `\`${name}\` is there already`, {
      help: 'a metric is reported by its name, so one of each kind',
      related: [{ message: 'the first is here', span: source.locateValue(['metrics', first]) }],
    })
  })
}
