/** Prints a network whose blocks are functions and classes of a PyTorch script, and whose repeats are loops. */
import { definitionsIn, type Definition } from '../python/blockDefinitions.ts'
import { loopParts, placeItems, spliceCalls } from '../python/blockCode.ts'
import { type Body, type Item, type LoopItem, type Template } from '../python/foldBlocks.ts'
import { importedNames } from '../python/printImports.ts'
import { createPythonNames, pythonWords } from '../python/pythonNames.ts'
import { readLibrary } from '../python/pythonLibrary.ts'
import { moduleAttributes, reservedValues, scriptNames } from './reservedNames.ts'
import { stagesIn } from './layerCode.ts'
import { describeShape, type Network, type NetworkLayer } from './network.ts'

type LayerBody = Body<NetworkLayer>
type LayerItems = Item<NetworkLayer>

export interface PrintedBlocks {
  readonly definitions: readonly string[]
  readonly body: PrintedBody
  /** The parameters of `forward`. */
  readonly parameters: readonly string[]
  readonly paths: ReadonlyMap<string, string>
}

export type PrintedBody =
  | { readonly kind: 'chain'; readonly items: readonly (readonly [module: string, comment: string])[] }
  | {
      readonly kind: 'graph'
      readonly made: readonly string[]
      readonly forward: readonly string[]
      readonly variables: ReadonlyMap<string, string>
    }

/** @returns Undefined if no block or repeat is used more than once. */
export function printBlocks(root: LayerBody, network: Network): PrintedBlocks | undefined {
  const found = definitionsIn(root, nameLiteral)
  if (found.length === 0) return undefined
  const printer = new BlockPrinter(found)
  const definitions = found.map((definition) => printer.printDefinition(definition))
  const spliced = printer.splice(root)
  const names = createPythonNames(reservedValues)
  const [, ...others] = network.inputs
  const parameters = others.length === 0 ? ['inputs'] : network.inputs.map(({ name }) => names.allocate(name))
  const isChain = printer.isChain(spliced) && network.outputs.length === 1
  const body = isChain
    ? printer.printChain(spliced, spliced.literals, [])
    : printer.printGraph(spliced, spliced.literals, [], parameters)
  return { definitions, body, parameters, paths: printer.pathsOf(spliced, '', isChain) }
}

