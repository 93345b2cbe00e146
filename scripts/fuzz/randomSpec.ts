/** Draws random specs: graphs of all layer types, most of them valid, some with one or two layers that do not fit. */
import type { TObject } from 'typebox'
import { declaredShape, formatShape, isKnown, productOf, toJsonShape, type Shape } from '../../src/language/dims.ts'
import { resolveOptions } from '../../src/language/schema.ts'
import { layerDef } from '../../src/parts/layers/table.ts'
import { yamlText } from '../../src/source/edits.ts'
import { drawnTypes, drawOptions } from './randomOptions.ts'
import { RandomSource } from './randomSource.ts'

type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface RandomSpec {
  readonly text: string
  /** The items of its `layers`. */
  readonly items: readonly Item[]
  /** The number of layers besides its inputs. */
  readonly layers: number
}

interface Tensor {
  readonly name: string
  readonly shape: Shape
}

/** A layer that may be applied again. */
interface Made {
  readonly name: string
  readonly inputs: readonly Shape[]
  readonly shape: Shape
}

/** An item of `layers`, without a shape if it does not fit. */
interface Drawn {
  readonly item: Item
  readonly shape?: Shape
  /** The input shapes of the layer, if the item creates one. */
  readonly takes?: readonly Shape[]
}

const mostLayers = 40
/** The maximum number of values in a tensor or in the weights of a layer; more would be slow. */
const mostValues = 1500
/** How often a layer that does not fit is thrown away for another. */
const patience = 12
const chanceOfMisfit = 0.02
const chanceOfExpectation = 0.1
const chanceOfSharing = 0.08

export function drawSpec(seed: number): RandomSpec {
  const random = new RandomSource(seed)
  const inputs = Array.from({ length: random.chance(0.7) ? 1 : random.integer(2, 3) }, (_item, index) => ({
    name: `input${index}`,
    sizes: drawSizes(random),
  }))
  const isImplied = inputs.length === 1 && random.chance(0.15)
  if (isImplied) inputs[0]!.name = 'input'
  const items: Item[] = isImplied ? [] : inputs.map(({ name, sizes }) => ({ input: { name, shape: sizes } }))
  const tensors: Tensor[] = inputs.map(({ name, sizes }) => ({ name, shape: declaredShape(sizes) }))
  // Small graphs find most mistakes; large ones find those that need many layers.
  const wanted = random.chance(0.8) ? random.integer(1, 10) : random.integer(1, mostLayers)
  const made: Made[] = []
  let layers = 0
  /** The input of a layer without `inputs`, if it fits. */
  let above = inputs.at(-1)!.name
  while (layers < wanted) {
    const name = `layer${layers}`
    const isShared = made.length > 0 && random.chance(chanceOfSharing)
    const drawn = isShared ? drawApplication(name, made, tensors, random) : drawLayer(name, above, tensors, random)
    above = name
    layers += 1
    items.push(drawn.item)
    if (drawn.shape) tensors.push({ name, shape: drawn.shape })
    if (drawn.shape && drawn.takes) made.push({ name, inputs: drawn.takes, shape: drawn.shape })
  }
  const fitting = tensors.slice(inputs.length).map(({ name }) => name)
  const head = isImplied ? `input: ${yamlText({ shape: inputs[0]!.sizes })}\n` : ''
  const outputs =
    fitting.length > 0 && random.chance(0.3) ? random.shuffled(fitting).slice(0, random.integer(1, 3)) : []
  const tail = outputs.length > 0 ? `outputs: ${yamlText(outputs)}\n` : ''
  return {
    text: `name: fuzz\n${head}layers:\n${items.map((item) => `  - ${yamlText(item)}\n`).join('')}${tail}`,
    items,
    layers,
  }
}

function drawSizes(random: RandomSource): (number | null)[] {
  return Array.from({ length: random.integer(1, 4) }, () => (random.chance(0.08) ? null : random.integer(1, 9)))
}

