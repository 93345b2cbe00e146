/** What a layer takes several times, it takes once as it is and then as copies, for the engine would dispose it too early. */
import { layerCall } from '../language/lowerOptions.ts'
import type { ProgramLayer } from './program.ts'

/**
 * Outside training, tf.layers disposes what a layer gave as soon as all that take it have run. It counts each of them
 * once, and counts down by one for each of their inputs (tfjs-layers, executor.js): where one of several takes the same
 * twice, as `dot` does in self-attention, the last finds it disposed. It is given a layer of its own that copies it, which
 * helps the saved model, too.
 */
export function copyRepeatedInputs(
  layers: readonly ProgramLayer[],
  outputs: readonly string[],
): readonly ProgramLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const takers = countTakers(layers)
  const copies = new Map<string, ProgramLayer>()
  return layers.flatMap((layer) => {
    const added: ProgramLayer[] = []
    const inputs = layer.inputs.map((input, index) => {
      const times = layer.inputs.slice(0, index).filter((other) => other === input).length
      const source = byName.get(input)!
      // What the caller gives is never disposed, nor what the network answers.
      const isKept = source.inputs.length === 0 || outputs.includes(input)
      if (times === 0 || isKept || takers.get(input) === 1) return input
      const key = `${input} ${times}`
      if (!copies.has(key)) {
        added.push(copyOf(source, byName, times))
        copies.set(key, added.at(-1)!)
        byName.set(added.at(-1)!.name, added.at(-1)!)
      }
      return copies.get(key)!.name
    })
    return [...added, { ...layer, inputs }]
  })
}

function countTakers(layers: readonly ProgramLayer[]): ReadonlyMap<string, number> {
  const takers = new Map<string, number>()
  for (const { inputs } of layers) for (const input of new Set(inputs)) takers.set(input, (takers.get(input) ?? 0) + 1)
  return takers
}

function copyOf({ name, shape }: ProgramLayer, taken: ReadonlyMap<string, unknown>, times: number): ProgramLayer {
  let copy = `${name}_copy${times}`
  while (taken.has(copy)) copy += '_'
  const made = layerCall('activation', { name: copy, activation: 'linear' })
  return { name: copy, inputs: [name], shape, isUsed: true, isNamed: false, call: made }
}
