/** The facts by which two specs or runs are compared: layers, settings and results, as plain data. */
import type { Analysis } from '../../analyze.ts'
import { costOf } from '../../graph/cost.ts'
import type { ShapedNode } from '../../graph/shapes.ts'
import { formatDim } from '../../language/dims.ts'
import { layerDef } from '../../parts/layers/table.ts'

export interface LayerFacts {
  readonly name: string
  /** Whether the spec gives the name; otherwise it is the type with a number. */
  readonly isNamed: boolean
  readonly type: string
  /** Options that are not the default, and `inputs` if the spec states them. */
  readonly options: Readonly<Record<string, unknown>>
  readonly shape: string
  readonly params: number
}

export interface ModelFacts {
  /** Its name on the command line. */
  readonly label: string
  readonly layers: readonly LayerFacts[]
  readonly params: number
  readonly flops: number
  /** Everything in the spec except its layers, with defaults, by path: `training.epochs`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The results of a run; empty for a spec. */
  readonly results: Readonly<Record<string, number>>
}

/**
 * @param resolved The spec with the changes of the command line, for a run.
 * @param results The results of a run.
 */
export function modelFacts(
  label: string,
  { spec, shaped }: Analysis,
  resolved: object = spec,
  results: Readonly<Record<string, number>> = {},
): ModelFacts {
  const { params, flops } = costOf(spec, shaped)
  const {
    file: _file,
    data: _place,
    command: _command,
    name: _name,
    layers: _layers,
    statesTraining: _states,
    // The facts follow from the choice of the dataset.
    facts: _facts,
    weightsFacts: _weightsFacts,
    ignore: _ignore,
    ...rest
  } = resolved as Record<string, unknown>
  const layers = shaped.nodes.filter(({ implied }) => !implied).map(layerFacts)
  return { label, layers, params, flops, settings: flatten(rest), results }
}

function layerFacts({ name, item, layer, shape, params, applies }: ShapedNode): LayerFacts {
  const fields = layerDef(layer.type).schema.properties as Record<string, { readonly default?: unknown } | undefined>
  const own = Object.entries(layer.options).filter(
    ([key, value]) => key !== 'name' && JSON.stringify(value) !== JSON.stringify(fields[key]?.default),
  )
  return {
    name,
    isNamed: item.name !== undefined,
    type: layer.type,
    options: {
      ...Object.fromEntries(own),
      ...(item.inputs && { inputs: item.inputs }),
      ...(applies !== undefined && { sharedWith: applies }),
      ...(!layer.trainable && { trainable: false }),
    },
    shape: shape.map(formatDim).join('x'),
    params,
  }
}

/** Returns values by path. The value of a part is its type; its options have paths below it. */
function flatten(value: Readonly<Record<string, unknown>>, path = ''): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const here = path === '' ? key : `${path}.${key}`
    if (isChoice(inner)) return [[here, inner.type], ...Object.entries(flatten(inner.options, here))]
    if (Array.isArray(inner)) return [[here, inner.map((item: unknown) => (isChoice(item) ? nameChoice(item) : item))]]
    if (inner !== null && typeof inner === 'object')
      return Object.entries(flatten(inner as Record<string, unknown>, here))
    return [[here, inner]]
  })
  return Object.fromEntries(entries)
}

interface ChoiceFacts {
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
}

function isChoice(value: unknown): value is ChoiceFacts {
  if (value === null || typeof value !== 'object') return false
  const { type, options } = value as Partial<ChoiceFacts>
  return typeof type === 'string' && options !== null && typeof options === 'object'
}

function nameChoice({ type, options }: ChoiceFacts): unknown {
  return Object.keys(options).length === 0 ? type : { [type]: options }
}
