/** Metrics whose values would have one name. */
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import type { Choice } from '../language/schema.ts'
import { reportAt } from '../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkDuplicateMetric({ spec, source }: CheckedNetwork): Diagnostic[] {
  const { metrics } = spec
  const lists: [Path, readonly Choice[]][] =
    'all' in metrics
      ? [[['metrics'], metrics.all]]
      : Object.entries(metrics.each).map(([output, list]) => [['metrics', output], list])
  return lists.flatMap(([path, list]) => {
    const names = list.map(({ type }) => type)
    return names.flatMap((name, index) => {
      const first = names.indexOf(name)
      if (first === index) return []
      return reportAt(source, 'meaning/duplicate-metric', [...path, index], `\`${name}\` is there already`, {
        help: 'a metric is reported by its name, so one of each kind',
        related: [{ message: 'the first is here', span: source.locateValue([...path, first]) }],
      })
    })
  })
}
