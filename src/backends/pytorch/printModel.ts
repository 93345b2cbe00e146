/** Prints a network as PyTorch: `nn.Sequential` for a chain of layers, otherwise a module with `forward`. */
import { printLambda } from './layers/table.ts'
import type { Stage } from './layers/form.ts'
import { moduleAttributes, reservedValues } from './reservedNames.ts'
import { describeShape, type Network, type NetworkLayer } from './network.ts'
import type { StructureList } from '../../compose/structure.ts'
import type { Program } from '../../program/program.ts'
import { foldBlocks } from '../python/foldBlocks.ts'
import { createPythonNames } from '../python/pythonNames.ts'
import { treeOf } from '../typescript/model/modelTree.ts'
import { codeOfLayer } from './layerCode.ts'
import { printBlocks, type PrintedBlocks } from './printBlocks.ts'
import { printInitialization, weightedLayers } from './printWeights.ts'

export interface PrintedModel {
  readonly lines: readonly string[]
  /** The expression that creates the model. */
  readonly create: string
  /** The modules of the layers with weights, by the names of the layers. */
  readonly paths: ReadonlyMap<string, string>
  /** Whether blocks are functions or classes, so that parameters have other names than in a network of single layers. */
  readonly isFolded: boolean
}

/** @param structure How the spec was written; without it, each layer is printed. */
export function printModel(network: Network, program: Program, structure?: StructureList): PrintedModel {
  const blocks = structure && foldNetwork(network, program, structure)
  if (blocks !== undefined) return printFolded(network, blocks)
  return isChain(network) ? printSequential(network) : printModule(network)
}

/** Folds blocks and repeats, in a network without masks and shared layers. */
function foldNetwork(network: Network, program: Program, structure: StructureList): PrintedBlocks | undefined {
  const { layers, inputs } = network
  if (layers.some(({ applies, isUsed, reads }) => applies !== undefined || !isUsed || reads.length > 0))
    return undefined
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const tree = treeOf(program.layers, structure)
  if (tree === undefined) return undefined
  const root = foldBlocks<NetworkLayer>(
    { layerOf: (name) => byName.get(name), codeOf: codeOfLayer, inputsOf: (layer) => layer.inputs },
    tree.root,
    inputs.map(({ name }) => name),
  )
  return root && printBlocks(root, network)
}

function printFolded(network: Network, { definitions, body, parameters, paths }: PrintedBlocks): PrintedModel {
  const before = definitions.flatMap((definition) => [...definition.split('\n'), '', ''])
  if (body.kind === 'chain') {
    const end = network.outputConversions[0]
    const items: (readonly [string, string])[] = [
      ...body.items,
      ...(end?.modules ?? []).map((one) => [one, ''] as const),
    ]
    const lines = printBuild(
      network,
      items.flatMap(([module, comment]) => withComment(`${module},`, 8, comment)),
      paths,
    )
    return { lines: [...before, ...lines], create: 'build_model()', paths, isFolded: true }
  }
  const returned = network.outputs.map((output, index) => {
    const variable = body.variables.get(output)!
    return network.outputConversions[index]?.call!(variable) ?? variable
  })
  const forward = [...body.forward, `return ${returned.join(', ')}`]
  const lines = printClass(network, { made: body.made, forward, parameters, paths })
  return { lines: [...before, ...lines], create: 'Model()', paths, isFolded: true }
}

/** Whether each layer takes the output of the one before it, so that no value needs a name. */
function isChain({ layers, inputs, outputs }: Network): boolean {
  const [input, ...more] = inputs
  if (more.length > 0 || outputs.length !== 1 || outputs[0] !== layers.at(-1)?.name) return false
  return layers.every(({ inputs: given, applies, isUsed, reads }, index) => {
    const before = index === 0 ? input!.name : layers[index - 1]!.name
    return isUsed && applies === undefined && reads.length === 0 && given.length === 1 && given[0] === before
  })
}

