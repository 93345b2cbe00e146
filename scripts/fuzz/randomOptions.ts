/** Draws random options of a layer from its JSON Schema, so that everything the language allows is tried. */
import { composeSchema, commonFields } from '../../src/validation/schema.ts'
import type { Shape } from '../../src/language/dims.ts'
import { layerTable } from '../../src/parts/layers/table.ts'
import type { RandomSource } from './randomSource.ts'

/** The part of JSON Schema that the language uses. */
interface Node {
  readonly $ref?: string
  readonly anyOf?: readonly Node[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly type?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly items?: Node
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

const definitions = (composeSchema() as unknown as { definitions: Readonly<Record<string, Node>> }).definitions

/** The maximum size minus the minimum; small, so that networks are cheap to build and to run. */
const spread = 5
const chanceOfOption = 0.25
const deepest = 3

/** Layer types to wrap in wrappers: nested wrappers are avoided, to keep graphs small. */
const plainHeld = ['dense', 'conv1d', 'flatten', 'simpleRNN', 'gru', 'lstm', 'dropout', 'layerNormalization', 'reshape']
const recurrent = ['simpleRNN', 'gru', 'lstm', 'convLstm2d']

export const drawnTypes: readonly string[] = Object.keys(layerTable).filter((type) => type !== 'input')

export function drawOptions(type: string, inputs: readonly Shape[], random: RandomSource): Record<string, unknown> {
  return { ...drawFields(definitions[`${type}Layer`]!, random, 0), ...fittingOptions(type, inputs, random) }
}

function drawFields(node: Node, random: RandomSource, depth: number): Record<string, unknown> {
  const drawn: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(node.properties ?? {})) {
    if (Object.hasOwn(commonFields, key) && key !== 'trainable') continue
    const isRequired = node.required?.includes(key) === true
    if (isRequired || random.chance(key === 'trainable' ? 0.05 : chanceOfOption))
      drawn[key] = draw(field, random, depth)
  }
  return drawn
}

function draw(node: Node, random: RandomSource, depth: number): unknown {
  if (node.$ref !== undefined) {
    const name = node.$ref.split('/').at(-1)!
    return name === 'layer' ? drawHeld(random, depth) : draw(definitions[name]!, random, depth)
  }
  if (node.anyOf) return draw(random.pick(node.anyOf), random, depth)
  if (node.enum) return random.pick(node.enum)
  if (node.const !== undefined) return node.const
  switch (node.type) {
    case 'boolean':
      return random.chance(0.5)
    case 'integer':
      return drawInteger(node, random)
    case 'number':
      return drawNumber(node, random)
    case 'array': {
      const least = node.minItems ?? 0
      const length = random.integer(least, Math.min(node.maxItems ?? least + 2, least + 3))
      return Array.from({ length }, () => draw(node.items!, random, depth))
    }
    case 'object': {
      const choices = Object.keys(node.properties ?? {})
      if (node.minProperties !== 1) return drawFields(node, random, depth)
      const key = random.pick(choices)
      return { [key]: draw(node.properties![key]!, random, depth) }
    }
    default:
      return null
  }
}

function drawInteger({ minimum, maximum }: Node, random: RandomSource): number {
  const least = minimum ?? -3
  // Most sizes are small, because large windows rarely fit.
  const most = random.chance(0.5) ? least + 2 : least + spread + 1
  return random.integer(least, Math.min(maximum ?? most, most))
}

function drawNumber(node: Node, random: RandomSource): number {
  const least = node.minimum ?? node.exclusiveMinimum ?? -1
  const most = node.maximum ?? node.exclusiveMaximum ?? least + 2
  return Math.round(1000 * (least + (most - least) * (random.integer(1, 19) / 20))) / 1000
}

function drawHeld(random: RandomSource, depth: number): unknown {
  const type = random.pick(depth < deepest ? [...plainHeld, ...recurrent, ...drawnTypes] : plainHeld)
  return { [type]: drawFields(definitions[`${type}Layer`]!, random, depth + 1) }
}

/** Returns options that fit the inputs, which pure chance would rarely draw. */
function fittingOptions(type: string, inputs: readonly Shape[], random: RandomSource): Record<string, unknown> {
  const shape = inputs[0] ?? []
  if (type === 'reshape' && random.chance(0.8)) return { targetShape: drawTarget(shape, random) }
  if (type === 'permute' && random.chance(0.8)) return { dims: random.shuffled(shape.map((_size, axis) => axis + 1)) }
  if (type === 'bidirectional' && random.chance(0.9)) {
    const held = random.pick(recurrent)
    return { layer: { [held]: drawFields(definitions[`${held}Layer`]!, random, 1) } }
  }
  return {}
}

/** Draws a shape of the same number of values, sometimes with an open size. */
function drawTarget(shape: Shape, random: RandomSource): number[] {
  let left = shape.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1)
  const target: number[] = []
  while (target.length < 3 && left > 1 && random.chance(0.7)) {
    const divisors = Array.from({ length: Math.min(left, 12) }, (_item, index) => index + 1).filter(
      (size) => left % size === 0,
    )
    const size = random.pick(divisors)
    target.push(size)
    left /= size
  }
  target.push(left)
  return random.chance(0.3) ? target.with(random.integer(0, target.length - 1), -1) : target
}
