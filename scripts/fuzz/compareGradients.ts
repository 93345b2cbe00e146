/** Compares the gradients of one layer on several engines with numerical differentiation in float64. */
import * as tf from '@tensorflow/tfjs'
import type { EngineInfo } from '../../src/runtime/engines/engineInfo.ts'
import { inFloat64 } from './float64.ts'
import { assign, randomValues, TriedLayer, type Gradients, type Trial, type Values } from './layerTrial.ts'
import { RandomSource } from './randomSource.ts'

export type EngineName = EngineInfo['name']

export interface GradientDifference {
  readonly engine: EngineName
  readonly message: string
}

export interface GradientComparison {
  readonly differences: readonly GradientDifference[]
  /** The number of compared gradients, each with respect to one weight or input. */
  readonly measured: number
  /** The number of gradients skipped because the function has a kink there. */
  readonly kinked: number
}

/** The derivative along one random direction of one weight or input. */
interface Slope {
  readonly name: string
  readonly direction: readonly number[]
  /** Undefined at a kink. */
  readonly derivative: number | undefined
}

interface Measure {
  readonly float64: Gradients
  readonly slopes: readonly Slope[]
}

/**
 * The step of central differences. In float64 their error is 1e-10 times the third derivative, plus 1e-11 from rounding.
 */
const step = 1e-5
/**
 * The precision of float32, 6e-8, times the number of operations on a value, times the loss from cancellation: a
 * normalization may divide by a deviation as small as 0.03. The error of a wrong kernel is far larger.
 */
const relativeTolerance = 2e-3
const absoluteTolerance = 2e-4

/** The largest output to compare. Float32 ends at 3e38, and intermediate values or gradients may be larger than the output. */
const largestOutput = 1e30

const backends = { node: 'tensorflow', wasm: 'wasm', cpu: 'cpu', webgpu: 'webgpu' } as const

export async function compareGradients(trial: Trial, engines: readonly EngineName[]): Promise<GradientComparison> {
  let measure: Measure
  try {
    measure = await inFloat64(() => measureInFloat64(trial))
  } catch (error) {
    return { differences: [{ engine: 'cpu', message: `float64: ${messageOf(error)}` }], measured: 0, kinked: 0 }
  }
  // A random size may be 0, which node refuses.
  const { values } = measure.float64.output
  if (values.length === 0 || values.some((value) => Math.abs(value) > largestOutput)) {
    return { differences: [], measured: 0, kinked: 0 }
  }
  const differences: GradientDifference[] = []
  for (const engine of engines) {
    await tf.setBackend(backends[engine])
    try {
      const found = await gradientsOf(trial)
      differences.push(...judge(found, measure).map((message) => ({ engine, message })))
    } catch (error) {
      differences.push({ engine, message: messageOf(error) })
    }
  }
  const kinked = measure.slopes.filter(({ derivative }) => derivative === undefined).length
  return { differences, measured: measure.slopes.length - kinked, kinked }
}

/**
 * Checks that wherever the cpu engine outputs NaN, wasm does too: our kernels must not hide that a network diverges. Wasm
 * may output more NaN, because a fast convolution adds values before separating them. TensorFlow's own kernels hide some.
 *
 * @param trial A trial with a NaN among its inputs.
 */
export async function comparePoisoned(trial: Trial): Promise<GradientDifference[]> {
  const outputs: Values[] = []
  for (const engine of ['cpu', 'wasm'] as const) {
    await tf.setBackend(backends[engine])
    outputs.push((await gradientsOf(trial)).output)
  }
  const [want, found] = outputs as [Values, Values]
  const place = want.values.findIndex((value, at) => Number.isNaN(value) && !Number.isNaN(found.values[at]))
  return place < 0 ? [] : [{ engine: 'wasm', message: `output: [${place}] is ${found.values[place]}, on cpu NaN` }]
}

