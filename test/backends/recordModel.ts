/** Records what the code of a network calls, instead of creating layers: a network of any size takes milliseconds. */

import { isLayerType, layerDef } from '../../src/parts/layers/table.ts'

/** Returns each call of TensorFlow.js, in order, with what it was given. What a call returns is named by its number. */
export function recordModel(buildModel: (tf: unknown, seed: number) => unknown): readonly string[] {
  const calls: string[] = []
  const add = (code: string, args: readonly unknown[]) => {
    calls.push(`${code} ${JSON.stringify(args.map((arg) => withoutDefaults(code, arg)))}`)
    return calls.length
  }
  const resultOf = (code: string, args: readonly unknown[]) => {
    const number = add(code, args)
    const apply = (inputs: unknown) => resultOf(`apply ${number} to`, [inputs])
    return { apply, toJSON: () => `#${number}` }
  }
  const member = (code: string): unknown =>
    new Proxy(() => undefined, {
      get: (_target, key) => member(`${code}.${String(key)}`),
      apply: (_target, _self, args: readonly unknown[]) => resultOf(code, args),
    })
  buildModel(member('tf'), 3)
  return calls
}

/** The options of a layer that differ from their defaults: scripts may state the others or not. */
function withoutDefaults(code: string, options: unknown): unknown {
  const type = code.replace('tf.layers.', '')
  if (!isLayerType(type) || options === null || typeof options !== 'object') return options
  const fields = layerDef(type).schema.properties as Readonly<Record<string, { readonly default?: unknown }>>
  const given = Object.entries(options).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(fields[key]?.default),
  )
  return Object.fromEntries(given)
}
