/** Prints how a PyTorch script draws its initial weights. */
import { lookUp, readChoice, resolveOptions, type ChoiceValue, type PartDef } from '../../language/schema.ts'
import { initializers } from '../../language/initializers.ts'
import { layerDef } from '../../parts/layers/table.ts'
import { cellTable } from '../../parts/layers/recurrent.ts'
import { quotePython } from '../python/printLiteral.ts'
import type { Axes, StateEntry } from './layers/state.ts'
import type { NetworkLayer } from './network.ts'

export function weightedLayers(layers: readonly NetworkLayer[]): readonly NetworkLayer[] {
  return layers.filter((layer) => layer.applies === undefined && stateOfLayer(layer).length > 0)
}

export function stateOfLayer({ stages }: NetworkLayer): readonly StateEntry[] {
  return stages.flatMap(({ state = [] }) => state)
}

/** A module with the statement that initializes each of its parameters; undefined for what PyTorch creates so. */
interface Instance {
  readonly path: string
  readonly module: string
  readonly statements: ReadonlyMap<string, Initialize | undefined>
}

type Initialize = (weight: string) => string

/**
 * Prints statements that draw the weights of a module and of all modules in it.
 *
 * @param paths The modules of the layers, by the names of the layers.
 * @param model The expression of the module.
 */
export function printInitialization(
  layers: readonly NetworkLayer[],
  paths: ReadonlyMap<string, string>,
  model: string,
): readonly string[] {
  const instances = weightedLayers(layers).flatMap((layer) => instancesOf(layer, paths.get(layer.name)!))
  const simple = kernelsAndBiases(instances)
  if (simple !== undefined)
    return [
      `for weight in ${model}.parameters():`,
      `    ${simple('weight')} if weight.dim() > 1 else nn.init.zeros_(weight)`,
    ]
  const classes = groupBy(instances, ({ module }) => module)
  const uniform = groupBy(
    [...classes].filter(([module, own]) => isTyped(module) && areAlike(own)),
    ([, own]) => keyOf(statementsOf(own)),
  )
  const branches = [...uniform.values()].map(printClasses).filter((lines) => lines.length > 0)
  const loop = branches.flatMap((lines, index) =>
    lines.map((line, place) => (place === 0 && index > 0 ? `el${line}` : line)),
  )
  const others = [...classes].filter(([module, own]) => !isTyped(module) || !areAlike(own)).flatMap(([, own]) => own)
  return [
    ...(loop.length === 0 ? [] : [`for layer in ${model}.modules():`, ...loop.map((line) => `    ${line}`)]),
    ...printParameters(others, model),
  ]
}

/** How kernels are drawn, if all are drawn alike, and all other parameters are biases that start as zeros. */
function kernelsAndBiases(instances: readonly Instance[]): Initialize | undefined {
  const all = instances.flatMap(({ module, statements }) =>
    [...statements].map(([name, statement]) => ({ module, name, statement })),
  )
  const kernel = all[0]?.statement
  const isSimple = all.every(({ module, name, statement }) =>
    name === 'bias'
      ? statement?.('w') === 'nn.init.zeros_(w)'
      : name === 'weight' && hasOwnDraws.test(module) && statement?.('w') === kernel?.('w'),
  )
  return isSimple && kernel !== undefined && !kernel('w').includes('\n') ? kernel : undefined
}

function groupBy<T>(items: readonly T[], groupOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item])
  return groups
}

function instancesOf(layer: NetworkLayer, path: string): readonly Instance[] {
  const found = new Map<string, { module: string; statements: Map<string, Initialize | undefined> }>()
  for (const [index, { name, module, axes }] of stateOfLayer(layer).entries()) {
    const parts = `${path}.${name}`.split('.')
    const owner = parts.slice(0, -1).join('.')
    const instance = found.get(owner) ?? { module, statements: new Map<string, Initialize | undefined>() }
    instance.statements.set(parts.at(-1)!, initializeOf(layer, index, module, axes))
    found.set(owner, instance)
  }
  return [...found].map(([owner, instance]) => ({ path: owner, ...instance }))
}

/** The statements of all instances of a class. */
function statementsOf(instances: readonly Instance[]): ReadonlyMap<string, Initialize | undefined> {
  return new Map(instances.flatMap(({ statements }) => [...statements]))
}

function keyOf(statements: Instance['statements']): string {
  return [...statements].map(([name, statement]) => `${name} ${statement?.('w') ?? ''}`).join('\n')
}

