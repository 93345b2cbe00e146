/** Fragments of specs, as documentation shows them: completed to whole specs, and checked. */
import { parse } from 'yaml'
import { checkText, type Analysis } from '../../src/analyze.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { exampleOf, type Options, type PartDef } from '../../src/language/schema.ts'
import { yamlText } from '../../src/source/edits.ts'
import type { Host } from '../../src/system/host.ts'
import type { JsonSchema } from './typeText.ts'

export interface CheckedFragment extends Analysis {
  /** The diagnostics of the fragment, without those of what was added to it. */
  readonly own: readonly Diagnostic[]
}

/** @throws YAMLParseError where the fragment is not YAML. */
export function checkFragment(fragment: string, host?: Host, file = 'spec.yaml'): CheckedFragment {
  const text = completeSpec(fragment)
  const analysis = checkText(text, file, host ? { host } : {})
  return { ...analysis, own: analysis.diagnostics.filter(({ span }) => span.start < fragment.trimEnd().length) }
}

/** The fragment and, after it, what it lacks of a spec: a name, an input or a dataset, layers and their training. */
export function completeSpec(fragment: string): string {
  const value = (parse(fragment, { merge: true, logLevel: 'silent' }) ?? {}) as Readonly<Record<string, unknown>>
  const has = (key: string) => Object.hasOwn(value, key)
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

/** The options that the reference shows of a part: those stated for it, else what it requires and the first that is not the default. */
export function shownOptions({ schema, example }: PartDef): Options {
  const properties = schema.properties as Readonly<Record<string, JsonSchema>>
  const entries = Object.entries(example ?? exampleOf(schema))
  return Object.fromEntries(
    entries.filter(([key, value]) => example || yamlText(value) !== yamlText(properties[key]?.default)),
  )
}

/** `adam` as a spec has it: the bare name where no options are shown. */
export function useOf(name: string, options: Options): unknown {
  return Object.keys(options).length === 0 ? name : { [name]: options }
}

/** `conv2d: { filters: 32 }`, as it is written after the dash of a list. */
export function itemText(use: unknown): string {
  if (typeof use === 'string') return use
  const [[type, options] = []] = Object.entries(use as object)
  return `${type}: ${yamlText(options)}`
}
