/** Layers whose output is their input. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { layerDef } from '../parts/layers/table.ts'
import { reportAt } from '../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkNoEffect({ shaped, source }: CheckedNetwork): Diagnostic[] {
  return shaped.nodes.flatMap(({ name, item, layer, inputShapes, shape }) => {
    const why = layerDef(layer.type).idle?.(layer.options, inputShapes, shape)
    if (why === undefined) return []
    return reportAt(source, 'meaning/no-effect', item.path, `\`${name}\` has no effect: ${why}`, {
      severity: 'hint',
      atKey: true,
      help: 'leave it out',
    })
  })
}