async function gradientsOf(trial: Trial): Promise<Gradients> {
  return await withLayer(trial, (layer) => layer.gradients())
}

async function withLayer<T>(trial: Trial, use: (layer: TriedLayer) => Promise<T>): Promise<T> {
  const layer = new TriedLayer(trial)
  try {
    return await use(layer)
  } finally {
    layer.dispose()
  }
}

async function measureInFloat64(trial: Trial): Promise<Measure> {
  return await withLayer(trial, async (layer) => {
    const float64 = await layer.gradients()
    const random = new RandomSource(trial.seed + 1)
    const slopes = layer.variables.map(({ name, variable }) => {
      const direction = randomValues(variable.size, random)
      return { name, direction, derivative: differentiate(layer, variable, direction) }
    })
    return { float64, slopes }
  })
}

function differentiate(layer: TriedLayer, variable: tf.Variable, direction: readonly number[]): number | undefined {
  const at = Array.from(variable.dataSync())
  const lossAt = (distance: number) => {
    const moved = at.map((value, place) => value + distance * direction[place]!)
    assign(variable, moved)
    return layer.loss()
  }
  const middle = lossAt(0)
  const over = (distance: number) => {
    const [ahead, behind] = [lossAt(distance), lossAt(-distance)]
    return { central: (ahead - behind) / (2 * distance), bend: Math.abs(ahead - 2 * middle + behind) / distance }
  }
  let found = over(step)
  // With shorter steps, a smooth bend shrinks, but a kink remains, or appears if two values are nearly equal.
  for (let shorter = step / 4; found.bend > 1e-5; shorter /= 4) {
    const next = over(shorter)
    found = next.bend > found.bend / 2 ? { central: Number.NaN, bend: 0 } : next
  }
  assign(variable, at)
  return Number.isNaN(found.central) ? undefined : found.central
}

/** Returns the problems of an engine's output and gradients. */
function judge(found: Gradients, { float64, slopes }: Measure): string[] {
  return [
    ...compareValues(found.output, float64.output),
    ...slopes.flatMap(({ name, direction, derivative }, index) => {
      if (derivative === undefined) return []
      const [ours, measure] = [found.gradients[index]!, float64.gradients[index]!]
      const along = derivativeAlong(ours, direction)
      if (isFar(along.sum, derivative, along.size))
        return [`by ${name}: ${along.sum} along a direction, where numerical differentiation has ${derivative}`]
      // Errors may cancel along one direction, so if the float64 gradient is right, each value is compared with it.
      const reference = derivativeAlong(measure, direction)
      return isFar(reference.sum, derivative, reference.size) ? [] : compareValues(ours, measure, `by ${name}: `)
    }),
  ]
}

function derivativeAlong({ values }: Values, direction: readonly number[]): { sum: number; size: number } {
  const products = direction.map((part, place) => part * (values[place] ?? 0))
  return {
    sum: products.reduce((sum, product) => sum + product, 0),
    size: products.reduce((sum, product) => sum + Math.abs(product), 0),
  }
}

function isFar(got: number, want: number, size: number): boolean {
  return !(Math.abs(got - want) <= absoluteTolerance + relativeTolerance * Math.max(size, Math.abs(want)))
}

function compareValues(got: Values, want: Values, what = `${got.name}: `): string[] {
  // A gradient that is zero everywhere may be missing.
  if (got.values.length === 0 && want.values.every((value) => value === 0)) return []
  if (got.shape.join() !== want.shape.join())
    return [`${what}${got.shape.join('x')}, in float64 ${want.shape.join('x')}`]
  const largest = want.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const place = want.values.findIndex((value, index) => {
    const ours = got.values[index]!
    return Number.isNaN(value) ? !Number.isNaN(ours) : isFar(ours, value, largest)
  })
  return place < 0 ? [] : [`${what}[${place}] is ${got.values[place]}, in float64 ${want.values[place]}`]
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200)
}