function printSequential(network: Network): PrintedModel {
  const paths = new Map<string, string>()
  let place = 0
  const items = network.layers.flatMap((layer, index) => {
    const end = index === network.layers.length - 1 ? network.outputConversions : []
    const stages = [...layer.conversions, ...layer.stages, ...end].filter((stage) => stage !== undefined)
    const modules = stages.flatMap((stage) => {
      if (stage.state !== undefined) paths.set(layer.name, String(place))
      const own = stage.modules ?? [printLambda(stage)]
      place += own.length
      return own
    })
    return modules.flatMap((module, at) =>
      withComment(`${module},`, 8, at === modules.length - 1 ? describeShape(layer.node.shape, layer.layout) : ''),
    )
  })
  return { lines: printBuild(network, items, paths), create: 'build_model()', paths, isFolded: false }
}

/** @param items The modules of the chain, with their commas and comments. */
function printBuild(network: Network, items: readonly string[], paths: ReadonlyMap<string, string>): readonly string[] {
  const [input] = network.inputs
  const initialization = printInitialization(network.layers, paths, 'model')
  const isDrawn = initialization.length > 0
  return [
    'def build_model() -> nn.Module:',
    `    """Takes ${describeShape(input!.node.shape, input!.layout)}. Comments give the shapes of outputs."""`,
    `    ${isDrawn ? 'model =' : 'return'} nn.Sequential(`,
    ...items,
    '    )',
    ...initialization.map((line) => `    ${line}`),
    ...(isDrawn ? ['    return model'] : []),
  ]
}

/** The class of a module in lower case: `nn.ZeroPad2d(…)` → `zeropad2d`. */
function kindOf(module: string): string {
  return /([A-Za-z0-9]+)\(/.exec(module)![1]!.toLowerCase()
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let number = 1; taken.has(name); number += 1) name = `${wanted}_${number}`
  taken.add(name)
  return name
}

/** Prints a line with a comment, which is above it if there is no space. */
function withComment(text: string, indent: number, comment: string): string[] {
  const line = `${' '.repeat(indent)}${text}`
  if (comment === '') return [line]
  if (line.length + comment.length + 4 <= 120) return [`${line}  # ${comment}`]
  return [`${' '.repeat(indent)}# ${comment}`, line]
}

/** Chooses a Python name for each layer. */
function nameLayers(
  layers: readonly { readonly name: string }[],
  taken: Iterable<string>,
): ReadonlyMap<string, string> {
  const names = createPythonNames(taken)
  return new Map(layers.map(({ name }) => [name, names.allocate(name)]))
}

function printModule(network: Network): PrintedModel {
  const owners = network.layers.filter(({ applies }) => applies === undefined)
  const names = nameLayers(owners, moduleAttributes)
  const paths = new Map(weightedLayers(network.layers).map(({ name }) => [name, names.get(name)!] as const))
  const taken = new Set([...moduleAttributes, ...names.values()])
  const made: string[] = []
  /** The attributes of the stages of each layer; undefined for a stage that is an expression. */
  const attributes = new Map<string, readonly (string | undefined)[]>()
  for (const layer of network.layers) {
    if (layer.applies !== undefined) continue
    const ofLayer = attributesOf(layer, names.get(layer.name)!, taken)
    attributes.set(layer.name, ofLayer)
    for (const [index, attribute] of ofLayer.entries()) {
      if (attribute === undefined) continue
      made.push(`self.${attribute} = ${joinModules(layer.stages[index]!)}`)
    }
  }
  const parameters = nameParameters(network)
  const forward = printForward(network, attributes, parameters)
  const lines = printClass(network, { made, forward, parameters, paths })
  return { lines, create: 'Model()', paths, isFolded: false }
}

interface ModelParts {
  /** Statements that create the modules. */
  readonly made: readonly string[]
  readonly forward: readonly string[]
  /** The parameters of `forward`. */
  readonly parameters: readonly string[]
  readonly paths: ReadonlyMap<string, string>
}

function printClass(network: Network, { made, forward, parameters, paths }: ModelParts): readonly string[] {
  const type =
    network.outputs.length === 1 ? 'torch.Tensor' : `tuple[${network.outputs.map(() => 'torch.Tensor').join(', ')}]`
  const shapes = network.inputs.map(({ node, layout }) => describeShape(node.shape, layout)).join(' and ')
  return [
    'class Model(nn.Module):',
    `    """Takes ${shapes}. Comments give the shapes of outputs."""`,
    '',
    '    def __init__(self) -> None:',
    '        super().__init__()',
    ...made.map((line) => `        ${line}`),
    ...printInitialization(network.layers, paths, 'self').map((line) => `        ${line}`),
    '',
    `    def forward(self, ${parameters.map((name) => `${name}: torch.Tensor`).join(', ')}) -> ${type}:`,
    ...forward.map((line) => `        ${line}`),
  ]
}

