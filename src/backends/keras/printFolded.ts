/** Prints a network whose blocks are functions of a Keras script, and whose repeats are loops. */
import type { StructureList } from '../../compose/structure.ts'
import type { ProgramLayer } from '../../program/program.ts'
import { definitionsIn, type Definition } from '../python/blockDefinitions.ts'
import { loopParts, placeItems, spliceCalls } from '../python/blockCode.ts'
import { foldBlocks, type Body, type Item, type Template } from '../python/foldBlocks.ts'
import { importedNames } from '../python/printImports.ts'
import { createPythonNames } from '../python/pythonNames.ts'
import { readLibrary } from '../python/pythonLibrary.ts'
import { treeOf } from '../typescript/model/modelTree.ts'

type LayerBody = Body<ProgramLayer>

/** How layers are printed. */
export interface LayerPrinting {
  readonly layers: readonly ProgramLayer[]
  readonly inputs: readonly string[]
  /** The variables of the inputs. */
  readonly variableOf: (input: string) => string
  /** The code of a layer without a name, applied to variables. */
  readonly codeOf: (layer: ProgramLayer, variables: readonly string[]) => string
  /** The same with the name of the layer, if it has one. */
  readonly namedCodeOf: (layer: ProgramLayer, variables: readonly string[]) => string
}

export interface FoldedNetwork {
  readonly functions: readonly string[]
  /** The statements of `build_model`. */
  readonly lines: readonly string[]
  /** The variables of layers that end an item. */
  readonly variables: ReadonlyMap<string, string>
  /** The layers that are in no function. */
  readonly direct: ReadonlySet<string>
}

/** @returns Undefined if no block or repeat is used more than once. */
export function foldNetwork(printing: LayerPrinting, structure: StructureList): FoldedNetwork | undefined {
  const { layers, inputs } = printing
  const tree = treeOf(layers, structure)
  if (tree === undefined || layers.some((layer) => 'applies' in layer || !layer.isUsed)) return undefined
  const byName = new Map(layers.filter(({ name }) => !inputs.includes(name)).map((layer) => [layer.name, layer]))
  const root = foldBlocks<ProgramLayer>(
    {
      layerOf: (name) => byName.get(name),
      codeOf: (layer) =>
        withDefaults(
          printing.codeOf(
            layer,
            layer.inputs.map((_input, index) => placeholder(index)),
          ),
        ),
      inputsOf: (layer) => layer.inputs,
    },
    tree.root,
    inputs,
  )
  const definitions = root === undefined ? [] : definitionsIn(root, nameLiteral)
  if (root === undefined || definitions.length === 0) return undefined
  const printer = new FunctionPrinter(printing, definitions)
  const body = printer.splice(root)
  const { lines, variables } = printer.printBody(body, body.literals, [], inputs.map(printing.variableOf), true)
  const direct = new Set(body.items.flatMap((item) => (item.kind === 'layer' ? [item.layer.name] : [])))
  return { functions: definitions.map((one) => printer.printDefinition(one)), lines, variables, direct }
}

const placeholder = (index: number) => `input${'abcdefgh'[index] ?? index}`

/** States the strides of each convolution, which may differ between the uses of a block. */
function withDefaults(code: string): string {
  return code.replaceAll(
    /(layers\.(?:Separable)?Conv[123]D\(\d+, (?:\d+|\([^()]*\)))(?!, strides=)/g,
    (_all, start: string) => `${start}, strides=1`,
  )
}

function withoutDefaults(code: string): string {
  return code.replaceAll(/, strides=1(?=[,)])/g, '')
}

