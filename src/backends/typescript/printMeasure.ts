/** Prints the part of a script that applies the network to a batch and computes its loss and metrics. */
import type { Expression } from '../../language/expression.ts'
import type { Program } from '../../program/program.ts'
import type { ScriptedOutput } from '../../program/lowerOutput.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { createNameScope } from '../../program/nameScope.ts'
import { printExpression, quote } from './printExpression.ts'

/**
 * Prints `measure`, which returns the loss and the metrics of a batch by their names in the logs.
 *
 * @param penalties Items of a list of scalars that are added to the loss.
 */
export function printMeasure({ inputs }: Program, { outputs }: ScriptExperiment, penalties: readonly string[]): string {
  const given = inputs.length === 1 ? 'inputs' : `[${inputs.map(() => 'inputs').join(', ')}]`
  const { answers, type, declarations, fields } =
    outputs.length === 1 ? measureOne(outputs[0]!, penalties) : measureAll(outputs, penalties)
  const isWeighted = outputs.some(({ loss }) => /\bclassWeights\b/.test(printExpression(loss)))
  const applied = `network.apply(${given}, { training: isTraining }) as ${type}`
  const answer = penalties.some((penalty) => /\bpenalties\b/.test(penalty))
    ? `const { result: ${answers}, penalties } = withOutputPenalties(network, () => ${applied})`
    : `const ${answers} = ${applied}`
  return `/** The loss and the metrics of a batch. */
function measure(network: tf.LayersModel, { inputs, labels }: Batch, isTraining: boolean${isWeighted ? ', classWeights?: readonly number[]' : ''}) {
${answer}
${declarations.join('\n')}
return { ${fields.map(([name, value]) => (name === value ? name : `${name}: ${value}`)).join(', ')} }
}`
}

interface MeasuredOutputs {
  /** The variable, or the list of variables, of the network's outputs. */
  readonly answers: string
  readonly type: string
  readonly declarations: readonly string[]
  readonly fields: readonly (readonly [name: string, value: string])[]
}

function measureOne(output: ScriptedOutput, penalties: readonly string[]): MeasuredOutputs {
  const answers = output.logits ? 'logits' : 'predictions'
  const print = (value: Expression) => printExpression(value, { predictions: answers })
  const loss = sumOf([weighted(print(output.loss), output.weight)], penalties)
  const metrics = output.metrics.map(({ name, value }) => [name, print(value)] as const)
  const declarations = [`const loss: tf.Scalar = ${loss}`]
  return { answers, type: 'tf.Tensor', declarations, fields: [['loss', 'loss'], ...metrics] }
}

function measureAll(outputs: readonly ScriptedOutput[], penalties: readonly string[]): MeasuredOutputs {
  const scope = createNameScope(['tf', 'network', 'inputs', 'labels', 'isTraining', 'loss'])
  const named = outputs.map((output) => {
    const variables = { predictions: scope.allocate(output.name) }
    return { ...output, ...variables, print: (value: Expression) => printExpression(value, variables) }
  })
  const losses = named.map((output) => ({ ...output, variable: scope.allocate(`${output.name}-loss`) }))
  const total = sumOf(
    losses.map(({ variable, weight }) => weighted(variable, weight)),
    penalties,
  )
  return {
    answers: `[${named.map(({ predictions }) => predictions).join(', ')}]`,
    type: `[${outputs.map(() => 'tf.Tensor').join(', ')}]`,
    declarations: [
      ...losses.map(({ variable, loss, print }) => `const ${variable}: tf.Scalar = ${print(loss)}`),
      `const loss: tf.Scalar = ${total}`,
    ],
    fields: [
      ['loss', 'loss'],
      ...losses.map(({ name, variable }) => [quote(`${name}_loss`), variable] as const),
      ...named.flatMap(({ name, metrics, print }) =>
        metrics.map((metric) => [quote(`${name}_${metric.name}`), print(metric.value)] as const),
      ),
    ],
  }
}

function weighted(loss: string, weight: number): string {
  return weight === 1 ? loss : `tf.mul(${loss}, ${weight})`
}

function sumOf(terms: readonly string[], penalties: readonly string[]): string {
  if (penalties.length > 0) return `tf.addN([${[...terms, ...penalties].join(', ')}])`
  return terms.reduce((sum, term) => `tf.add(${sum}, ${term})`)
}
