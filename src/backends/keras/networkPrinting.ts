/** How the network of a script is printed: with logits as layers, and names for the layers that a script refers to. */
import type { Program } from '../../program/program.ts'
import { logitsName } from '../../program/lowerScript.ts'
import { withLogitsLayers } from '../logitsLayers.ts'
import type { AnalyzedNetwork } from '../pythonTarget.ts'
import { kerasNames } from './kerasNames.ts'
import type { StructureList } from '../../compose/structure.ts'
import { foldedNetwork, isSequential, type NetworkPrinting } from './printNetwork.ts'

/** In a network that is not a chain, `--weights` finds weights by the names of layers, so layers with weights have those of the spec. */
export function networkPrinting(
  { shaped }: AnalyzedNetwork,
  program: Program,
  structure: StructureList | undefined,
): NetworkPrinting {
  const { outputs, script } = program
  const layers = withLogitsLayers(program, program.layers)
  const plain = kerasNames(program.layers.map(({ name }) => name))
  const names = new Map(layers.map(({ name }) => [name, plain.get(name) ?? name]))
  for (const { name, logits, isOption } of script?.outputs ?? []) {
    if (logits === undefined || !isOption) continue
    names.set(logitsName(name), plain.get(name)!)
    names.set(name, `${plain.get(name)!}_${logits}`)
  }
  const stated = layers.filter(({ isNamed }) => isNamed).map(({ name }) => name)
  const weighted = shaped.nodes.filter(({ weights }) => weights.length > 0).map(({ name }) => name)
  const split = (script?.outputs ?? []).map(({ name }) => logitsName(name))
  const ends = outputs.length > 1 ? outputs : []
  const sought = soughtLayers(program).map((name) => (names.has(logitsName(name)) ? logitsName(name) : name))
  const own = [...stated, ...split, ...ends, ...sought]
  const printing = { layers, names, structure, sought, named: new Set([...own, ...weighted]) }
  const inOrder = { ...printing, named: new Set(own) }
  if (foldedNetwork(program, inOrder) !== undefined) return inOrder
  return isSequential(program, printing) ? { ...printing, named: new Set([...stated, ...sought]) } : printing
}

/** The layers that a script finds by their names: those with trained weights, or a learning rate of their own. */
function soughtLayers({ experiment }: Program): readonly string[] {
  return [...(experiment?.weights?.layers ?? []), ...Object.keys(experiment?.learningRates ?? {})]
}

/** The name in Keras of the layer that has the weights of a layer of the spec. */
export function weightedName(name: string, names: ReadonlyMap<string, string>): string {
  return names.get(logitsName(name)) ?? names.get(name)!
}