/** Whether `mypy` knows the parameters of a class as attributes. */
function isTyped(module: string): boolean {
  return !/^nn\.(?:RNN|GRU|LSTM)$/.test(module)
}

/** Whether all instances draw each of their parameters in the same way. */
function areAlike(instances: readonly Instance[]): boolean {
  const all = statementsOf(instances)
  return instances.every(({ statements }) =>
    [...statements].every(([name, statement]) => statement?.('w') === all.get(name)?.('w')),
  )
}

/** Prints an `if` for the instances of some classes, which draw their parameters alike. */
function printClasses(classes: readonly (readonly [string, readonly Instance[]])[]): readonly string[] {
  const instances = classes.flatMap(([, own]) => own)
  const statements = [...statementsOf(instances)].filter(([, statement]) => statement !== undefined)
  if (statements.length === 0) return []
  const names = classes.map(([module]) => module)
  const lines = statements.flatMap(([name, statement]) => {
    const own = statement!(`layer.${name}`).split('\n')
    // `mypy` knows that PyTorch's modules may have no bias.
    const isOptional = name === 'bias' || instances.some((instance) => !instance.statements.has(name))
    return isOptional ? [`if layer.${name} is not None:`, ...own.map((line) => `    ${line}`)] : own
  })
  return [
    `if isinstance(layer, ${names.length === 1 ? names[0] : `(${names.join(', ')})`}):`,
    ...lines.map((line) => `    ${line}`),
  ]
}

/** Statements for single parameters: a loop over those that are drawn alike. */
function printParameters(instances: readonly Instance[], model: string): readonly string[] {
  const parameters = instances.flatMap(({ path, statements }) =>
    [...statements].flatMap(([name, statement]) =>
      statement === undefined
        ? []
        : [
            {
              name: quotePython(`${path}.${name}`),
              find: name.startsWith('running_') ? 'get_buffer' : 'get_parameter',
              statement,
            },
          ],
    ),
  )
  const groups = groupBy(parameters, ({ find, statement }) => statement(find))
  return [...groups.values()].flatMap((alike) => {
    const { name, find, statement } = alike[0]!
    if (alike.length === 1) return statement(`${model}.${find}(${name})`).split('\n')
    return [
      `for name in (${alike.map((one) => one.name).join(', ')}):`,
      ...statement(`${model}.${find}(name)`)
        .split('\n')
        .map((line) => `    ${line}`),
    ]
  })
}

function initializeOf({ node }: NetworkLayer, index: number, module: string, axes: Axes): Initialize | undefined {
  const { name, shape } = node.weights[index]!
  const base = name.split('/').at(-1)!
  const options = optionsOfWeight(node.layer.options, name)
  const option = Object.keys(options).find(
    (key) => key.endsWith('Initializer') && base.startsWith(key.slice(0, -'Initializer'.length)),
  )
  if (option === undefined && base !== 'pointwiseKernel') return undefined
  const value = (option === undefined ? undefined : options[option]) ?? 'glorotUniform'
  const initialize = printInitializer(value as ChoiceValue, axes, shape)
  const isForgetful = base === 'bias' && options['unitForgetBias'] === true
  if (isForgetful) return (w) => `${initialize(w)}\nnn.init.ones_(${w}.chunk(4)[1])`
  const isConstructed = !hasOwnDraws.test(module) && initialize('w') === constructed(base)
  return isConstructed ? undefined : initialize
}

/** The modules of PyTorch that draw their weights in another way. */
const hasOwnDraws = /^nn\.(?:Linear|Conv|RNN|GRU|LSTM)/

/** What the other modules start with. */
function constructed(weight: string): string {
  return weight === 'gamma' || weight === 'movingVariance' ? 'nn.init.ones_(w)' : 'nn.init.zeros_(w)'
}

