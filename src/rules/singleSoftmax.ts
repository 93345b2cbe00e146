/** Finds softmax over a single value. */
import { sampleAxis } from '../language/axes.ts'
import type { Suggestion } from '../language/layerDef.ts'
import { toFix, type ShapedNode } from '../graph/shapes.ts'
import { placeOrKey } from '../source/report.ts'
import { defineRule } from './defineRule.ts'
import { activationOf } from './activationOf.ts'
import { finalActivation, fitsLabels, trainedOutputs, unitsOf } from './trainedOutputs.ts'

export const singleSoftmax = defineRule({
  codes: ['meaning/single-softmax'],
  check(network) {
    const { shaped, source, spec, dataset } = network
    const classes = dataset?.classes
    return shaped.nodes.filter(isSingleSoftmax).flatMap((node) => {
      const maker = unitsOf(node, network)
      const option = maker && ('units' in maker.layer.options ? 'units' : 'filters')
      const judged = trainedOutputs(network).find(({ output }) => finalActivation(output, network)?.node === node)
      const wantsClasses = judged?.loss.labels.classes === 'suited' && fitsLabels(judged, dataset)
      const has = wantsClasses && classes ? `; \`${spec.dataset!.type}\` has ${classes} classes` : ''
      const fix: readonly (readonly [ShapedNode, Suggestion])[] =
        wantsClasses && classes && maker && option
          ? [[maker, { kind: 'set', option, value: classes }]]
          : judged?.loss.labels.binary === 'suited'
            ? [[node, { kind: 'set', option: 'activation', value: 'sigmoid' }]]
            : []
      const path = maker && option ? [...maker.layer.path, option] : node.layer.path
      const place = placeOrKey(source, path, node.layer.path)
      const message = `softmax over a single unit is always 1${has}`
      return {
        ...place,
        message,
        help:
          wantsClasses && classes
            ? `use one unit per class: ${classes}`
            : 'use one unit per class, or `sigmoid` for a single probability',
        fixes: fix.flatMap(([{ layer }, suggestion]) => toFix(suggestion, layer, source)),
      }
    })
  },
})

export function isSingleSoftmax(node: ShapedNode): boolean {
  if (activationOf(node)?.activation.startsWith('softmax') !== true) return false
  const axes = [node.layer.options['axis'] ?? -1].flat() as number[]
  const rank = node.shape.length
  return axes.every((axis) => node.shape[sampleAxis(axis, rank) ?? rank - 1] === 1)
}
