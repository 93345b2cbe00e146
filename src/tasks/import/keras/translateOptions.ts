/** Translates the config of a layer to the options of a layer of the language, driven by the schema of that layer. */
import type { PartDef } from '../../../language/schema.ts'
import { isList, showJson, type Json, type JsonObject } from '../readJson.ts'
import type { ImportProblems } from '../importError.ts'
import type { Dialect } from './kerasModel.ts'
import {
  camelCase,
  translateActivation,
  translateConstraint,
  translateInitializer,
  translateRegularizer,
  type Translated,
} from './parts.ts'
import { tidyNumber } from '../shortestFloat.ts'

/** How the config of a class differs from the options of its layer. */
export interface OptionRules {
  /** Keys of the config with another name in the language. */
  readonly renamed?: Readonly<Record<string, string>>
  /** Values that need no option, by key; another value cannot be imported. */
  readonly neutral?: Readonly<Record<string, readonly Json[]>>
  /** Keys that change nothing in what the layer computes, or that are read elsewhere. */
  readonly ignored?: readonly string[]
}

export interface Translation {
  readonly dialect: Dialect
  readonly problems: ImportProblems
  /** Whether initializers are left out, because the file has the weights. */
  readonly hasWeights: boolean
}

export type LayerOptions = Record<string, unknown>

/** Keys of any layer that are no options, or that do not change what it computes in prediction. */
const ignoredKeys: ReadonlySet<string> = new Set(
  'name trainable dtype batch_input_shape batch_shape input_dtype batch_size optional implementation seed autocast use_cudnn fused renorm_momentum input_shape cache_size'.split(
    ' ',
  ),
)

/** Values of keys that newer layers have, with which they compute what the layers of the language do. */
const neutralValues: Readonly<Record<string, readonly Json[]>> = {
  data_format: ['channels_last'],
  groups: [1],
  renorm: [false],
  synchronized: [false],
  keepdims: [false],
  return_state: [false],
  time_major: [false],
  zero_output_for_mask: [false, true],
  rms_scaling: [false],
  sparse: [false],
  ragged: [false],
  crop_to_aspect_ratio: [false],
  pad_to_aspect_ratio: [false],
  antialias: [false],
  supports_masking: [false, true],
}

/**
 * Returns the options that differ from their defaults. Reports each key that has no option, unless it is known to change
 * nothing.
 */
export function translateOptions(
  definition: PartDef,
  config: JsonObject,
  rules: OptionRules,
  place: string,
  translation: Translation,
): LayerOptions {
  const fields = definition.schema.properties as Readonly<Record<string, Field>>
  const options: LayerOptions = {}
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined || ignoredKeys.has(key) || rules.ignored?.includes(key) === true) continue
    const option = rules.renamed?.[key] ?? camelCase(key)
    const neutral = rules.neutral?.[key]
    if (neutral !== undefined && !Object.hasOwn(fields, option)) {
      if (!neutral.some((one) => isEqual(one, value))) reportKey(key, value, place, translation)
      continue
    }
    const field = Object.hasOwn(fields, option) ? fields[option] : undefined
    if (field === undefined) {
      const accepted = value === null || neutralValues[key]?.includes(value) === true
      if (!accepted) reportKey(key, value, place, translation)
      continue
    }
    if (option.endsWith('Initializer') || option === 'unitForgetBias') {
      if (translation.hasWeights) continue
    }
    if (value === null && !/activation$/i.test(option)) continue
    const found = translateValue(option, value, field, translation.dialect)
    if (!('value' in found)) translation.problems.add(`${place}: ${key}`, found.message, found.help)
    else if (!isDefault(found.value, field)) options[option] = found.value
  }
  // The strides of a pooling are its window, if it states none.
  const size = fields['poolSize']
  const window = options['poolSize'] ?? size?.default
  if (isDefault(options['strides'], { ...size, default: window })) delete options['strides']
  return options
}

export interface Field {
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly { readonly type?: string }[]
}

function reportKey(key: string, value: Json, place: string, { problems }: Translation): void {
  problems.add(`${place}: ${key}`, `there is no option for ${showJson(value)}`)
}

function translateValue(option: string, value: Json, field: Field, dialect: Dialect): Translated<unknown> {
  if (/activation$/i.test(option)) return translateActivation(value, dialect)
  if (option.endsWith('Initializer')) return translateInitializer(value)
  if (option.endsWith('Regularizer')) return translateRegularizer(value)
  if (option.endsWith('Constraint')) return translateConstraint(value)
  if (typeof value === 'number') return { value: tidyNumber(value) }
  if (typeof value === 'string') {
    const word = camelCase(value)
    if (field.enum === undefined || field.enum.includes(word)) return { value: word }
    return { message: `${showJson(value)} is not one of ${field.enum.join(', ')}` }
  }
  return { value: isList(value) ? shortList(value, field) : value }
}

/** A list of equal numbers as one number, where the option takes both: `[3, 3]` → 3. */
function shortList(value: readonly Json[], field: Field): unknown {
  const takesNumber = field.anyOf?.some(({ type }) => type === 'integer') === true
  const isUniform = value.length > 0 && typeof value[0] === 'number' && value.every((one) => one === value[0])
  const isPerAxis = isUniform && takesNumber && !('items' in field)
  return isPerAxis ? value[0] : value
}

function isDefault(value: unknown, field: Field): boolean {
  const byDefault = Array.isArray(field.default) ? shortList(field.default as Json[], field) : field.default
  return byDefault !== undefined && isEqual(value, byDefault)
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
