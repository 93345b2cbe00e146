/** Follows masks through the layers of an imported network, as TensorFlow.js does. */
import type { MaskUse } from '../../../language/layerDef.ts'
import { resolveOptions } from '../../../language/schema.ts'
import { layerDef } from '../../../parts/layers/table.ts'
import type { DraftLayer } from './draftLayers.ts'

/** Finds the layers whose masks the output of a layer has, where `makes` says which layers make one. */
export function maskMakers(layer: DraftLayer, makes: (one: DraftLayer) => boolean): ReadonlySet<DraftLayer> {
  const makers = new Set<DraftLayer>()
  const seen = new Set([layer])
  for (const one of seen) {
    if (makes(one)) makers.add(one)
    else for (const input of passedInputs(one)) seen.add(input)
  }
  return makers
}

/** Whether a layer makes a mask of its input, if an option says so. */
export function canMakeMask({ type }: DraftLayer): boolean {
  return 'maskZero' in layerDef(type).schema.properties
}

/**
 * Finds the layers that would read a mask that the file does not have, or lack one that it has. A layer that throws on masks
 * becomes the activation that computes the same, if there is one.
 */
export function findMisreadMasks(layers: readonly DraftLayer[]): readonly DraftLayer[] {
  const masked = new Set<DraftLayer>()
  return layers.filter((layer) => {
    const isMasked = layer.inputs.some((input) => masked.has(input))
    const { activationInstead } = maskUseOf(layer)
    if (isMasked && activationInstead !== undefined && Object.keys(layer.options).length === 0) {
      layer.type = 'activation'
      layer.options = { activation: activationInstead }
    }
    const uses = maskUseOf(layer)
    if (uses.makes === true || passedInputs(layer).some((input) => masked.has(input))) masked.add(layer)
    const isRead = uses.reads !== undefined && isMasked
    return isRead !== (layer.skipsSteps === true)
  })
}

/** The inputs whose masks a layer passes on. Sums and the like drop them. */
function passedInputs(layer: DraftLayer): readonly DraftLayer[] {
  const { passes, joins } = maskUseOf(layer)
  return passes === true || joins === 'along the axis' ? layer.inputs : []
}

export function maskUseOf({ applies, ...layer }: DraftLayer): MaskUse {
  const { type, options, isStep } = applies ?? layer
  if (isStep) return {}
  const { schema, masks } = layerDef(type)
  return masks?.(resolveOptions(schema, options)) ?? {}
}
