/** Lowers an output for a compiled script: its loss and its metrics, as expressions of a batch's labels and predictions. */
import type { OutputObjective } from '../graph/objectives.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { scriptCallsTo } from '../language/calls.ts'
import { express, reference, type Expression } from '../language/expression.ts'
import { given, tfCall } from '../language/lowerOptions.ts'
import { lookUp } from '../language/schema.ts'
import {
  acrossUnits,
  type ProbabilityActivation,
  type ScriptCounts,
  type ScriptOutput,
  type ScriptValue,
} from '../language/scriptForms.ts'
import { layerDef } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { activationOf } from '../rules/activationOf.ts'

const weightCall = scriptCallsTo<typeof import('../script/classWeights.ts')>()

/** An output with its loss and metrics: scalars computed from the variables `labels` and `predictions`, which are logits if `logits` is set. */
export interface ScriptedOutput {
  readonly name: string
  readonly weight: number
  /** The activation that training omits, since the loss is computed from logits. */
  readonly logits?: ProbabilityActivation
  /** Whether the activation is an option of the output's layer instead of a layer of its own. */
  readonly isOption: boolean
  readonly loss: Expression
  readonly metrics: readonly ScriptedMetric[]
}

export interface ScriptedMetric {
  readonly name: string
  readonly value: Expression
  /** Whether the value is a record of counts over the batch, not a mean over its samples. */
  readonly isCounted: boolean
}

export type Need = <Form>(form: Form | undefined, part: string) => Form | undefined

/** The facts that determine the form of all losses and metrics. */
interface OutputForms {
  readonly need: Need
  /** Whether the loss weights samples by class. */
  readonly isWeighted: boolean
  /** Whether labels are rows with the fraction of each class. */
  readonly hasRows: boolean
}

export function lowerOutput(
  { output: name, loss, weight, metrics }: OutputObjective,
  node: ShapedNode,
  { need, isWeighted, hasRows }: OutputForms,
): ScriptedOutput {
  const lossDef = lookUp(lossTable, loss.type)
  const units = Number(node.shape.at(-1))
  const activation = finalActivation(node)
  const logits = lossDef.ofLogits?.(loss.options).find((one) => one === activation && (units > 1 || !acrossUnits[one]))
  const labels = reference('labels')
  const whole = tfCall('reshape', labels, [-1, ...node.shape.map(Number)])
  const predictions = reference('predictions')
  const output: ScriptOutput = {
    labels,
    targets: hasRows ? labels : units === 1 ? whole : tfCall('oneHot', labels, units),
    predictions,
    units,
    hasRows,
  }
  const ofLogits = logits ? { ...output, logits } : output
  const ofProbabilities = logits ? { ...output, predictions: tfCall(logits, predictions) } : output
  const value = need(lossDef.script, `the loss ${loss.type}`)?.(
    given(lossDef.schema, loss.options),
    ofLogits,
    isWeighted,
  )
  return {
    name,
    weight,
    ...(logits && { logits }),
    isOption: layerDef(node.layer.type).role !== 'activation',
    loss: !value
      ? labels
      : isWeighted
        ? weightCall('weightedMean', value.value, labels, reference('classWeights'))
        : averaged(value),
    metrics: metrics.map(({ type, options }) => {
      const metric = lookUp(metricTable, type)
      const takesLogits =
        metric.takesLogits === true || lossTable[type]?.ofLogits?.(options).some((one) => one === logits)
      const form = need(metric.script, `the metric ${type}`)
      const measured = form?.(given(metric.schema, options), takesLogits === true ? ofLogits : ofProbabilities)
      return {
        name: type,
        value: measured ? measuredValue(measured) : labels,
        isCounted: measured !== undefined && 'counts' in measured,
      }
    }),
  }
}

function measuredValue(measured: ScriptValue | ScriptCounts): Expression {
  if (!('counts' in measured)) return averaged(measured)
  const { counts, sums, result } = measured
  return express({ counts, sums, result })
}

/** The activation that a layer applies last; without it, the layer returns logits. */
function finalActivation({ layer, applies, shape, ...node }: ShapedNode): string | undefined {
  // Recurrent layers apply their activation inside each step.
  if (applies !== undefined || 'recurrentInitializer' in layer.options) return undefined
  const found = activationOf({ layer, shape, ...node })
  return found?.activation
}

function averaged({ value, isMean }: ScriptValue): Expression {
  return isMean ? value : tfCall('mean', value)
}