/** What a literal without a keyword is by its position. */
function nameLiteral({ texts }: Template, place: number): string {
  const [, args = ''] = /\(([^()]*)$/.exec(texts.slice(0, place + 1).join('0')) ?? []
  return ['filters', 'size'][args.split(',').length - 1] ?? 'size'
}

class FunctionPrinter {
  private readonly printing: LayerPrinting
  private readonly definitions: ReadonlyMap<string, Definition<ProgramLayer>>
  private readonly names: ReadonlyMap<string, string>

  constructor(printing: LayerPrinting, definitions: readonly Definition<ProgramLayer>[]) {
    this.printing = printing
    this.definitions = new Map(definitions.map((definition) => [definition.body.key, definition]))
    const taken = [...importedNames, ...readLibrary(['python', 'keras']).keys(), 'build_model', 'main', 'train', 'x']
    const names = createPythonNames(taken)
    this.names = new Map(definitions.map(({ body }) => [body.key, names.allocate(body.name)]))
  }

  splice(body: LayerBody): LayerBody {
    return spliceCalls(body, ({ key }) => this.definitions.has(key))
  }

  printDefinition({ body, uses, params, codes }: Definition<ProgramLayer>): string {
    const inputs =
      body.inputs === 1 ? ['inputs'] : Array.from({ length: body.inputs }, (_one, place) => `input_${place + 1}`)
    const all = uses.map((use) => this.splice(use))
    const { lines } = this.printBody(this.splice(body), codes, all, inputs, false)
    const typed = [
      ...inputs.map((input) => `${input}: keras.KerasTensor`),
      ...params.map(({ name, type }) => `${name}: ${type}`),
    ]
    const last = lines.at(-1)!
    const end = /^\w+ = /.test(last) ? [last.replace(/^\w+ = /, 'return ')] : [last, 'return x']
    return [
      `def ${this.names.get(body.key)!}(${typed.join(', ')}) -> keras.KerasTensor:`,
      `    """Block \`${body.name.replaceAll(/[^\w .-]/g, '_')}\`, used ${uses.length} times."""`,
      ...[...lines.slice(0, -1), ...end].map((line) => `    ${line}`),
    ].join('\n')
  }

  printBody(
    body: LayerBody,
    codes: readonly string[],
    uses: readonly LayerBody[],
    inputs: readonly string[],
    isNamed: boolean,
  ) {
    const names = createPythonNames([...inputs, ...importedNames, ...this.names.values(), 'x', 'i'])
    const variables: string[] = []
    const lines = placeItems(body, codes).flatMap(({ item, own, place }) => {
      const given = item.refs.map((ref) => (ref.kind === 'start' ? inputs[ref.index]! : variables[ref.index]!))
      const readers = body.items.flatMap(({ refs }, reader) =>
        refs.some((ref) => ref.kind === 'item' && ref.index === place) ? [reader] : [],
      )
      const isNext = readers.length === 1 && readers[0] === place + 1
      const variable = isNext ? 'x' : names.allocate(item.name)
      variables.push(variable)
      const shape = shapeOf(item, uses, place)
      const comment = shape === '' ? '' : `  # ${shape}`
      if (item.kind === 'loop') {
        const definition = this.definitions.get(item.bodies[0]!.key)!
        const { args, head } = loopParts(item, definition, own)
        return [
          ...(given[0] === 'x' ? [] : [`x = ${given[0]}`]),
          `${head}:`,
          `    x = ${this.names.get(definition.body.key)!}(${['x', ...args].join(', ')})`,
          ...(variable === 'x' ? [] : [`${variable} = x${comment}`]),
        ]
      }
      if (item.kind === 'call') {
        const { params } = this.definitions.get(item.body.key)!
        const args = params.map(({ place: at, name }) => `${name}=${own[at]!}`)
        return [`${variable} = ${this.names.get(item.body.key)!}(${[...given, ...args].join(', ')})${comment}`]
      }
      if (isNamed) return [`${variable} = ${this.printing.namedCodeOf(item.layer, given)}${comment}`]
      const code = item.template.texts.map((text, at) => `${text}${own[at] ?? ''}`).join('')
      const applied = withoutDefaults(code).replaceAll(
        /\binput([a-h])\b/g,
        (_all, letter: string) => given['abcdefgh'.indexOf(letter)]!,
      )
      return [`${variable} = ${applied}${comment}`]
    })
    return { lines, variables: new Map(body.items.map((item, place) => [outputOf(item).name, variables[place]!])) }
  }
}

/** The layer that an item ends with. */
function outputOf(item: Item<ProgramLayer>): ProgramLayer {
  if (item.kind === 'layer') return item.layer
  return outputOf((item.kind === 'call' ? item.body : item.bodies.at(-1)!).items.at(-1)!)
}

/** The output shape of an item, if it is the same in all uses. */
function shapeOf(item: Item<ProgramLayer>, uses: readonly LayerBody[], place: number): string {
  const all = uses.length === 0 ? [item] : uses.map(({ items }) => items[place]!)
  const shapes = new Set(all.map((one) => outputOf(one).shape))
  return shapes.size === 1 ? [...shapes][0]! : ''
}