/** Draws a layer that follows some of `tensors`. Without a shape, it does not fit, and no layer may follow it. */
function drawLayer(name: string, above: string, tensors: readonly Tensor[], random: RandomSource): Drawn {
  for (let attempt = 0; ; attempt += 1) {
    const type = random.pick(drawnTypes)
    const inputs = drawInputs(type, tensors, random)
    const shapes = inputs.map(({ shape }) => shape)
    const options = drawOptions(type, shapes, random)
    const names = inputs.map((input) => input.name)
    const isNext = names.length === 1 && names[0] === above && random.chance(0.5)
    const given = isNext ? {} : { inputs: names.length === 1 && random.chance(0.5) ? names[0] : names }
    const shape = shapeOf(type, options, shapes)
    const expected = shape && random.chance(chanceOfExpectation) ? { expect: drawExpectation(shape, random) } : {}
    const item = { [type]: { name, ...given, ...options, ...expected } }
    if (shape !== undefined && isCheap(type, options, shapes, shape)) return { item, shape, takes: shapes }
    if (shape === undefined && (attempt > patience || random.chance(chanceOfMisfit))) return { item, takes: shapes }
  }
}

/** Applies a layer again, nearly always to inputs of the same shapes as the first time. */
function drawApplication(name: string, made: readonly Made[], tensors: readonly Tensor[], random: RandomSource): Drawn {
  const layer = random.pick(made)
  const isMisfit = random.chance(chanceOfMisfit)
  const inputs = layer.inputs.map((wanted) => {
    const alike = tensors.filter(({ shape }) => formatShape(shape) === formatShape(wanted))
    return random.pick(isMisfit ? tensors : alike)
  })
  const names = inputs.map((input) => input.name)
  const item = { apply: { name, layer: layer.name, inputs: names.length === 1 ? names[0] : names } }
  return isMisfit ? { item } : { item, shape: layer.shape }
}

/** Returns the shape, or sometimes a wrong one. */
function drawExpectation(shape: Shape, random: RandomSource): (number | null)[] {
  const right = toJsonShape(shape)
  if (random.chance(0.7)) return right
  const wrong = random.chance(0.5) ? right.slice(1) : right.with(0, random.integer(1, 9))
  return wrong.length > 0 ? wrong : [...right, 1]
}

function drawInputs(type: string, tensors: readonly Tensor[], random: RandomSource): Tensor[] {
  const latest = tensors.slice(-4)
  const first = random.pick(random.chance(0.7) ? latest : tensors)
  const { least, most } = layerDef(type).arity
  const count = random.chance(0.01) ? random.integer(1, 3) : random.integer(least, Math.min(most, least + 1))
  if (count === 1) return [first]
  // Merges need tensors of the same shape, or shapes that differ in one axis.
  const alike = tensors.filter(({ shape }) => shape.length === first.shape.length)
  const near = alike.filter(({ shape }) => shape.filter((size, axis) => size !== first.shape[axis]).length <= 1)
  const pool = random.chance(0.8) ? near : random.chance(0.5) ? alike : tensors
  return [first, ...Array.from({ length: count - 1 }, () => random.pick(pool))]
}

/** Returns the output shape of a layer; undefined if it does not fit its inputs. */
export function shapeOf(type: string, options: Record<string, unknown>, inputs: readonly Shape[]): Shape | undefined {
  const definition = layerDef(type)
  const { least, most } = definition.arity
  if (inputs.length < least || inputs.length > most) return undefined
  const result = definition.shape(resolveOptions(definition.schema as TObject, options) as never, inputs)
  return result.ok ? result.value : undefined
}

/** Whether the output and each weight of a layer have at most `most` values. */
export function isCheap(
  type: string,
  options: Record<string, unknown>,
  inputs: readonly Shape[],
  shape: Shape,
  most = mostValues,
): boolean {
  const definition = layerDef(type)
  const weights = definition.weights(resolveOptions(definition.schema as TObject, options) as never, inputs)
  const sizes = [shape, ...weights.map((weight) => weight.shape)].map(productOf)
  return shape.length <= 5 && sizes.every((size) => !isKnown(size) || size <= most)
}
