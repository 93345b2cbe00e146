/** Computes the output of one layer on one engine in training, and the gradients of a fixed weighted sum of the output. */
import * as tf from '@tensorflow/tfjs'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { fetchValues } from '../../src/runtime/engines/fetchValues.ts'
import { seedOfStep } from '../../src/script/draws.ts'
import { withOutputPenalties } from '../../src/script/outputPenalties.ts'
import { weightPenalties } from '../../src/script/weightPenalties.ts'
import { seedRandomLayers } from '../../src/patches/randomLayers.ts'
import type { DrawnLayer } from './drawLayer.ts'
import { RandomSource } from './randomSource.ts'

export interface Values {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** A layer and its inputs, the same on every engine. */
export interface Trial {
  readonly drawn: DrawnLayer
  readonly inputs: readonly Values[]
  /** The seed of initial weights, dropout, and the factors of the sum. */
  readonly seed: number
  /** Whether to compute gradients with respect to the inputs, besides the weights. */
  readonly differentiatesInputs: boolean
}

export interface Gradients {
  readonly output: Values
  readonly gradients: readonly Values[]
}

/** The layer, built on the current engine with weights drawn from the trial's seed. */
export class TriedLayer {
  private readonly model: tf.LayersModel
  private readonly inputs: readonly tf.Variable[]
  readonly variables: readonly { readonly name: string; readonly variable: tf.Variable }[]
  private readonly seed: number

  constructor({ drawn, inputs, seed, differentiatesInputs }: Trial) {
    this.seed = seed
    const { spec, shaped } = drawn.analysis
    this.model = buildModel(lowerGraph({ ...spec, name: 'fuzz' }, shaped), seed)
    this.inputs = inputs.map(({ shape, values }) => tf.variable(tf.tensor([...values], [...shape], 'float32')))
    const weights = this.model.trainableWeights.flatMap((weight, index) => {
      const variable = weight.read()
      return variable instanceof tf.Variable ? [{ name: `${weight.originalName} ${index}`, variable }] : []
    })
    const random = new RandomSource(seed)
    for (const { variable } of weights) assign(variable, randomValues(variable.size, random))
    const given = this.inputs.map((variable, index) => ({ name: inputs[index]!.name, variable }))
    this.variables = differentiatesInputs ? [...weights, ...given] : weights
  }

  /** Returns the output, and its sum with fixed random factors plus the layer's regularization losses. */
  private run(): { output: tf.Tensor; loss: tf.Scalar } {
    seedRandomLayers(this.model, seedOfStep(this.seed, 1))
    const inputs = [...this.inputs]
    const { result, penalties: charged } = withOutputPenalties(
      this.model,
      () => this.model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: true }) as tf.Tensor,
    )
    const output = result.cast('float32')
    const factors = tf.tensor(randomValues(output.size, new RandomSource(~this.seed)), output.shape, 'float32')
    const penalties = [...weightPenalties(this.model), ...charged]
    const loss = penalties.reduce<tf.Scalar>((sum, penalty) => sum.add(penalty), output.mul(factors).sum())
    return { output, loss }
  }

  loss(): number {
    return tf.tidy(() => this.run().loss.dataSync()[0]!)
  }

  /** Returns the gradients; without variables, only the output. */
  async gradients(): Promise<Gradients> {
    const { output, grads } = tf.tidy(() => this.differentiate())
    await fetchValues([output, ...Object.values(grads)])
    const gradients = this.variables.map(({ name, variable }) => {
      const gradient = grads[variable.name]
      return gradient ? valuesOf(name, gradient) : { name, shape: [], values: [] }
    })
    const found = { output: valuesOf('output', output), gradients }
    tf.dispose([output, grads])
    return found
  }

  private differentiate(): { output: tf.Tensor; grads: tf.NamedTensorMap } {
    const variables = this.variables.map(({ variable }) => variable)
    if (variables.length === 0) return { output: this.run().output, grads: {} }
    let output: tf.Tensor | undefined
    const { grads } = tf.variableGrads(() => {
      const ran = this.run()
      output = tf.keep(ran.output)
      return ran.loss
    }, variables)
    return { output: output!, grads }
  }

  dispose(): void {
    this.model.dispose()
    tf.disposeVariables()
  }
}

export function valuesOf(name: string, tensor: tf.Tensor): Values {
  return { name, shape: [...tensor.shape], values: Array.from(tensor.dataSync()) }
}

export function assign(variable: tf.Variable, values: readonly number[]): void {
  tf.tidy(() => variable.assign(tf.tensor([...values], variable.shape, variable.dtype)))
}

/** Draws values from -1 to 1 that are exact in float32. */
export function randomValues(count: number, random: RandomSource): number[] {
  return Array.from({ length: count }, () => Math.fround(random.next() * 2 - 1))
}
