/** Prints `build_model` for Keras 3: a Sequential model for a chain of layers, otherwise the functional API. */
import type { CreatedLayer, Program, ProgramLayer } from '../../program/program.ts'
import type { StructureList } from '../../compose/structure.ts'
import { importedNames } from '../python/printImports.ts'
import { readLibrary } from '../python/pythonLibrary.ts'
import { createPythonNames } from '../python/pythonNames.ts'
import { foldNetwork, type FoldedNetwork } from './printFolded.ts'
import { dataOf, printLiteral, quotePython, type PythonValue } from '../python/printLiteral.ts'
import { formOfCall, layerCallOf, makesMask, printKerasLayer } from './kerasLayers.ts'

export interface NetworkPrinting {
  /** The layers of the network, in order. */
  readonly layers: readonly ProgramLayer[]
  /** The names of the layers in Keras. */
  readonly names: ReadonlyMap<string, string>
  /** The layers whose name is stated; Keras chooses the others. */
  readonly named: ReadonlySet<string>
  /** Layers that a script looks up by their names, which cannot be inside of a function. */
  readonly sought?: readonly string[]
  /** How the spec was written; without it, each layer is printed. */
  readonly structure?: StructureList | undefined
  /** Whether the weights are loaded, so that initializers and regularizers are left out. */
  readonly isTrained?: boolean
}

interface Printer extends NetworkPrinting {
  readonly variables: ReadonlyMap<string, string>
  /** The variables of layers that are applied more than once. */
  readonly shared: ReadonlyMap<string, string>
  /** Layers that a mask may reach. */
  readonly masked: ReadonlySet<string>
  readonly calls: ReadonlyMap<string, CreatedLayer['call']>
}

/** Names that variables of `build_model` would hide: imports, functions of the script, and those of an exported module. */
function hiddenNames(): string[] {
  return [...importedNames, ...readLibrary(['python', 'keras']).keys(), 'build_model', 'load_model', 'load_data']
}

export function printNetwork(program: Program, printing: NetworkPrinting): string {
  const printer = printerOf(printing)
  const folded = foldedNetwork(program, printing)
  const body = folded
    ? printFolded(program, printer, folded)
    : isSequential(program, printing)
      ? printChain(program, printer)
      : printGraph(program, printer)
  const learned =
    program.trainableParams === program.params ? '' : `, ${format(program.trainableParams)} of them trainable`
  return [
    ...(folded?.functions ?? []).flatMap((one) => [...one.split('\n'), '', '']),
    'def build_model() -> keras.Model:',
    `    """The untrained network: ${format(program.params)} parameters${learned}."""`,
    ...body,
  ].join('\n')
}

function format(count: number): string {
  return count.toLocaleString('en-US')
}

function printerOf(printing: NetworkPrinting): Printer {
  const { layers } = printing
  const variables = createPythonNames(hiddenNames())
  const calls = new Map(
    layers.flatMap((layer) => ('call' in layer ? [[layer.name, layerCallOf(layer.call)] as const] : [])),
  )
  const applied = new Set(layers.flatMap((layer) => ('applies' in layer ? [layer.applies] : [])))
  return {
    ...printing,
    variables: new Map(layers.map(({ name }) => [name, variables.allocate(name)])),
    shared: new Map([...applied].map((name) => [name, variables.allocate(`${name}_layer`)])),
    masked: findMasked(layers, calls),
    calls,
  }
}

/** Returns the names of the nodes that a mask may reach, and of the layers that they apply. */
export function findMasked(layers: readonly ProgramLayer[], calls: Printer['calls']): ReadonlySet<string> {
  const reached = new Set<string>()
  const masked = new Set<string>()
  for (const layer of layers) {
    const created = 'applies' in layer ? layer.applies : layer.name
    const isMasked = layer.inputs.some((input) => reached.has(input))
    if (isMasked) masked.add(created).add(layer.name)
    const call = calls.get(created)
    if (isMasked || (call !== undefined && makesMask(call))) reached.add(layer.name)
  }
  return masked
}

/** Whether each layer is applied only to the one before, and is a layer of Keras by itself. */
export function isSequential({ inputs, outputs }: Program, printing: NetworkPrinting): boolean {
  const { layers, masked, calls } = printerOf(printing)
  if (inputs.length !== 1 || outputs.length !== 1 || layers.length < 2 || masked.size > 0) return false
  return layers.every((layer, place) => {
    if (!('call' in layer) || !layer.isUsed || formOfCall(calls.get(layer.name)!).isNegated) return false
    return place === 0
      ? layer.name === inputs[0]
      : layer.inputs.length === 1 && layer.inputs[0] === layers[place - 1]!.name
  })
}

