/** Finds metrics that would be reported under the same name. */
import type { Path } from '../diagnostics/diagnostic.ts'
import type { Choice } from '../language/schema.ts'
import { defineRule } from './defineRule.ts'

export const duplicateMetric = defineRule({
  codes: ['meaning/duplicate-metric'],
  check({ spec, source }) {
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
        return {
          path: [...path, index],
          message: `duplicate metric \`${name}\``,
          help: 'metrics are reported by name, so each name can be used once',
          related: [{ message: 'first used here', span: source.locateValue([...path, first]) }],
        }
      })
    })
  },
})
