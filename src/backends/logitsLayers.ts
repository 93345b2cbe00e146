/** Splits the last activations off, for scripts that compute the loss from logits. */
import { call, express, type Call } from '../language/expression.ts'
import type { ProbabilityActivation } from '../language/scriptForms.ts'
import { logitsName } from '../program/lowerScript.ts'
import type { CreatedLayer, Program, ProgramLayer } from '../program/program.ts'
import { fieldsOf, withFields, type Fields } from './typescript/model/layerFields.ts'

/** Returns the layers of a program. If training uses the logits of a layer, its activation becomes a layer of its own, which has its name. */
export function withLogitsLayers({ script }: Program, layers: readonly ProgramLayer[]): readonly ProgramLayer[] {
  const split = script?.outputs.filter(({ isOption }) => isOption) ?? []
  const activations = new Map(split.map(({ name, logits }) => [name, logits]))
  return layers.flatMap((layer) => {
    const activation = activations.get(layer.name)
    return activation && 'call' in layer ? splitActivation(layer, activation) : [layer]
  })
}

function splitActivation(layer: CreatedLayer, activation: ProbabilityActivation): ProgramLayer[] {
  const { name, isNamed, shape } = layer
  const logits = logitsName(name)
  const fields = fieldsOf(layer.call).filter(([, value]) => value.kind !== 'literal' || value.value !== activation)
  const before = { ...layer, name: logits, isNamed: false, call: withFields(layer.call, renamed(fields, logits)) }
  const made: Call = call('tf.layers.activation', { name, activation })
  return [before, { name, inputs: [logits], shape, isUsed: true, isNamed, call: made }]
}

function renamed(fields: Fields, name: string): Fields {
  return fields.map(([key, value]) => [key, key === 'name' ? express(name) : value])
}