function printChain({ name }: Program, printer: Printer): string[] {
  const [input, ...others] = printer.layers
  return [
    `    model = keras.Sequential(name=${quotePython(name)})`,
    `    model.add(${printCreation(input!.name, printer)})`,
    ...others.map((layer) => `    model.add(${printCreation(layer.name, printer)})  # ${layer.shape}`),
    '    return model',
  ]
}

function printGraph(program: Program, printer: Printer): string[] {
  const list = (names: readonly string[]) => printList(names.map((name) => printer.variables.get(name)!))
  const lines = printer.layers.flatMap((layer) => printLayer(layer, printer))
  const { inputs, outputs, name } = program
  return [...lines, `return keras.Model(${list(inputs)}, ${list(outputs)}, name=${quotePython(name)})`].map(
    (line) => `    ${line}`,
  )
}

/** Prints the blocks of a network as functions. Returns undefined if no block is repeated, if masks may reach layers, or if the network is a chain. */
export function foldedNetwork(program: Program, printing: NetworkPrinting): FoldedNetwork | undefined {
  const printer = printerOf(printing)
  const { structure, layers, sought = [] } = printing
  if (structure === undefined || printer.masked.size > 0 || isSequential(program, printing)) return undefined
  const unnamed = { ...printer, named: new Set<string>() }
  const apply = (own: Printer) => (layer: ProgramLayer, given: readonly string[]) => {
    const isNegated = formOfCall(printer.calls.get(layer.name)!).isNegated === true
    const code = printCreation(layer.name, own)
    return isNegated ? `-${code}(-${printList(given)})` : `${code}(${printList(given)})`
  }
  const folded = foldNetwork(
    {
      layers,
      inputs: program.inputs,
      variableOf: (input) => printer.variables.get(input)!,
      codeOf: apply(unnamed),
      namedCodeOf: apply(printer),
    },
    structure,
  )
  // A script with logits or several outputs looks up their layers by name.
  const looksUpOutputs =
    program.script?.outputs.some(({ logits }) => logits !== undefined) === true || program.outputs.length > 1
  const needed = looksUpOutputs
    ? [...program.outputs, ...layers.filter(({ name }) => name.endsWith('_logits')).map(({ name }) => name)]
    : []
  return folded && [...needed, ...sought].every((name) => folded.direct.has(name)) ? folded : undefined
}

function printFolded(
  { inputs, outputs, name }: Program,
  printer: Printer,
  { lines, variables }: FoldedNetwork,
): string[] {
  const inputLines = inputs.map((input) => `${printer.variables.get(input)!} = ${printCreation(input, printer)}`)
  const inputNames = inputs.map((input) => printer.variables.get(input)!)
  const outputNames = outputs.map((output) => variables.get(output) ?? printer.variables.get(output)!)
  const end = `return keras.Model(${printList(inputNames)}, ${printList(outputNames)}, name=${quotePython(name)})`
  return [...inputLines, ...lines, end].map((line) => `    ${line}`)
}

function printLayer(layer: ProgramLayer, printer: Printer): string[] {
  const { name, inputs, shape, isUsed } = layer
  const { variables, shared, masked, calls } = printer
  const variable = variables.get(name)!
  const created = 'applies' in layer ? layer.applies : name
  const form = formOfCall(calls.get(created)!)
  if (form.isInput === true) return [`${variable} = ${printCreation(name, printer)}`]
  const given = inputs.map((input) => variables.get(input)!)
  const dropsMask = masked.has(name) && form.readsMask === true
  const argument = printList(dropsMask ? given.map((one) => `WithoutMask()(${one})`) : given)
  const printUse = (code: string) =>
    `${variable} = ${form.isNegated === true ? `-${code}(-${argument})` : `${code}(${argument})`}  # ${shape}`
  const sharedVariable = shared.get(created)
  if ('applies' in layer) return [printUse(sharedVariable!)]
  if (sharedVariable === undefined) return [printUse(printCreation(name, printer))]
  const creation = `${sharedVariable} = ${printCreation(name, printer)}`
  return isUsed ? [creation, printUse(sharedVariable)] : [creation]
}

/** Prints a list of variables, or a single variable without brackets. */
function printList(variables: readonly string[]): string {
  return variables.length === 1 ? variables[0]! : `[${variables.join(', ')}]`
}

/** Prints the call that creates a layer. */
function printCreation(name: string, { calls, names, named, masked, isTrained = false }: Printer): string {
  const call = calls.get(name)!
  const stated = named.has(name) ? names.get(name)! : undefined
  if (formOfCall(call).isInput !== true)
    return printKerasLayer(call, { name: stated, isMasked: masked.has(name), isTrained })
  const { shape } = dataOf(call.args[0]!) as { readonly shape: readonly PythonValue[] }
  return `keras.Input(shape=${shape.length === 0 ? '()' : printLiteral(shape)}${stated === undefined ? '' : `, name=${quotePython(stated)}`})`
}
