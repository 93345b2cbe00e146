/** Collects the layers of an imported network, and checks each by its definition: options, output shape and weights. */
import { declaredShape, type Shape } from '../../language/dims.ts'
import { createNumbering, impliedInputName } from '../../language/layerNames.ts'
import type { Weight } from '../../language/layerDef.ts'
import { resolveOptions } from '../../language/schema.ts'
import { isInput, isLayerType, layerDef } from '../../parts/layers/table.ts'
import { validateSchema, type SchemaError } from '../../validation/generated/validateSchema.js'
import { unreadableModel, type ImportProblems } from './importError.ts'
import type { ImportedLayer } from './importedNetwork.ts'

export interface NewLayer {
  /** The name in the file, which becomes one that the language accepts and that no other layer has. */
  readonly name: string
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly inputs: readonly string[]
  readonly place: string
  readonly trainable?: boolean
}

/** Nested models may be applied any number of times, so that a small file can stand for a network without end. */
const mostLayers = 20_000

export class NetworkBuilder {
  readonly layers: ImportedLayer[] = []
  /** The weights of the layers that have some, by name. */
  readonly weights = new Map<string, readonly Weight[]>()
  readonly problems: ImportProblems
  private readonly shapes = new Map<string, Shape>()
  private readonly used = new Set<string>()
  private readonly taken = new Set<string>()
  private readonly numbered = createNumbering(this.taken)

  constructor(problems: ImportProblems) {
    this.problems = problems
  }

  /** The output shape of a layer; undefined if a problem leaves it unknown. */
  shapeOf(name: string): Shape | undefined {
    return this.shapes.get(name)
  }

  /** Keeps names of the file for the layers that have them there. */
  reserve(names: readonly string[]): void {
    for (const name of names) this.taken.add(acceptedName(name, ''))
  }

  /** Adds a layer, and returns its name. */
  add({ name, type, options, inputs, place, trainable = true }: NewLayer): string {
    const accepted = acceptedName(name, type)
    const given = this.used.has(accepted) ? this.numbered(accepted) : accepted
    this.used.add(given)
    this.taken.add(given)
    const shape = this.infer(given, { type, options, inputs, place })
    const isFrozen = !trainable && this.weights.has(given)
    this.push({ name: given, type, options, inputs, ...(isFrozen && { trainable: false }) }, shape)
    return given
  }

  /** Applies an earlier layer to other inputs, and returns the name of that application. */
  apply(first: ImportedLayer, inputs: readonly string[], place: string): string {
    const name = this.numbered(first.name)
    this.used.add(name)
    const shape = this.infer(undefined, { type: first.type, options: first.options, inputs, place })
    this.push({ name, type: 'apply', options: {}, inputs, applies: first.name }, shape)
    return name
  }

  private push(layer: ImportedLayer, shape: Shape | undefined): void {
    if (this.layers.length >= mostLayers) {
      throw unreadableModel(
        `The model has more than ${mostLayers.toLocaleString('en-US')} layers, the limit.`,
        'Check how often its nested models are applied.',
      )
    }
    this.layers.push(layer)
    if (shape !== undefined) this.shapes.set(layer.name, shape)
  }

  /** Infers the output shape, and notes the weights of a layer that is given a name. Reports what does not fit. */
  private infer(name: string | undefined, { type, options, inputs, place }: Omit<NewLayer, 'name'>): Shape | undefined {
    if (!isLayerType(type) || !this.hasValidOptions(type, options, place)) return undefined
    if (isInput(type)) return declaredShape(options['shape'] as readonly (number | null)[])
    const known = inputs.map((input) => this.shapes.get(input))
    const definition = layerDef(type)
    const { least, most } = definition.arity
    if (inputs.length < least || inputs.length > most) {
      this.problems.add(
        place,
        `\`${type}\` has ${inputs.length} inputs, but takes ${least === most ? least : `at least ${least}`}`,
      )
      return undefined
    }
    if (known.includes(undefined)) return undefined
    const shapes = known as readonly Shape[]
    const resolved = resolveOptions(definition.schema, options)
    const result = definition.shape(resolved, shapes)
    if (!result.ok) {
      this.problems.add(place, result.problem.message, result.problem.help)
      return undefined
    }
    const weights = definition.weights(resolved, shapes)
    if (name !== undefined && weights.length > 0) this.weights.set(name, weights)
    return result.value
  }

  /** Whether the schema of the language accepts the options. */
  private hasValidOptions(type: string, options: object, place: string): boolean {
    const isValid = validateSchema({ name: 'imported', layers: [{ [type]: options }] })
    if (isValid) return true
    const [error] = (validateSchema.errors ?? []).toSorted((a, b) => b.instancePath.length - a.instancePath.length)
    const option = error?.instancePath.split('/').slice(4).join('.') ?? ''
    this.problems.add(
      option === '' ? place : `${place}: ${option}`,
      `\`${type}\` does not accept it: ${describeError(error)}`,
    )
    return false
  }
}

function describeError(error: SchemaError | undefined): string {
  const { keyword = 'type', params = {} } = error ?? {}
  const limit = params['limit'] ?? params['allowedValues'] ?? params['type'] ?? params['missingProperty'] ?? ''
  return `${keyword} ${Array.isArray(limit) ? limit.join(', ') : String(limit)}`.trim()
}

/** A name that the language accepts: letters, digits, `_` and `-`, with a letter at the start. `input` is kept for inputs. */
function acceptedName(name: string, type: string): string {
  const letters = name.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replace(/^[^A-Za-z]+/, '')
  const isOfInput = letters === impliedInputName && !(isLayerType(type) && isInput(type))
  return letters === '' || isOfInput ? type : letters
}
