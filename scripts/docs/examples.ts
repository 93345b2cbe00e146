/** Completes the fragments of specs in the documentation to whole specs, and checks them. */
import { parse } from 'yaml'
import { checkText, type Analysis } from '../../src/analyze.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { exampleOf, type Options, type PartDef } from '../../src/language/schema.ts'
import { yamlText } from '../../src/source/edits.ts'
import type { Host } from '../../src/system/host.ts'
import type { JsonSchema } from './typeText.ts'

export interface CheckedFragment extends Analysis {
  /** The diagnostics of the fragment itself, not of the parts added to it. */
  readonly own: readonly Diagnostic[]
}

/** @throws YAMLParseError if the fragment is not YAML. */
export function checkFragment(fragment: string, host?: Host): CheckedFragment {
  const text = completeSpec(fragment)
  const analysis = checkText(text, 'spec.yaml', host ? { host } : {})
  return { ...analysis, own: analysis.diagnostics.filter(({ span }) => span.start < fragment.trimEnd().length) }
}

/** Appends the keys that a fragment lacks to be a spec: a name, an input or a dataset, layers and their training. */
export function completeSpec(fragment: string): string {
  const value = (parse(fragment, { merge: true, logLevel: 'silent' }) ?? {}) as Readonly<Record<string, unknown>>
  const has = (key: string) => Object.hasOwn(value, key)
  // Such a spec takes what it lacks from another file, or gives it to another.
  if (has('extends') || has('abstract')) return fragment
  const hasInput = has('input') || has('dataset') || hasInputLayer(value['layers'])
  const ofTraining = [
    ...(has('optimizer') ? [] : ['optimizer: sgd']),
    ...(has('loss') ? [] : ['loss: categoricalCrossentropy']),
  ]
  const added = [
    ...(has('name') ? [] : ['name: example']),
    ...(has('layers')
      ? hasInput
        ? []
        : ['input: { shape: [28, 28, 1] }']
      : [
          ...(hasInput ? [] : ['dataset: mnist']),
          'layers: [flatten, { dense: { units: 10, activation: softmax } }]',
          ...ofTraining,
        ]),
  ]
  return `${fragment.trimEnd()}\n${added.map((line) => `${line}\n`).join('')}`
}

function hasInputLayer(layers: unknown): boolean {
  if (!Array.isArray(layers)) return false
  return layers.some((layer) => typeof layer === 'object' && layer !== null && Object.hasOwn(layer, 'input'))
}

/** Returns the options that the reference shows for a part: those of its example, or else the required ones and the first that differs from its default. */
export function shownOptions({ schema, example }: PartDef): Options {
  const properties = schema.properties as Readonly<Record<string, JsonSchema>>
  const entries = Object.entries(example ?? exampleOf(schema))
  return Object.fromEntries(
    entries.filter(([key, value]) => example || yamlText(value) !== yamlText(properties[key]?.default)),
  )
}

/** Returns a part as a spec states it: only its name if it has no options. */
export function useOf(name: string, options: Options): unknown {
  return Object.keys(options).length === 0 ? name : { [name]: options }
}

/** Returns `conv2d: { filters: 32 }`, as it is written after the dash of a list. */
export function itemText(use: unknown): string {
  if (typeof use === 'string') return use
  const [[type, options] = []] = Object.entries(use as object)
  return `${type}: ${yamlText(options)}`
}
