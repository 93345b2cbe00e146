/** Whether training would change anything. */
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
          message: 'the losses of all outputs count 0: training changes nothing',
          atKey: true,
          help: 'give those that matter a weight above 0',
        },
      ]
    }
    if (shaped.nodes.some(({ trainableParams }) => trainableParams > 0)) return []
    const message = 'no layer has weights that training changes'
    return [{ path: ['layers'], message, atKey: true, help: 'add a layer with weights, such as `dense`' }]
  },
})

function countsNoLoss(spec: Spec, { outputs }: ShapedGraph): boolean {
  const objectives = objectivesOf(spec, outputs)
  return objectives.length > 0 && objectives.every(({ weight }) => weight === 0)
}
