/** Translates what Keras names by class: activations, initializers, regularizers and constraints. */
import { activationNames, type ActivationName } from '../../../language/activations.ts'
import { constraints } from '../../../language/constraints.ts'
import { initializers } from '../../../language/initializers.ts'
import { regularizers } from '../../../language/regularizers.ts'
import { lookUp, type ChoiceValue, type PartDef } from '../../../language/schema.ts'
import { asObject, asText, isObject, showJson, type Json } from '../readJson.ts'
import type { Dialect } from './kerasModel.ts'
import { tidyNumber } from '../shortestFloat.ts'

/** A translated value, or why it is missing. */
export type Translated<Value> = { readonly value: Value } | { readonly message: string; readonly help?: string }

/** `kernel_size` → `kernelSize`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
}

/** Names that differ only in case and underscores are the same. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

const activationsByName = new Map(activationNames.map((name) => [plain(name), name]))
activationsByName.set('silu', 'swish')
// The function of compiled scripts for Keras, where `hard_sigmoid` is another one.
activationsByName.set('tfhardsigmoid', 'hardSigmoid')

/** The class and the options of `{ class_name, config }`, or of a bare name. */
export function readClass(value: Json | undefined): { readonly name: string; readonly config: Json } | undefined {
  if (typeof value === 'string') return { name: value, config: {} }
  const name = asText(asObject(value)?.['class_name'])
  return name === undefined ? undefined : { name, config: asObject(value)?.['config'] ?? {} }
}

/** Translates an activation that the language has; null and undefined are `linear`. */
export function translateActivation(value: Json | undefined, dialect: Dialect): Translated<ActivationName> {
  if (value === null || value === undefined) return { value: 'linear' }
  const stated = readClass(value)
  const given = stated?.name === 'function' && typeof stated.config === 'string' ? stated.config : stated?.name
  const name = given === undefined ? undefined : plain(given.split('>').at(-1)!)
  const found = name === undefined ? undefined : activationsByName.get(name)
  if (name === 'hardsigmoid' && dialect === 'keras3') {
    return { message: 'the `hard_sigmoid` of Keras 3 has a slope of 1/6, but `hardSigmoid` one of 1/5' }
  }
  if (found !== undefined) return { value: found }
  return { message: `there is no activation like ${given === undefined ? showJson(value) : `\`${given}\``}` }
}

/** Initializers that Keras and TensorFlow.js write as a `VarianceScaling`. */
const scalings: Readonly<Record<string, keyof typeof initializers>> = {
  '1 fanAvg uniform': 'glorotUniform',
  '1 fanAvg truncatedNormal': 'glorotNormal',
  '2 fanIn uniform': 'heUniform',
  '2 fanIn truncatedNormal': 'heNormal',
  '1 fanIn uniform': 'leCunUniform',
  '1 fanIn truncatedNormal': 'leCunNormal',
}

export function translateInitializer(value: Json): Translated<ChoiceValue> {
  const stated = readClass(value)
  const names: Readonly<Record<string, string>> = {
    zero: 'zeros',
    one: 'ones',
    uniform: 'randomUniform',
    normal: 'randomNormal',
  }
  const found = translatePart(value, initializers, 'initializer', names)
  if (!('value' in found) || typeof found.value === 'string' || plain(stated!.name) !== 'variancescaling') return found
  const { scale = 1, mode = 'fanIn', distribution = 'truncatedNormal' } = found.value['varianceScaling'] ?? {}
  // TensorFlow.js names the truncated distribution `normal`.
  const form = distribution === 'normal' ? 'truncatedNormal' : String(distribution)
  const known = scalings[`${String(scale)} ${String(mode)} ${form}`]
  if (known !== undefined) return { value: known }
  if (form === 'untruncatedNormal')
    return { message: 'there is no initializer that draws from an untruncated normal distribution' }
  return { value: { varianceScaling: { scale, mode, distribution: form === 'truncatedNormal' ? 'normal' : form } } }
}

export function translateRegularizer(value: Json): Translated<ChoiceValue> {
  const found = translatePart(value, regularizers, 'regularizer')
  if (!('value' in found) || typeof found.value === 'string') return found
  const { l1, l2 } = found.value['l1l2'] ?? {}
  if (l1 === undefined && l2 === undefined) return found
  if (l1 === 0) return { value: { l2: { l2 } } }
  return l2 === 0 ? { value: { l1: { l1 } } } : found
}

export function translateConstraint(value: Json): Translated<ChoiceValue> {
  return translatePart(value, constraints, 'constraint')
}

/** Translates `{ class_name: 'L2', config: { l2: 0.01 } }` to `{ l2: { l2: 0.01 } }`. Seeds are left out. */
function translatePart(
  value: Json,
  table: Readonly<Record<string, PartDef>>,
  what: string,
  otherNames: Readonly<Record<string, string>> = {},
): Translated<ChoiceValue> {
  const stated = readClass(value)
  const wanted =
    stated &&
    plain(
      stated.name
        .split('>')
        .at(-1)!
        .replace(/V[12]$/, ''),
    )
  // A file may state the name of a property of all objects.
  const other = wanted !== undefined && Object.hasOwn(otherNames, wanted) ? plain(otherNames[wanted]!) : wanted
  const type = Object.keys(table).find((name) => plain(name) === other)
  if (stated === undefined || type === undefined) {
    return { message: `there is no ${what} like ${stated === undefined ? showJson(value) : `\`${stated.name}\``}` }
  }
  const fields = lookUp(table, type).schema.properties as Readonly<Record<string, { readonly default?: unknown }>>
  const config = isObject(stated.config) ? stated.config : {}
  const options = Object.entries(config).flatMap(([key, one]) => {
    const name = camelCase(key)
    const field = Object.hasOwn(fields, name) && name !== 'seed' ? fields[name] : undefined
    if (field === undefined || one === null || one === undefined) return []
    const translated = typeof one === 'string' ? camelCase(one) : typeof one === 'number' ? tidyNumber(one) : one
    return translated === field.default && type !== 'varianceScaling' ? [] : [[name, translated] as const]
  })
  return { value: options.length === 0 ? type : { [type]: Object.fromEntries(options) } }
}