/** The parameters of `forward`: `x` for a single input, unless it is needed again after the first layer. */
function nameParameters({ inputs, layers }: Network): readonly string[] {
  const [only, ...more] = inputs
  const readers = layers.filter(({ inputs: given, isUsed }) => isUsed && given.includes(only!.name))
  const first = layers.find(({ isUsed }) => isUsed)
  if (more.length === 0) return [readers.length === 1 && readers[0] === first ? 'x' : 'inputs']
  return [...nameLayers(inputs, reservedValues).values()]
}

function joinModules({ modules = [] }: Stage): string {
  return modules.length === 1 ? modules[0]! : `nn.Sequential(${modules.join(', ')})`
}

function attributesOf(layer: NetworkLayer, name: string, taken: Set<string>): readonly (string | undefined)[] {
  const isOwn = ({ call, state }: Stage) => state !== undefined || call === undefined
  const weighted = layer.stages.findIndex(({ state }) => state !== undefined)
  const own = weighted < 0 ? layer.stages.findIndex(isOwn) : weighted
  return layer.stages.map((stage, index) => {
    if (!isOwn(stage)) return undefined
    return index === own ? name : freeName(`${name}_${kindOf(stage.modules![0]!)}`, taken)
  })
}

function printForward(
  network: Network,
  attributes: ReadonlyMap<string, readonly (string | undefined)[]>,
  parameters: readonly string[],
): string[] {
  const variables = new Map(network.inputs.map(({ name }, index) => [name, parameters[index]!]))
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]))
  const makers = new Map<string, string>()
  const read = new Set(network.layers.flatMap(({ reads }) => reads))
  const used = network.layers.filter(({ isUsed }) => isUsed)
  const names = nameLayers(used, [...parameters, ...reservedValues])
  const lines = used.flatMap((layer, index) => {
    const given = layer.inputs.map((input, place) => {
      const variable = variables.get(input)!
      return layer.conversions[place]?.call!(variable) ?? variable
    })
    const owner = byName.get(layer.applies ?? layer.name)!
    const before: string[] = []
    if (read.has(layer.name)) {
      const mask = read.size === 1 ? 'mask' : `${names.get(layer.name)!}_mask`
      makers.set(layer.name, mask)
      before.push(`${mask} = ${printMask(layer, given[0]!)}`)
    }
    const masks = layer.reads.map((maker) => makers.get(maker)!).join(' & ')
    let value = ''
    for (const [place, stage] of layer.stages.entries()) {
      const attribute = attributes.get(owner.name)![place]
      const taken = place === 0 ? given : [value]
      const mask = stage.takesMask && masks !== '' ? [masks] : []
      value = attribute === undefined ? stage.call!(...taken) : `self.${attribute}(${[...taken, ...mask].join(', ')})`
    }
    if (layer.stages.length === 0) value = given[0]!
    const isNext = isOnlyRead(layer, network, used[index + 1])
    const name = isNext ? 'x' : names.get(layer.name)!
    variables.set(layer.name, name)
    if (value === name) return before
    return [...before, ...withComment(`${name} = ${value}`, 0, describeShape(layer.node.shape, layer.layout))]
  })
  const results = network.outputs.map((output, index) => {
    const variable = variables.get(output)!
    return network.outputConversions[index]?.call!(variable) ?? variable
  })
  return [...lines, `return ${results.join(', ')}`]
}

function printMask({ node }: NetworkLayer, x: string): string {
  const { maskValue } = node.layer.options as { readonly maskValue?: number }
  return maskValue === undefined ? `${x} != 0` : `(${x} != ${maskValue}).any(-1)`
}

/** Whether the next layer is the only one that reads a value, so that it needs no name of its own. */
function isOnlyRead({ name }: NetworkLayer, { outputs, layers }: Network, next: NetworkLayer | undefined): boolean {
  const readers = layers.filter(({ inputs }) => inputs.includes(name))
  if (outputs.includes(name)) return readers.length === 0 && next === undefined && outputs.length === 1
  return readers.length === 1 && readers[0] === next
}
