/** The spec as plain data for the phases after validation, and how it is read from the document. */
import type { TObject } from 'typebox'
import { callbackTable } from '../parts/callbacks/table.ts'
import { augmentationTable } from '../parts/augmentations/table.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { toJsonPointer, type Path } from '../diagnostics/diagnostic.ts'
import { describeDataset, locateDataset, type DatasetFacts, type DatasetProbe } from '../language/datasetDef.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import {
  lookUp,
  readChoice,
  resolveOptions,
  type Choice,
  type ChoiceValue,
  type PartDef,
  type Resolved,
} from '../language/schema.ts'
import type { Patterns } from '../language/layerPattern.ts'
import { describeWeights, type WeightsFacts } from '../language/weightsFacts.ts'
import { isLayerType, layerDef } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { scheduleTable } from '../parts/schedules/table.ts'
import type { SourceDocument } from '../source/source.ts'
import { folderOf, isAbsolutePath, joinPaths } from '../system/paths.ts'
import { applySchema, applyType } from '../language/apply.ts'
import { mapsOutputs, withoutNotes, type PerOutput } from './perOutput.ts'
import { budgetSchema } from './budget.ts'
import { normalizeSchema } from './normalize.ts'
import { trainingSchema } from './training.ts'
import { weightsSchema } from './weights.ts'

export interface LayerSpec {
  readonly type: string
  /** The layer's own options, with defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  readonly name?: string
  readonly inputs?: readonly string[]
  readonly expect?: readonly (number | null)[]
  readonly trainable: boolean
  /** Whether the layer itself says if it is trainable, so that the patterns of the spec do not apply. */
  readonly statesTrainable?: true
  /** The path of its options: /layers/3/conv2d, or /layers/3 for a bare type. */
  readonly path: Path
  /** False if the schema found a mistake in it, so its shape is unknown. */
  readonly valid: boolean
}

export type Budget = Resolved<typeof budgetSchema>

export type Normalize = Resolved<typeof normalizeSchema>

/** The options of `training`. Callbacks and schedule are in the spec's own `callbacks` and `schedule`. */
export type Training = Omit<Resolved<typeof trainingSchema>, 'callbacks' | 'schedule'>

/** The trained weights to start from. */
export interface WeightsSpec {
  /** The path of the file or the run folder. */
  readonly from: string
  /** Patterns of the layers that take their weights from it; all by default. */
  readonly layers?: readonly string[]
  /** Patterns of the layers that keep their initial weights. */
  readonly except: readonly string[]
}

export interface Spec {
  readonly name: string
  readonly dataset?: Choice
  /** The known facts about its samples. */
  readonly facts?: DatasetFacts
  /** The augmentations of training batches, in order. */
  readonly augment: readonly Choice[]
  readonly normalize?: Normalize
  readonly inputShape?: readonly (number | null)[]
  readonly layers: readonly LayerSpec[]
  readonly outputs?: readonly string[]
  readonly weights?: WeightsSpec
  /** What the file of `weights` contains; undefined if it is not needed. */
  readonly weightsFacts?: WeightsFacts
  /** Whether layers are trained, by patterns of their names. */
  readonly trainable: Readonly<Record<string, boolean>>
  readonly optimizer?: Choice
  /** Factors of the learning rate, by patterns of the names of layers. */
  readonly learningRates: Readonly<Record<string, number>>
  readonly loss?: PerOutput<Choice>
  /** The weights by output; 1 for outputs without an entry. */
  readonly lossWeights: Readonly<Record<string, number>>
  readonly metrics: PerOutput<readonly Choice[]>
  /** The options with defaults filled in; `statesTraining` says whether the spec has this section. */
  readonly training: Training
  readonly statesTraining: boolean
  readonly callbacks: readonly Choice[]
  /** The schedule of the learning rate. */
  readonly schedule?: Choice
  /** The limits on the cost of the network; empty without a budget. */
  readonly budget: Budget
  /** The codes of suppressed warnings and hints. */
  readonly ignore: readonly DiagnosticCode[]
}

/**
 * Reads the valid parts of a document, so later phases can still check them. Parts with a `broken` place are omitted.
 */
