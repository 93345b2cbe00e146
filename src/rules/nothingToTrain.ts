/** Checks that there are weights to train and a loss that counts. */
import type { Spec } from '../validation/spec.ts'
import { objectivesOf } from '../graph/objectives.ts'
import type { ShapedGraph } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'

export const nothingToTrain = defineRule({
  codes: ['meaning/nothing-to-train'],
  check({ spec, shaped }) {
    if (!shaped.complete || spec.loss === undefined) return []
    if (countsNoLoss(spec, shaped)) {
      return [
        {
          path: ['lossWeights'],
          message: 'the loss weight of every output is 0, so nothing would be trained',
          atKey: true,
          help: 'use a positive weight for the outputs that count',
        },
      ]
    }
    if (shaped.nodes.some(({ trainableParams }) => trainableParams > 0)) return []
    const message = 'the network has no trainable weights'
    return [
      {
        path: ['layers'],
        message,
        atKey: true,
        help: 'add a layer with weights, such as `dense`, or remove `trainable: false`',
      },
    ]
  },
})

function countsNoLoss(spec: Spec, { outputs }: ShapedGraph): boolean {
  const objectives = objectivesOf(spec, outputs)
  return objectives.length > 0 && objectives.every(({ weight }) => weight === 0)
}
