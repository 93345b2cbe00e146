/** Prints how a PyTorch script creates and loads its weights, which it sees with the axes of TensorFlow. */
import { readChoice, resolveOptions, type ChoiceValue, type PartDef } from '../../language/schema.ts'
import { initializers } from '../../language/initializers.ts'
import { layerDef } from '../../parts/layers/table.ts'
import { cellTable } from '../../parts/layers/recurrent.ts'
import { snakeCase } from '../python/printLiteral.ts'
import type { NetworkLayer } from './network.ts'
import { hasWeights } from './printModel.ts'

/** The modules of PyTorch whose kernels have their outputs and inputs first; PyTorch's transposed ones the inputs. */
const kernelModules = ['nn.Linear', 'nn.Conv1d', 'nn.Conv2d', 'nn.Conv3d', 'nn.ConvTranspose2d', 'nn.ConvTranspose3d']

export function weightedLayers(layers: readonly NetworkLayer[]): readonly NetworkLayer[] {
  return layers.filter((layer) => layer.applies === undefined && hasWeights(layer))
}

/** Prints `weights_of`, which knows the modules of the script. */
export function printWeightsOf(model: string): string {
  const used = kernelModules.filter((name) => model.includes(`${name}(`))
  const isGrouped = model.includes('groups=')
  const kinds = used.length === 1 ? used[0]! : `(${used.join(', ')})`
  return [
    'def weights_of(layer: nn.Module) -> list[torch.Tensor]:',
    '    """The weights of a layer with the axes of TensorFlow: a kernel is height x width x inputs x outputs."""',
    '    weights: list[torch.Tensor] = []',
    '    for module in layer.modules():',
    '        own = [*module.parameters(recurse=False), *module.buffers(recurse=False)]',
    ...(used.length === 0
      ? []
      : [
          `        if isinstance(module, ${kinds}):`,
          ...(isGrouped
            ? [
                '            if getattr(module, "groups", 1) > 1:',
                '                own[0] = own[0].unflatten(0, (module.groups, -1)).squeeze(2).transpose(0, 1)',
              ]
            : []),
          '            own[0] = own[0].movedim((0, 1), (-1, -2))',
        ]),
    '        weights += own',
    '    return weights',
  ].join('\n')
}

/** Prints `load_weights`. Layers whose names are not those of attributes are listed before it. */
export function printLoadWeights(
  attributes: ReadonlyMap<string, string>,
  quote: (text: string) => string,
): readonly string[] {
  const renamed = [...attributes]
    .map(([layer, attribute]) => [layer.replaceAll('/', '_'), attribute] as const)
    .filter(([layer, attribute]) => layer !== attribute)
  const entries = renamed.map(([layer, attribute]) => `${quote(attribute)}: ${quote(layer)}`)
  const key = renamed.length === 0 ? '{name}' : '{LAYER_NAMES.get(name, name)}'
  const load = [
    'def load_weights(model: nn.Module, path: Path) -> None:',
    '    """Loads a file with an array LAYER/INDEX for each weight, as `shapewright export` writes it."""',
    '    with torch.no_grad(), np.load(path) as arrays:',
    '        for name, layer in model.named_children():',
    '            for index, weight in enumerate(weights_of(layer)):',
    `                weight.copy_(torch.from_numpy(arrays[f"${key}/{index}"]))`,
  ].join('\n')
  return renamed.length === 0 ? [load] : [`LAYER_NAMES = {${entries.join(', ')}}`, load]
}

/** A weight of a layer with the call that initializes it; undefined if its module does that. */
interface Initialized {
  readonly name: string
  readonly statement: ((weight: string) => string) | undefined
}

/** Prints `initialize`; undefined if there are no weights, or the modules create all of them. */
export function printInitialize(
  layers: readonly NetworkLayer[],
  attributes: ReadonlyMap<string, string>,
  quote: (text: string) => string,
): string | undefined {
  const groups = new Map<string, { readonly weights: readonly Initialized[]; readonly layers: NetworkLayer[] }>()
  for (const layer of weightedLayers(layers)) {
    const weights = initializedWeights(layer)
    if (weights.every(({ statement }) => statement === undefined)) continue
    const key = weights.map(({ name, statement }) => statement?.(name) ?? name).join('\n')
    const group = groups.get(key) ?? { weights, layers: [] }
    group.layers.push(layer)
    groups.set(key, group)
  }
  if (groups.size === 0) return undefined
  const merged = mergeBiases([...groups.values()])
  const lines = merged.flatMap((group) => {
    const names = group.layers.map(({ name }) => quote(attributes.get(name)!))
    const only = names.length === 1 ? `model.get_submodule(${names[0]})` : undefined
    if (only !== undefined) return printGroup(group.weights, group.hasBiases, only, 4)
    const classes = classesOf(group.layers, layers)
    if (names.length <= 8 || classes === undefined) {
      const body = printGroup(group.weights, group.hasBiases, 'model.get_submodule(name)', 8)
      return [`    for name in (${names.join(', ')}):`, ...body]
    }
    const kinds = classes.length === 1 ? classes[0] : `(${classes.join(', ')})`
    const body = printGroup(group.weights, group.hasBiases, 'layer', 12)
    return ['    for layer in model.children():', `        if isinstance(layer, ${kinds}):`, ...body]
  })
  return [
    '@torch.no_grad()',
    'def initialize(model: nn.Module) -> None:',
    '    """Draws the weights as the spec says."""',
    ...lines,
  ].join('\n')
}

