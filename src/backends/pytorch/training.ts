/** What the sections of a PyTorch script know about its training. */
import { objectivesOf, type OutputObjective } from '../../graph/objectives.ts'
import { lookUp } from '../../language/schema.ts'
import { acrossUnits, type ProbabilityActivation } from '../../language/scriptForms.ts'
import { lossTable } from '../../parts/losses/table.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import type { Pretrained } from '../python/pretrained.ts'
import type { Spec } from '../../validation/spec.ts'
import { lastActivation, type Network } from './network.ts'
import { decayOf } from './optimizers.ts'
import type { PrintedOutput } from './objectives.ts'

export interface Training {
  /** The name of the spec. */
  readonly name: string
  readonly spec: Spec
  readonly script: ScriptExperiment
  readonly network: Network
  /** The trained weights that it starts from. */
  readonly pretrained: Pretrained | undefined
  /** The factors of the learning rates of layers, by their names. */
  readonly learningRates: Readonly<Record<string, number>>
}

/** The activation of each output that its loss applies, by the name of the output. */
export function logitsOf(spec: Spec, network: Network): ReadonlyMap<string, ProbabilityActivation> {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]))
  const read = new Set(network.layers.flatMap(({ inputs, applies }) => [...inputs, ...(applies ? [applies] : [])]))
  return new Map(
    objectivesOf(spec, network.outputs).flatMap(({ output, loss }) => {
      const node = byName.get(output)?.node
      if (node === undefined || read.has(output) || node.applies !== undefined) return []
      if ('recurrentInitializer' in node.layer.options || node.layer.options['activityRegularizer'] !== undefined)
        return []
      const activation = lastActivation(node)
      const units = Number(node.shape.at(-1))
      const found = lookUp(lossTable, loss.type)
        .ofLogits?.(loss.options)
        .find((one) => one === activation && (units > 1 || !acrossUnits[one]))
      return found === undefined ? [] : [[output, found] as const]
    }),
  )
}

export interface PrintedObjective extends OutputObjective {
  readonly value: PrintedOutput
  /** What the names of its logs begin with. */
  readonly prefix: string
}

/** The objectives of a script, with the Python code of their values. */
export function printedObjectives({ spec, script, network }: Training): readonly PrintedObjective[] {
  const logits = logitsOf(spec, network)
  const several = network.outputs.length > 1
  return objectivesOf(spec, network.outputs).map((objective): PrintedObjective => {
    const index = network.outputs.indexOf(objective.output)
    const node = network.layers.find(({ name }) => name === objective.output)!.node
    const units = Number(node.shape.at(-1))
    const outputs = several ? `outputs[${index}]` : 'outputs'
    const hasRows = script.mixes
    const shape = node.shape.length === 1 && units === 1 ? 'y[:, None].float()' : `y.float().reshape(${outputs}.shape)`
    const targets = hasRows ? 'y' : units === 1 ? shape : `F.one_hot(y, ${units}).float()`
    const own = logits.get(objective.output)
    const value = { outputs, labels: 'y', targets, units, hasRows, ...(own && { logits: own }) }
    return { ...objective, value, prefix: several ? `${objective.output}_` : '' }
  })
}

/** Whether the learning rate of a step depends on the steps before it. */
export function isScheduled({ schedule, optimizer }: Spec): boolean {
  return schedule !== undefined || decayOf(optimizer!) > 0
}
