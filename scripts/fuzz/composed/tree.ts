/** A composed spec as a tree, from which both its text and its plain network are made. */
import { yamlText } from '../../../src/source/edits.ts'

/** The values of variables, parameters and counters by name. */
export type Values = ReadonlyMap<string, unknown>

/** A value as it is written, and what it is computed to. */
export interface Written {
  readonly text: unknown
  /** Whether the value must stay, because the checker repairs others by adding layers. */
  readonly isFixed?: boolean
  valueIn(values: Values): unknown
}

export function literal(value: unknown): Written {
  return { text: value, valueIn: () => value }
}

interface ItemBase {
  readonly name?: string
  readonly inputs?: readonly string[]
  readonly when?: Written
}

export interface Layer extends ItemBase {
  readonly kind: 'layer'
  readonly type: string
  readonly options: Readonly<Record<string, Written>>
}

export interface Call extends ItemBase {
  readonly kind: 'call'
  readonly block: Block
  readonly args: Readonly<Record<string, Written>>
  readonly trainable?: boolean
}

export interface Repeat extends ItemBase {
  readonly kind: 'repeat'
  readonly times?: Written
  readonly over?: Written
  readonly as?: string
  readonly items: readonly Item[]
}

/** Applies a layer or a call again. */
export interface Application extends ItemBase {
  readonly kind: 'apply'
  readonly layer: string
}

/** A layer that is the value of a parameter: `- $norm`. */
export interface Slot extends ItemBase {
  readonly kind: 'slot'
  readonly param: string
}

export type Item = Layer | Call | Repeat | Application | Slot

export interface Block {
  readonly name: string
  /** The parameters with their defaults. */
  readonly params: ReadonlyMap<string, Written | undefined>
  readonly inputs: readonly string[]
  readonly items: readonly Item[]
}

export interface ComposedSpec {
  readonly shape: readonly number[]
  readonly vars: ReadonlyMap<string, Written>
  readonly blocks: readonly Block[]
  readonly items: readonly Item[]
}

/** Prints the spec, an item of `layers` on each line. */
export function printComposed({ shape, vars, blocks, items }: ComposedSpec): string {
  const sections = [
    'name: composed\n',
    `input: ${yamlText({ shape })}\n`,
    vars.size > 0 ? `vars:\n${printEntries(vars)}` : '',
    blocks.length > 0 ? `blocks:\n${blocks.map(printBlock).join('')}` : '',
    `layers:\n${printItems(items, '  ')}`,
  ]
  return sections.join('')
}

/** Prints the variables from the last to the first, so that each refers to later ones. */
function printEntries(vars: ComposedSpec['vars']): string {
  return [...vars]
    .toReversed()
    .map(([name, { text }]) => `  ${name}: ${yamlText(text)}\n`)
    .join('')
}

function printBlock(block: Block): string {
  const { params, inputs } = blockText(block)
  return [
    `  ${block.name}:\n`,
    params === undefined ? '' : `    params: ${yamlText(params)}\n`,
    inputs === undefined ? '' : `    inputs: ${yamlText(inputs)}\n`,
    `    layers:\n${printItems(block.items, '      ')}`,
  ].join('')
}

/** What is written for a block in `blocks`. */
export function blockText({ params, inputs, items }: Block): {
  readonly params?: Readonly<Record<string, unknown>>
  readonly inputs?: readonly string[]
  readonly layers: readonly unknown[]
} {
  const written = [...params].map(([param, value]) => [param, value === undefined ? null : value.text] as const)
  return {
    ...(params.size > 0 && { params: Object.fromEntries(written) }),
    ...(inputs.length > 0 && { inputs }),
    layers: items.map(itemText),
  }
}

function printItems(items: readonly Item[], indent: string): string {
  return items.map((item) => `${indent}- ${yamlText(itemText(item))}\n`).join('')
}

/** What is written for an item of `layers`. */
export function itemText(item: Item): unknown {
  const { name, inputs, when } = item
  const common = {
    ...(name !== undefined && { name }),
    ...(inputs !== undefined && { inputs: inputs.length === 1 ? inputs[0] : inputs }),
    ...(when !== undefined && { if: when.text }),
  }
  switch (item.kind) {
    case 'slot':
      return `$${item.param}`
    case 'layer':
      return oneKey(item.type, { ...common, ...textsOf(item.options) })
    case 'apply':
      return oneKey('apply', { ...common, layer: item.layer })
    case 'call': {
      const frozen = item.trainable === undefined ? {} : { trainable: item.trainable }
      return oneKey(item.block.name, { ...common, ...frozen, ...textsOf(item.args) })
    }
    case 'repeat': {
      const { times, over, as } = item
      const count = { ...(times && { times: times.text }), ...(over && { over: over.text }) }
      return oneKey('repeat', {
        ...count,
        ...(as !== undefined && { as }),
        ...common,
        layers: item.items.map(itemText),
      })
    }
  }
}

/** A layer without options is a bare word. */
function oneKey(type: string, options: Readonly<Record<string, unknown>>): unknown {
  return Object.keys(options).length === 0 ? type : { [type]: options }
}

function textsOf(options: Readonly<Record<string, Written>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, { text }]) => [key, text]))
}
