/** The facts of a trial that are known before it is trained. */
import { isFullyKnown, productOf } from '../language/dims.ts'
import { costOf, hasUnknownSize } from '../graph/cost.ts'
import { sum, type ShapedGraph } from '../graph/shapes.ts'
import type { Spec } from '../validation/spec.ts'
import type { TrialFacts } from './trial.ts'

export const noFacts: TrialFacts = {
  params: null,
  trainableParams: null,
  flops: null,
  memory: null,
  layers: null,
  outputSize: null,
}

/** Returns what `summary` shows of the network. A network with mistakes has no facts. */
export function factsOfTrial(spec: Spec, shaped: ShapedGraph): TrialFacts {
  if (!shaped.complete) return noFacts
  const { params, trainableParams, flops, stepBytes } = costOf(spec, shaped)
  const isSized = !shaped.nodes.some(hasUnknownSize)
  const outputs = shaped.nodes.filter(({ name }) => shaped.outputs.includes(name))
  const sizes = outputs.map(({ shape }) => (isFullyKnown(shape) ? (productOf(shape) as number) : Number.NaN))
  const outputSize = sum(sizes)
  return {
    params,
    trainableParams,
    flops: isSized ? flops : null,
    memory: isSized ? stepBytes : null,
    layers: shaped.nodes.filter(({ implied }) => !implied).length,
    outputSize: Number.isNaN(outputSize) ? null : outputSize,
  }
}
