/** Collects the layers of a network that is imported, with their shapes, by the definitions of the layers, and their weights. */
import { formatShape, type Shape } from '../../../language/dims.ts'
import { readChoice, resolveOptions, type ChoiceValue } from '../../../language/schema.ts'
import { layerDef } from '../../../parts/layers/table.ts'
import type { ImportedWeight } from '../importedNetwork.ts'
import { refuse } from './refusal.ts'

/** A layer that is not finished: operators after it may become options of it. */
export interface DraftLayer {
  type: string
  options: Options
  readonly inputs: readonly DraftLayer[]
  weights: readonly ImportedWeight[]
  readonly shape: Shape
  /** The parts of the name that the file gives it, from the outermost scope. */
  hint: readonly string[]
  /** The earlier layer whose weights it shares. */
  readonly applies?: DraftLayer
  /** Whether other nodes may apply it, so that it stays as it is. */
  isShared?: boolean
  /** What an addition directly after it becomes: its bias, its offset, or the offsets of its channels. */
  awaits?: 'bias' | 'offset' | 'beta'
  /** Whether a convolution over the channels alone may join it. */
  takesPoint?: boolean
  /** Whether it stands for one step of its input, to which layers are applied. */
  readonly isStep?: true
  /** Whether it skips the steps that a mask marks. */
  skipsSteps?: boolean
  /** Whether no output is below 0. */
  isPositive?: boolean
}

export type Options = Readonly<Record<string, unknown>>

export class DraftLayers {
  #layers: DraftLayer[] = []
  readonly #shared = new Map<string, DraftLayer>()

  get all(): readonly DraftLayer[] {
    return this.#layers
  }

  /** Adds the layers of a node. The last of them gets its name. */
  inNode<T>(hint: readonly string[], add: () => T): T {
    const before = this.#layers.length
    const found = add()
    const last = this.#layers.length > before ? this.#layers.at(-1) : undefined
    if (last) last.hint = hint
    return found
  }

  /**
   * Adds a layer. Leaves out the options that equal their defaults.
   *
   * @throws Refusal if the layer does not take these inputs or weights.
   */
  add(
    type: string,
    options: Options,
    inputs: readonly DraftLayer[],
    weights: readonly ImportedWeight[] = [],
  ): DraftLayer {
    const { schema, ...definition } = layerDef(type)
    const resolved = resolveOptions(schema, options)
    const shapes = inputs.map(({ shape }) => shape)
    const result = definition.shape(resolved, shapes)
    if (!result.ok) refuse(`the layer \`${type}\` does not take it: ${result.problem.message}`, result.problem.help)
    const wanted = definition.weights(resolved, shapes)
    const fits =
      wanted.length === weights.length &&
      wanted.every(({ shape }, index) => shape.join() === weights[index]!.shape.join())
    if (!fits) {
      const found = weights.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ')
      refuse(`its arrays ${found} do not fit an input of ${shapes.map(formatShape).join(' and ')}`)
    }
    return this.#keep({
      type,
      options: statedOptions(type, options),
      inputs,
      weights,
      shape: result.value,
      hint: [],
    })
  }

  /**
   * Adds a layer whose arrays other nodes take as well: where the same layer has the same arrays already, it is applied again.
   *
   * @param key The names of the arrays; undefined if no other node takes them.
   */
  addShared(
    key: string | undefined,
    type: string,
    options: Options,
    inputs: readonly DraftLayer[],
    weights: readonly ImportedWeight[],
  ): DraftLayer {
    if (key === undefined) return this.add(type, options, inputs, weights)
    const identity = JSON.stringify([key, type, options])
    const first = this.#shared.get(identity)
    if (first === undefined) {
      const layer = this.add(type, options, inputs, weights)
      layer.isShared = true
      this.#shared.set(identity, layer)
      return layer
    }
    const { schema, shape } = layerDef(type)
    const result = shape(
      resolveOptions(schema, first.options),
      inputs.map((input) => input.shape),
    )
    if (!result.ok) refuse(`the layer whose arrays it shares does not take it: ${result.problem.message}`)
    return this.#keep({
      type: 'apply',
      options: {},
      inputs,
      weights: [],
      shape: result.value,
      hint: [],
      applies: first,
      isShared: true,
    })
  }

  /** Adds a stand-in for one step of a sequence. It must not be part of the network in the end. */
  addStep(sequence: DraftLayer): DraftLayer {
    const shape = sequence.shape.slice(1)
    return this.#keep({
      type: 'timeDistributed',
      options: {},
      inputs: [sequence],
      weights: [],
      shape,
      hint: [],
      isStep: true,
    })
  }

  /** Drops the layers that no output depends on. */
  dropUnused(outputs: readonly DraftLayer[]): void {
    const needed = new Set<DraftLayer>()
    const waiting = [...outputs]
    for (let layer = waiting.pop(); layer; layer = waiting.pop()) {
      if (needed.has(layer)) continue
      needed.add(layer)
      waiting.push(...layer.inputs, ...(layer.applies ? [layer.applies] : []))
    }
    this.#layers = this.#layers.filter((layer) => needed.has(layer) || layer.inputs.length === 0)
  }

  #keep(layer: DraftLayer): DraftLayer {
    this.#layers.push(layer)
    return layer
  }
}

/** The options of a layer that differ from their defaults, also those of a layer nested in it. */
function statedOptions(type: string, options: Options): Options {
  const defaults = layerDef(type).schema.properties as Readonly<Record<string, { readonly default?: unknown }>>
  const stated = Object.entries(options).filter(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[key]?.default),
  )
  const nested = options['layer'] as ChoiceValue | undefined
  if (nested === undefined || typeof nested === 'string') return Object.fromEntries(stated)
  const inner = readChoice(nested)
  return { ...Object.fromEntries(stated), layer: { [inner.type]: statedOptions(inner.type, inner.options) } }
}

/** Whether a layer has an option for the function of its output, which states none so far. */
export function takesActivation({ type, options, isShared }: DraftLayer): boolean {
  if (isShared || options['activation'] !== undefined) return false
  const properties = layerDef(type).schema.properties as Readonly<Record<string, { readonly default?: unknown }>>
  return properties['activation']?.default === 'linear'
}