/** The options that belong to a weight: those of a nested layer, or of a cell. */
export function optionsOfWeight(
  options: Readonly<Record<string, unknown>>,
  weight: string,
): Readonly<Record<string, unknown>> {
  if (options['layer'] !== undefined) {
    const held = readChoice(options['layer'] as ChoiceValue)
    return optionsOfWeight(resolveOptions(layerDef(held.type).schema, held.options), weight)
  }
  if (options['cell'] === undefined) return options
  const cells = [options['cell']].flat() as ChoiceValue[]
  const { type: cell, options: stated } = readChoice(cells[Number(/^cell(\d+)\//.exec(weight)?.[1] ?? 0)]!)
  return resolveOptions(lookUp<PartDef>(cellTable, cell).schema, stated)
}

/** The call that initializes a parameter in place. */
function printInitializer(value: ChoiceValue, axes: Axes, shape: readonly number[]): Initialize {
  const { type, options: stated } = readChoice(value)
  const { schema } = lookUp<PartDef>(initializers, type)
  const options = resolveOptions(schema, stated) as Stated
  return (weight) => lookUp(initializerForms, type)(weight, options, { axes, shape })
}

type Stated = Readonly<Record<string, number | string>>

/** The axes of a parameter, and the shape of the weight in TensorFlow. */
interface Place {
  readonly axes: Axes
  readonly shape: readonly number[]
}

/** Draws with a variance of scale / fan, where PyTorch's own function would count other inputs and outputs. */
function printScaled(w: string, { shape }: Place, scale: number, mode: string, isUniform: boolean): string {
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1)
  const [inputs, outputs] = shape.length < 2 ? [shape[0]!, shape[0]!] : [shape.at(-2)! * window, shape.at(-1)! * window]
  const fan = { fanIn: inputs, fanOut: outputs }[mode] ?? (inputs + outputs) / 2
  const variance = scale / fan
  if (!isUniform) return printTruncated(w, 0, Math.sqrt(variance))
  const limit = round(Math.sqrt(3 * variance))
  return `nn.init.uniform_(${w}, -${limit}, ${limit})`
}

function printTruncated(w: string, mean: number, stddev: number): string {
  return `nn.init.trunc_normal_(${w}, ${mean}, ${round(stddev)}, ${round(mean - 2 * stddev)}, ${round(mean + 2 * stddev)})`
}

const round = (value: number) => Number(value.toPrecision(6))

/** A kernel for whose inputs and outputs PyTorch's functions have the right numbers: `kernel`, if there is one output for each input. */
type Standard = (w: string, isByInput: boolean) => string

const standard =
  (print: Standard, scale: number, mode: string, isUniform: boolean): InitializerForm =>
  (w, _options, place) => {
    const isSingle = place.axes === 'grouped' && place.shape.at(-1) === 1
    if (place.axes === 'kernel' || isSingle) return print(w, !isSingle)
    return printScaled(w, place, scale, mode, isUniform)
  }

const xavier = (kind: 'uniform' | 'normal') =>
  standard((w) => `nn.init.xavier_${kind}_(${w})`, 1, 'fanAvg', kind === 'uniform')

/** Draws by the number of inputs. For a convolution with a group for each channel, it is what PyTorch counts as outputs. */
const kaiming = (kind: 'uniform' | 'normal', scale: number) =>
  standard(
    (w, isByInput) =>
      `nn.init.kaiming_${kind}_(${w}${isByInput ? '' : ', mode="fan_out"'}, nonlinearity="${scale === 2 ? 'relu' : 'linear'}")`,
    scale,
    'fanIn',
    kind === 'uniform',
  )

type InitializerForm = (weight: string, options: Stated, place: Place) => string

/** The initializers of the language in PyTorch. */
export const initializerForms: Readonly<Record<string, InitializerForm>> = {
  zeros: (w) => `nn.init.zeros_(${w})`,
  ones: (w) => `nn.init.ones_(${w})`,
  constant: (w, { value }) => `nn.init.constant_(${w}, ${value})`,
  identity: (w, { gain }) => `nn.init.eye_(${w})${gain === 1 ? '' : `\n${w}.data.mul_(${gain})`}`,
  randomUniform: (w, { minval, maxval }) => `nn.init.uniform_(${w}, ${minval}, ${maxval})`,
  randomNormal: (w, { mean, stddev }) => `nn.init.normal_(${w}, ${mean}, ${stddev})`,
  truncatedNormal: (w, { mean, stddev }) => printTruncated(w, Number(mean), Number(stddev)),
  varianceScaling: (w, { scale, mode, distribution }, place) =>
    printScaled(w, place, Number(scale), String(mode), distribution === 'uniform'),
  glorotUniform: xavier('uniform'),
  glorotNormal: xavier('normal'),
  heUniform: kaiming('uniform', 2),
  heNormal: kaiming('normal', 2),
  leCunUniform: kaiming('uniform', 1),
  leCunNormal: kaiming('normal', 1),
  orthogonal: (w, { gain }, { axes, shape }) =>
    axes === 'same' && shape.length > 2
      ? `orthogonal(${w}, ${gain})`
      : `nn.init.orthogonal_(${w}${gain === 1 ? '' : `, ${gain}`})`,
}
