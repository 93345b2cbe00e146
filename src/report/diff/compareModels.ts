/** Compares two specs or runs by their layers, settings and results. */
import { alignLayers } from './alignLayers.ts'
import type { LayerFacts, ModelFacts } from './modelFacts.ts'

export interface Comparison {
  readonly before: string
  readonly after: string
  /** The changed layers, in the order of the networks. */
  readonly layers: readonly LayerChange[]
  readonly params: Change<number>
  readonly flops: Change<number>
  readonly settings: readonly SettingChange[]
  /** For two runs, each result that at least one of them has. They do not affect `differs`. */
  readonly results: readonly ResultChange[]
  readonly differs: boolean
}

export interface Change<T> {
  readonly before: T
  readonly after: T
}

export interface SettingChange extends Change<unknown> {
  readonly key: string
}

export interface ResultChange {
  readonly key: string
  readonly before?: number
  readonly after?: number
}

export interface LayerChange {
  readonly kind: 'added' | 'removed' | 'changed'
  /** The name in the second network, or in the first if the layer was removed. */
  readonly name: string
  readonly type: string
  readonly options: readonly SettingChange[]
  /** Undefined on the side that lacks the layer. */
  readonly shape: Change<string | undefined>
  readonly params: Change<number | undefined>
}

export function compareModels(before: ModelFacts, after: ModelFacts): Comparison {
  const layers = alignLayers(before.layers, after.layers).flatMap((pair) => compareLayer(pair.before, pair.after) ?? [])
  const settings = compareRecords(before.settings, after.settings)
  const keys = new Set([...Object.keys(before.results), ...Object.keys(after.results)])
  return {
    before: before.label,
    after: after.label,
    layers,
    params: { before: before.params, after: after.params },
    flops: { before: before.flops, after: after.flops },
    settings,
    results: [...keys].map((key) => {
      const [old, fresh] = [before.results[key], after.results[key]]
      return { key, ...(old !== undefined && { before: old }), ...(fresh !== undefined && { after: fresh }) }
    }),
    differs: layers.length > 0 || settings.length > 0,
  }
}

/** Returns undefined for an unchanged layer. A layer whose shape changed only because of an earlier layer is a change, too. */
function compareLayer(before: LayerFacts | undefined, after: LayerFacts | undefined): LayerChange | undefined {
  const known = (after ?? before)!
  const options = compareRecords(before?.options ?? {}, after?.options ?? {})
  const types =
    before && after && before.type !== after.type ? [{ key: 'type', before: before.type, after: after.type }] : []
  const names =
    before && after && before.isNamed && after.isNamed && before.name !== after.name
      ? [{ key: 'name', before: before.name, after: after.name }]
      : []
  const changes = [...types, ...names, ...options]
  const isSame =
    before && after && changes.length === 0 && before.shape === after.shape && before.params === after.params
  if (isSame) return undefined
  return {
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    name: known.name,
    type: known.type,
    options: changes,
    shape: { before: before?.shape, after: after?.shape },
    params: { before: before?.params, after: after?.params },
  }
}

/** Returns the keys whose values differ; the value is undefined on a side that lacks the key. */
export function compareRecords(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): SettingChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys]
    .map((key) => ({ key, before: before[key], after: after[key] }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}