/** The classes of layers that no other layer with weights has; undefined if there are others. */
function classesOf(group: readonly NetworkLayer[], layers: readonly NetworkLayer[]): readonly string[] | undefined {
  const classOf = ({ stages }: NetworkLayer) =>
    /^[\w.]+/.exec(stages.find((stage) => stage.hasWeights)!.modules![0]!)![0]
  const classes = new Set(group.map(classOf))
  const others = weightedLayers(layers).filter((layer) => !group.includes(layer))
  return others.some((layer) => classes.has(classOf(layer))) ? undefined : [...classes]
}

interface Group {
  readonly weights: readonly Initialized[]
  readonly layers: readonly NetworkLayer[]
  /** Whether all weights but the first are biases of zeros, which not every layer has. */
  readonly hasBiases: boolean
}

/** Joins the groups of layers that differ only in having a bias, which is zero. */
function mergeBiases(groups: readonly Omit<Group, 'hasBiases'>[]): readonly Group[] {
  const joined = new Map<string, { weights: readonly Initialized[]; layers: NetworkLayer[]; hasBiases: boolean }>()
  for (const { weights, layers } of groups) {
    const [first, ...others] = weights
    const isSimple =
      first!.statement !== undefined && others.every(({ statement }) => statement?.('w') === 'nn.init.zeros_(w)')
    const key = isSimple ? first!.statement!('kernel') : `${joined.size}`
    const found = joined.get(key)
    if (found) {
      found.layers.push(...layers)
      if (weights.length > found.weights.length) found.weights = weights
      found.hasBiases = true
    } else joined.set(key, { weights, layers: [...layers], hasBiases: false })
  }
  return [...joined.values()]
}

function printGroup(weights: readonly Initialized[], hasBiases: boolean, layer: string, indent: number): string[] {
  const space = ' '.repeat(indent)
  if (hasBiases) {
    return [
      `${space}kernel, *biases = weights_of(${layer})`,
      `${space}${weights[0]!.statement!('kernel')}`,
      `${space}for bias in biases:`,
      `${space}    nn.init.zeros_(bias)`,
    ]
  }
  const names = weights.map(({ name, statement }) => (statement === undefined ? '_' : name))
  const target = names.length === 1 ? `(${names[0]},)` : names.join(', ')
  const statements = weights.flatMap(({ name, statement }) =>
    statement === undefined ? [] : statement(name).split('\n'),
  )
  return [`${space}${target} = weights_of(${layer})`, ...statements.map((line) => `${space}${line}`)]
}

function initializedWeights({ node, stages }: NetworkLayer): readonly Initialized[] {
  const isOwn = !stages.some(
    ({ modules = [], hasWeights: weighted }) =>
      weighted === true && kernelModules.some((name) => modules.some((module) => module.includes(`${name}(`))),
  )
  const seen = new Map<string, number>()
  return node.weights.map(({ name }) => {
    const base = name.split('/').at(-1)!
    const options = optionsOfWeight(node.layer.options, name)
    const option = Object.keys(options).find(
      (key) => key.endsWith('Initializer') && base.startsWith(key.slice(0, -'Initializer'.length)),
    )
    const value = (option === undefined ? undefined : options[option]) ?? 'glorotUniform'
    const count = seen.get(base) ?? 0
    seen.set(base, count + 1)
    const shown = snakeCase(count === 0 ? base : `${base}${count}`)
    const initial = option === undefined && base !== 'pointwiseKernel' ? undefined : (value as ChoiceValue)
    const statement = initial === undefined ? undefined : printInitializer(initial)
    const isConstructed = isOwn && statement?.('w') === constructed(base)
    const isForgetful = base === 'bias' && options['unitForgetBias'] === true
    if (isForgetful) return { name: shown, statement: (w) => `${statement!(w)}\n${w}.chunk(4)[1].fill_(1)` }
    return { name: shown, statement: isConstructed ? undefined : statement }
  })
}

/** What the modules of the library start with. */
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
  return resolveOptions((cellTable as Readonly<Record<string, PartDef>>)[cell]!.schema, stated)
}

/** The call that initializes a weight in place. */
function printInitializer(value: ChoiceValue): (weight: string) => string {
  const { type, options: stated } = readChoice(value)
  const { schema } = (initializers as Readonly<Record<string, PartDef>>)[type]!
  const options = resolveOptions(schema, stated) as Readonly<Record<string, number | string>>
  return (weight) => initializerForms[type]!(weight, options)
}

/** The initializers of the language in PyTorch. */
export const initializerForms: Readonly<
  Record<string, (weight: string, options: Readonly<Record<string, number | string>>) => string>
> = {
  zeros: (w) => `nn.init.zeros_(${w})`,
  ones: (w) => `nn.init.ones_(${w})`,
  constant: (w, { value }) => `nn.init.constant_(${w}, ${value})`,
  identity: (w, { gain }) => `${w}.copy_(${gain === 1 ? '' : `${gain} * `}torch.eye(len(${w})))`,
  randomUniform: (w, { minval, maxval }) => `nn.init.uniform_(${w}, ${minval}, ${maxval})`,
  randomNormal: (w, { mean, stddev }) => `nn.init.normal_(${w}, ${mean}, ${stddev})`,
  truncatedNormal: (w, { mean, stddev }) => `truncated_normal(${w}, ${mean}, ${stddev})`,
  varianceScaling: (w, { scale, mode, distribution }) =>
    `variance_scaling(${w}, ${scale}, "${snakeCase(String(mode))}", "${distribution === 'uniform' ? 'uniform' : 'normal'}")`,
  glorotUniform: (w) => `glorot_uniform(${w})`,
  glorotNormal: (w) => `glorot_normal(${w})`,
  heUniform: (w) => `he_uniform(${w})`,
  heNormal: (w) => `he_normal(${w})`,
  leCunUniform: (w) => `lecun_uniform(${w})`,
  leCunNormal: (w) => `lecun_normal(${w})`,
  orthogonal: (w, { gain }) => `orthogonal(${w}, ${gain})`,
}