/** What a literal without a keyword is by its position. */
function nameLiteral({ texts }: Template, place: number): string {
  const before = texts.slice(0, place + 1).join('0')
  const [, callee = '', args = ''] = /(\w+)\(([^()]*)$/.exec(before) ?? []
  const position = args.split(',').length - 1
  const names = callee.startsWith('Conv')
    ? ['inputs', 'filters', 'size']
    : callee === 'Linear'
      ? ['inputs', 'units']
      : []
  return names[position] ?? (callee === 'BatchNorm' ? 'channels' : 'size')
}

/** The name of a block in a docstring. */
function printName({ name }: LayerBody): string {
  return name.replaceAll(/[^\w .-]/g, '_')
}

class BlockPrinter {
  private readonly definitions: ReadonlyMap<string, Definition<NetworkLayer>>
  private readonly names = new Map<string, string>()

  constructor(definitions: readonly Definition<NetworkLayer>[]) {
    this.definitions = new Map(definitions.map((definition) => [definition.body.key, definition]))
    const taken = new Set([
      ...importedNames,
      ...readLibrary(['python', 'pytorch']).keys(),
      ...pythonWords,
      ...scriptNames,
      'x',
    ])
    for (const { body } of definitions) {
      const snake = createPythonNames([]).allocate(body.name)
      const wanted = this.isChain(this.splice(body))
        ? snake
        : snake.replaceAll(/(?:^|_)([a-z])/g, (_all, letter: string) => letter.toUpperCase())
      let name = wanted
      for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`
      taken.add(name)
      this.names.set(body.key, name)
    }
  }

  splice(body: LayerBody): LayerBody {
    return spliceCalls(body, ({ key }) => this.definitions.has(key))
  }

  /** Whether each item takes what the one before it returns. */
  isChain({ items, inputs }: LayerBody): boolean {
    return (
      inputs === 1 &&
      items.every(({ refs }, place) => {
        const [only, ...others] = refs
        if (only === undefined || others.length > 0) return false
        return place === 0 ? only.kind === 'start' : only.kind === 'item' && only.index === place - 1
      })
    )
  }

  printDefinition({ body, uses, params, codes }: Definition<NetworkLayer>): string {
    const name = this.names.get(body.key)!
    const spliced = this.splice(body)
    const same = uses.map((use) => this.splice(use))
    const typed = params.map((param) => `${param.name}: ${param.type}`)
    if (this.isChain(spliced)) {
      const { items } = this.printChain(spliced, codes, same)
      return [
        `def ${name}(${typed.join(', ')}) -> nn.Sequential:`,
        `    """Block \`${printName(body)}\`, used ${uses.length} times."""`,
        '    return nn.Sequential(',
        ...items.map(([module, comment]) => `        ${module},${comment === '' ? '' : `  # ${comment}`}`),
        '    )',
      ].join('\n')
    }
    const inputs =
      body.inputs === 1 ? ['inputs'] : Array.from({ length: body.inputs }, (_one, place) => `input_${place + 1}`)
    const { made, forward } = this.printGraph(spliced, codes, same, inputs)
    return [
      `class ${name}(nn.Module):`,
      `    """Block \`${printName(body)}\`, used ${uses.length} times."""`,
      '',
      `    def __init__(self${typed.map((param) => `, ${param}`).join('')}) -> None:`,
      '        super().__init__()',
      ...made.map((line) => `        ${line}`),
      '',
      `    def forward(self, ${inputs.map((input) => `${input}: torch.Tensor`).join(', ')}) -> torch.Tensor:`,
      ...forward.slice(0, -1).map((line) => `        ${line}`),
      `        ${forward.at(-1)!.replace(/^\w+ = /, 'return ')}`,
    ].join('\n')
  }

  printChain(body: LayerBody, codes: readonly string[], uses: readonly LayerBody[]): PrintedBody & { kind: 'chain' } {
    const items = placeItems(body, codes).flatMap(({ item, own, place }): (readonly [string, string])[] => {
      const comment = shapeOf(item, uses, place)
      if (item.kind !== 'layer') return [[this.printModule(item, own), comment]]
      const modules = stagesIn(item.template, own).flatMap(({ modules: all }) => all)
      return modules.map((module, index) => [module, index === modules.length - 1 ? comment : ''] as const)
    })
    return { kind: 'chain', items }
  }

  printGraph(
    body: LayerBody,
    codes: readonly string[],
    uses: readonly LayerBody[],
    inputs: readonly string[],
  ): PrintedBody & { kind: 'graph' } {
    const made: string[] = []
    const attributes = this.attributesOf(body)
    const names = createPythonNames([...inputs, ...reservedValues])
    const readers = body.items.map((_item, index) =>
      body.items.flatMap(({ refs }, reader) =>
        refs.some((ref) => ref.kind === 'item' && ref.index === index) ? [reader] : [],
      ),
    )
    const variables: string[] = []
    const forward = placeItems(body, codes).flatMap(({ item, own, place }) => {
      const given = item.refs.map((ref) => (ref.kind === 'start' ? inputs[ref.index]! : variables[ref.index]!))
      const isNext = readers[place]!.length === 1 && readers[place]![0] === place + 1
      const variable = isNext ? 'x' : names.allocate(item.name)
      variables.push(variable)
      const value = this.valueOf(item, own, given, attributes[place]!, made)
      const comment = shapeOf(item, uses, place)
      return value === variable ? [] : [`${variable} = ${value}${comment === '' ? '' : `  # ${comment}`}`]
    })
    const results = body.items.map((item, place) => [outputOf(item), variables[place]!] as const)
    return { kind: 'graph', made, forward, variables: new Map(results) }
  }

  private valueOf(
    item: LayerItems,
    own: readonly string[],
    given: readonly string[],
    attributes: readonly string[],
    made: string[],
  ): string {
    if (item.kind !== 'layer') {
      made.push(`self.${attributes[0]} = ${this.printModule(item, own)}`)
      return `self.${attributes[0]}(${given.join(', ')})`
    }
    const converted = given.map((value, index) => {
      const conversion = item.layer.conversions[index]
      return conversion === undefined || given.length === 1 ? value : conversion.call!(value)
    })
    let values = converted
    for (const [index, { modules, expression }] of stagesIn(item.template, own).entries()) {
      if (expression === '') {
        made.push(
          `self.${attributes[index]} = ${modules.length === 1 ? modules[0] : `nn.Sequential(${modules.join(', ')})`}`,
        )
        values = [`self.${attributes[index]}(${values.join(', ')})`]
      } else {
        const current = values
        values = [
          expression.replaceAll(/\binput([a-h])\b/g, (_all, letter: string) => current['abcdefgh'.indexOf(letter)]!),
        ]
      }
    }
    return values[0]!
  }

  /** The attributes of each item: one for each stage of a layer. */
  private attributesOf(body: LayerBody): readonly (readonly string[])[] {
    const names = createPythonNames(moduleAttributes)
    return body.items.map((item) => {
      if (item.kind !== 'layer') return [names.allocate(item.name)]
      return stagesIn(item.template, item.template.literals).map(({ expression }) =>
        expression === '' ? names.allocate(item.name) : '',
      )
    })
  }

  /** The expression that creates the module of a call or a loop. */
  private printModule(item: Exclude<LayerItems, { kind: 'layer' }>, own: readonly string[]): string {
    if (item.kind === 'call') {
      const { params, body } = this.definitions.get(item.body.key)!
      return `${this.names.get(body.key)!}(${params.map(({ place, name }) => `${name}=${own[place]!}`).join(', ')})`
    }
    return this.printLoop(item, own)
  }

  private printLoop(item: LoopItem<NetworkLayer>, own: readonly string[]): string {
    const definition = this.definitions.get(item.bodies[0]!.key)!
    const { args, head } = loopParts(item, definition, own)
    return `nn.Sequential(*(${this.names.get(definition.body.key)!}(${args.join(', ')}) ${head}))`
  }

  /** The modules of the layers with weights, by the names of the layers in the spec. */
  pathsOf(body: LayerBody, prefix: string, isChain: boolean): ReadonlyMap<string, string> {
    const paths = new Map<string, string>()
    const attributes = this.attributesOf(body)
    let place = 0
    for (const [index, item] of body.items.entries()) {
      if (item.kind === 'layer') {
        for (const [stage, { modules }] of stagesIn(item.template, item.template.literals).entries()) {
          const own = item.layer.conversions.length === 1 && item.layer.conversions[0] !== undefined ? stage - 1 : stage
          const path = isChain ? String(place) : attributes[index]![stage]!
          if (item.layer.stages[own]?.state !== undefined) paths.set(item.layer.name, `${prefix}${path}`)
          place += modules.length
        }
        continue
      }
      const path = `${prefix}${isChain ? place : attributes[index]![0]!}.`
      place += 1
      const inner = item.kind === 'call' ? [item.body] : item.bodies
      for (const [number, one] of inner.entries()) {
        const spliced = this.splice(one)
        const start = item.kind === 'call' ? path : `${path}${number}.`
        for (const [name, found] of this.pathsOf(spliced, start, this.isChain(spliced))) paths.set(name, found)
      }
    }
    return paths
  }
}

/** The output shape of an item, if it is the same in all uses. */
function shapeOf(item: LayerItems, uses: readonly LayerBody[], place: number): string {
  const all = uses.length === 0 ? [item] : uses.map(({ items }) => items[place]!)
  const shapes = new Set(all.map((one) => describeItem(one)))
  return shapes.size === 1 ? [...shapes][0]! : ''
}

/** The name of the layer that an item ends with. */
function outputOf(item: LayerItems): string {
  if (item.kind === 'layer') return item.layer.name
  return outputOf((item.kind === 'call' ? item.body : item.bodies.at(-1)!).items.at(-1)!)
}

function describeItem(item: LayerItems): string {
  if (item.kind === 'layer') return describeShape(item.layer.node.shape, item.layer.layout)
  const last = item.kind === 'call' ? item.body : item.bodies.at(-1)!
  return describeItem(last.items.at(-1)!)
}
