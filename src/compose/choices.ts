/**
 * Knows which values of a spec are choices, such as an optimizer with its options: a parent's choice is merged if the type is
 * the same, and replaced otherwise. The schemas of the parts say where choices are.
 */
import { constraints } from '../language/constraints.ts'
import { initializers } from '../language/initializers.ts'
import { regularizers } from '../language/regularizers.ts'
import { choiceAmong } from '../language/schema.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { isLayerType, layerDef } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { scheduleTable } from '../parts/schedules/table.ts'
import { isMap } from './blocks.ts'

/** What merging needs to know of a schema. */
export interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape | boolean
  readonly anyOf?: readonly Shape[]
  readonly maxProperties?: number
  readonly $ref?: string
}

/** A choice as it is written: its type, its options, and the schema of these. */
export interface Chosen {
  readonly type: string
  readonly options: unknown
  readonly shape: Shape | undefined
}

/** The shape of the sections of a spec. */
export function shapeOfSpec(): Shape {
  const among = (table: Parameters<typeof choiceAmong>[0]) => choiceAmong(table, '') as Shape
  const loss = among(lossTable)
  return {
    properties: {
      dataset: among(datasetTable),
      optimizer: among(optimizerTable),
      loss: { anyOf: [loss, { additionalProperties: loss }] },
      training: { properties: { schedule: among(scheduleTable) } },
    },
  }
}

/** The shape of the options of a layer type. */
export function shapeOfLayer(type: string): Shape | undefined {
  return isLayerType(type) ? (layerDef(type).schema as Shape) : undefined
}

/** The shape of the value of a key. */
export function shapeInside(shape: Shape | undefined, key: string): Shape | undefined {
  for (const one of alternatives(shape)) {
    const further = typeof one.additionalProperties === 'object' ? one.additionalProperties : undefined
    const found = one.properties?.[key] ?? further
    if (found !== undefined) return found
  }
  return undefined
}

/** Reads a value as a choice; undefined if it is not one. */
export function readChosen(value: unknown, shape: Shape | undefined): Chosen | undefined {
  const forms = alternatives(shape)
  const choice = forms.find(({ maxProperties }) => maxProperties === 1)
  const keys = typeof value === 'string' ? [value] : isMap(value) ? Object.keys(value) : []
  const type = keys.find((key) => !key.startsWith('x-'))
  if (choice === undefined || type === undefined) return undefined
  const isKnown = Object.hasOwn(choice.properties ?? {}, type)
  // A map from outputs to their losses is no choice.
  if (!isKnown && forms.some(({ additionalProperties }) => typeof additionalProperties === 'object')) return undefined
  const options = isMap(value) ? value[type] : null
  return { type, options, shape: isKnown ? choice.properties![type] : undefined }
}

function alternatives(shape: Shape | undefined): readonly Shape[] {
  if (shape?.$ref !== undefined) return alternatives(referenced(shape.$ref))
  return shape?.anyOf?.flatMap(alternatives) ?? (shape === undefined ? [] : [shape])
}

function referenced(reference: string): Shape | undefined {
  const tables = { initializer: initializers, regularizer: regularizers, constraint: constraints }
  const table = tables[reference.replace('#/definitions/', '') as keyof typeof tables] as
    (typeof tables)[keyof typeof tables] | undefined
  return table && (choiceAmong(table, '') as Shape)
}
