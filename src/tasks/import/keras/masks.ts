/** Follows the masks of a Keras model, and reports where Keras skips steps that would not be skipped here. */
import { kerasForms } from '../../../backends/keras/kerasLayers.ts'
import { lookUp, resolveOptions, type Options } from '../../../language/schema.ts'
import { isLayerType, layerDef } from '../../../parts/layers/table.ts'
import type { ImportProblems } from '../importError.ts'

/** Operations that Keras 3 writes for the masks that layers make and join, such as `NotEqual(tokens, 0)`. */
const maskOperations = /^(not_?equal|any|logicalor|logicaland|expanddims|zeroslike|oneslike|concatenate|broadcastto)$/

export function makesMask(operation: string | undefined): boolean {
  return operation !== undefined && maskOperations.test(operation)
}

export interface MaskedLayer {
  readonly name: string
  readonly type: string
  readonly options: Options
  readonly inputs: readonly string[]
  readonly place: string
  /** Whether its class is one of a compiled script, which treats masks as TensorFlow.js does. */
  readonly isOurs: boolean
}

/** Roles of layers that pass a mask on in Keras, as activations do. */
const passingRoles: ReadonlySet<string | undefined> = new Set(['noise', 'normalization'])

export class KerasMasks {
  /** The layers whose outputs have a mask in Keras, and those that have it here. */
  private readonly inKeras = new Set<string>()
  private readonly here = new Set<string>()

  follow({ name, type, options, inputs, place, isOurs }: MaskedLayer, problems: ImportProblems): void {
    if (!isLayerType(type)) return
    const definition = layerDef(type)
    const uses = definition.masks?.(resolveOptions(definition.schema, options)) ?? {}
    const form = lookUp(kerasForms, type)
    const isMasked = this.isMasked(inputs)
    const isMaskedHere = inputs.some((input) => this.here.has(input))
    const isReadOnlyInKeras = form.readsMask === true && uses.joins === undefined
    // Keras gives zeros for a skipped step, TensorFlow.js the output of the step before.
    const fillsOtherwise = form.hasBackward === true && uses.passes === true && !isOurs
    const isReadElsewhere = uses.reads === 'steps' && !isMaskedHere
    if (isMasked && (isReadOnlyInKeras || fillsOtherwise || isReadElsewhere)) {
      const what = fillsOtherwise ? 'Keras gives zeros for masked steps here' : 'Keras skips masked steps here'
      problems.add(
        place,
        `${what}, which \`${type}\` does not do`,
        'Remove the mask that an earlier layer makes, or export the model to ONNX.',
      )
    }
    const isElementwise = definition.activation !== undefined || passingRoles.has(definition.role)
    const passes = isElementwise || uses.passes === true || uses.joins !== undefined
    if (uses.makes === true || (isMasked && passes)) this.inKeras.add(name)
    const isJoined = isOurs && uses.joins !== undefined
    if (uses.makes === true || (isMaskedHere && (uses.passes === true || isJoined))) this.here.add(name)
  }

  /** Whether Keras passes a mask of its own to a layer with these inputs. */
  isMasked(inputs: readonly string[]): boolean {
    return inputs.some((input) => this.inKeras.has(input))
  }
}
