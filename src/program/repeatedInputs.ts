/** Copies inputs that a layer takes several times, which the engine would dispose too early. */
import { layerCall } from '../language/lowerOptions.ts'
import type { ProgramLayer } from './program.ts'

/**
 * Adds copying layers for inputs that a layer takes again. Outside training, tf.layers disposes the output of a layer once
 * all its readers have run. It counts each reader once, but counts down for each of a reader's inputs (tfjs-layers,
 * executor.js): if one of several readers takes the same output twice, as `dot` does in self-attention, the last reader
 * finds it disposed. A layer that copies the output avoids that, also in the saved model.
 */
export function copyRepeatedInputs(
  layers: readonly ProgramLayer[],
  outputs: readonly string[],
): readonly ProgramLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const readers = countReaders(layers)
  const copies = new Map<string, ProgramLayer>()
  return layers.flatMap((layer) => {
    const added: ProgramLayer[] = []
    const inputs = layer.inputs.map((input, index) => {
      const times = layer.inputs.slice(0, index).filter((other) => other === input).length
      const source = byName.get(input)!
      // The inputs and outputs of the network are never disposed.
      const isKept = source.inputs.length === 0 || outputs.includes(input)
      if (times === 0 || isKept || readers.get(input) === 1) return input
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

function countReaders(layers: readonly ProgramLayer[]): ReadonlyMap<string, number> {
  const readers = new Map<string, number>()
  for (const { inputs } of layers)
    for (const input of new Set(inputs)) readers.set(input, (readers.get(input) ?? 0) + 1)
  return readers
}

function copyOf({ name, shape }: ProgramLayer, taken: ReadonlyMap<string, unknown>, times: number): ProgramLayer {
  let copy = `${name}_copy${times}`
  while (taken.has(copy)) copy += '_'
  const made = layerCall('activation', { name: copy, activation: 'linear' })
  return { name: copy, inputs: [name], shape, isUsed: true, isNamed: false, call: made }
}
