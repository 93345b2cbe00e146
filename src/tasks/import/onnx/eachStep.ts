/**
 * Layers that are applied to each step of a sequence: a reshape joins the batch and the steps, and another one takes them
 * apart. In between, the layers take the output of a stand-in for one step.
 */
import { isKnown, type Dim } from '../../../language/dims.ts'
import type { DraftLayer, DraftLayers } from './draftLayers.ts'
import { refuse } from './refusal.ts'
import { arrange, outputOf, sizeAt, type Value } from './values.ts'

/** Returns one step of a sequence, if a target of `Reshape` joins the batch with the steps and keeps all other axes. */
export function joinSteps(layers: DraftLayers, value: Value, target: readonly number[]): Value | undefined {
  const sizes = sizesOf(value)
  const [steps, ...others] = sizes
  const isJoined = target[0] === -1 && others.length > 0 && target.slice(1).join() === others.join()
  if (!isJoined || value.axes[0] !== 0 || !isKnown(steps) || steps === 1 || value.flattened) return undefined
  const sequence = arrange(layers, value)
  return outputOf(layers.addStep(sequence))
}

/** Returns the sequence of all steps, if a target of `Reshape` takes them apart from the batch again. */
export function splitSteps(layers: DraftLayers, value: Value, target: readonly number[]): Value | undefined {
  const chain = chainOf(value.layer)
  if (chain === undefined) return undefined
  const [steps] = chain.step.inputs[0]!.shape
  const [batch, count, ...others] = target
  if (batch !== -1 || count !== steps || others.join() !== sizesOf(value).join()) return undefined
  const last = arrange(layers, value)
  const { step, applied } = chainOf(last)!
  return outputOf(applied.reduce((sequence, layer) => applyToSteps(layers, layer, sequence), step.inputs[0]!))
}

function sizesOf(value: Value): (Dim | undefined)[] {
  return value.axes.slice(1).map((_axis, index) => sizeAt(value, index + 1))
}

interface Chain {
  /** The stand-in for one step. */
  readonly step: DraftLayer
  /** The layers after it, in their order. */
  readonly applied: readonly DraftLayer[]
}

function chainOf(last: DraftLayer): Chain | undefined {
  const applied: DraftLayer[] = []
  for (let layer: DraftLayer | undefined = last; layer; [layer] = layer.inputs) {
    if (layer.isStep) return { step: layer, applied: applied.toReversed() }
    if (layer.inputs.length !== 1) return undefined
    applied.push(layer)
  }
  return undefined
}

function applyToSteps(layers: DraftLayers, layer: DraftLayer, sequence: DraftLayer): DraftLayer {
  const { type, options, weights, hint, isShared } = layer
  if (isShared) refuse('other nodes take the arrays of a layer that it applies to each step')
  const held = Object.keys(options).length === 0 ? type : { [type]: options }
  const added = layers.add('timeDistributed', { layer: held }, [sequence], weights)
  added.hint = hint
  return added
}