export function readSpec(source: SourceDocument, broken: readonly Path[], probe: DatasetProbe = {}): Spec {
  const root = asMap(source.value)
  // `isBroken` is only called for sections and layers, whose paths have one or two steps.
  const holders = new Set(broken.flatMap((place) => [1, 2].map((steps) => toJsonPointer(place.slice(0, steps)))))
  const isBroken = (path: Path) => holders.has(toJsonPointer(path))
  const part = (key: string, table: Readonly<Record<string, PartDef>>): Choice | undefined =>
    root[key] === undefined || isBroken([key]) ? undefined : resolveChoice(root[key] as ChoiceValue, table)
  const stated = part('dataset', datasetTable)
  const dataset = stated && locateDataset(stated, datasetTable, folderOf(source.file), probe)
  const optimizer = part('optimizer', optimizerTable)
  const weights = isBroken(['weights']) ? undefined : readWeights(root['weights'], folderOf(source.file))
  const loss = isBroken(['loss']) ? undefined : readLoss(root['loss'])
  const inputShape = isBroken(['input']) ? undefined : (asMap(root['input'])['shape'] as LayerSpec['expect'])
  const outputs = isBroken(['outputs']) ? undefined : (root['outputs'] as string[] | undefined)
  const readPatterns = <Value>(key: string) =>
    isBroken([key]) ? {} : withoutNotes(asMap(root[key]) as Readonly<Record<string, Value>>)
  const lossWeights = readPatterns<number>('lossWeights')
  const normalize = root['normalize'] === undefined ? undefined : asMap(root['normalize'])
  const { callbacks, schedule, ...training } = resolveOptions(
    trainingSchema,
    isBroken(['training']) ? {} : asMap(root['training']),
  )
  return {
    name: typeof root['name'] === 'string' ? root['name'] : 'model',
    ...(dataset && { dataset, facts: describeDataset(dataset, datasetTable, probe) }),
    augment: readAugment(isBroken(['augment']) ? [] : root['augment']),
    ...(normalize !== undefined &&
      !isBroken(['normalize']) && { normalize: resolveOptions(normalizeSchema, normalize) }),
    ...(inputShape && { inputShape }),
    layers: readLayers(root['layers'], isBroken),
    ...(outputs && { outputs }),
    ...(weights && { weights }),
    ...(weights && probe.isTrained !== true && { weightsFacts: describeWeights(weights.from, probe.host) }),
    trainable: readPatterns<boolean>('trainable'),
    ...(optimizer && { optimizer }),
    learningRates: readPatterns<number>('learningRates'),
    ...(loss && { loss }),
    lossWeights,
    metrics: readMetrics(isBroken(['metrics']) ? [] : (root['metrics'] ?? [])),
    training,
    statesTraining: root['training'] !== undefined,
    callbacks: callbacks.map((callback) => resolveChoice(callback, callbackTable)),
    ...(schedule !== undefined && { schedule: resolveChoice(schedule, scheduleTable) }),
    budget: resolveOptions(budgetSchema, isBroken(['budget']) ? {} : asMap(root['budget'])),
    ignore: isBroken(['ignore']) ? [] : ((root['ignore'] ?? []) as DiagnosticCode[]),
  }
}

function readWeights(value: unknown, folder: string): WeightsSpec | undefined {
  if (value === undefined) return undefined
  const { from, layers, except = [] } = resolveOptions(weightsSchema, asMap(value))
  const listOf = (patterns: Patterns) => [patterns].flat() as string[]
  return {
    from: isAbsolutePath(from) ? from : joinPaths(folder, from),
    ...(layers !== undefined && { layers: listOf(layers) }),
    except: listOf(except),
  }
}

function readAugment(value: unknown): Choice[] {
  const items = Array.isArray(value) ? (value as ChoiceValue[]) : []
  return items.map((item) => resolveChoice(item, augmentationTable))
}

function readLoss(value: unknown): PerOutput<Choice> | undefined {
  if (value === undefined) return undefined
  const map = asMap(value)
  if (!mapsOutputs(map, Object.keys(lossTable))) return { all: resolveChoice(value as ChoiceValue, lossTable) }
  return { each: mapValues(withoutNotes(map), (one) => resolveChoice(one as ChoiceValue, lossTable)) }
}

function readMetrics(value: unknown): PerOutput<readonly Choice[]> {
  const readList = (list: unknown) => (list as ChoiceValue[]).map((metric) => resolveChoice(metric, metricTable))
  return Array.isArray(value) ? { all: readList(value) } : { each: mapValues(withoutNotes(asMap(value)), readList) }
}

function mapValues<T>(map: Readonly<Record<string, unknown>>, read: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, read(value)]))
}

function readLayers(value: unknown, isBroken: (path: Path) => boolean): LayerSpec[] {
  const items = Array.isArray(value) ? (value as unknown[]) : []
  return items.map((item, index) => {
    const here = ['layers', index]
    if (isBroken(here)) return readBrokenLayer(item, here)
    return readLayer(item as ChoiceValue, here)
  })
}

function readLayer(item: ChoiceValue, here: Path): LayerSpec {
  const { type, options } = readChoice(item)
  const { name, inputs, expect, trainable } = options as Partial<Record<string, unknown>>
  return {
    type,
    options: resolveOptions(optionSchema(type), options),
    ...(typeof name === 'string' && { name }),
    ...(inputs !== undefined && { inputs: [inputs].flat() as string[] }),
    ...(Array.isArray(expect) && { expect: expect as (number | null)[] }),
    trainable: trainable !== false,
    ...(trainable !== undefined && { statesTrainable: true as const }),
    path: typeof item === 'string' ? here : [...here, type],
    valid: true,
  }
}

function optionSchema(type: string): TObject {
  return type === applyType ? applySchema : layerDef(type).schema
}

/** Reads a layer with a mistake, which still has a place in the graph, and often a name. */
function readBrokenLayer(item: unknown, here: Path): LayerSpec {
  const readable = typeof item === 'string' || (item !== null && typeof item === 'object' && !Array.isArray(item))
  const { type, options } = readable ? readChoice(item as ChoiceValue) : { type: '', options: {} }
  const known = (isLayerType(type) || type === applyType) && options !== null && typeof options === 'object'
  const { name, inputs } = (known ? options : {}) as Partial<Record<string, unknown>>
  const names = [inputs].flat().filter((input): input is string => typeof input === 'string')
  return {
    type: known ? type : 'unknown',
    options: {},
    ...(typeof name === 'string' && { name }),
    ...(names.length > 0 && { inputs: names }),
    trainable: true,
    path: here,
    valid: false,
  }
}

function resolveChoice(value: ChoiceValue, table: Readonly<Record<string, PartDef>>): Choice {
  const { type, options } = readChoice(value)
  return { type, options: resolveOptions(lookUp(table, type).schema, options) }
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
