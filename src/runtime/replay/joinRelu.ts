/** Joins a relu with the batch normalization before it, in the recorded kernel calls of a step. */
import * as tf from '@tensorflow/tfjs'
import type { Operand, RecordedCall } from '../../patches/recordKernels.ts'
import { findReaders, type Readers } from './readers.ts'

/** A relu that alone reads a batch normalization, and the gradients of both unless the step has none. */
interface Joint {
  readonly normalization: RecordedCall
  readonly relu: RecordedCall
  readonly reluGradient?: RecordedCall
  readonly normalizationGradient?: RecordedCall
}

/**
 * Replaces each such pair by one kernel forward and one backward, on backends that have these kernels. The results are the
 * same, bit for bit; the kernels only save passes over the values.
 *
 * @param lasting the slots of results and of new values of variables
 */
export function joinRelu(calls: readonly RecordedCall[], lasting: ReadonlySet<number>): readonly RecordedCall[] {
  const backend = tf.getBackend()
  const forward = tf.getKernel('BatchNormTrainingRelu', backend)
  const backward = tf.getKernel('BatchNormTrainingReluGrad', backend)
  if (!forward || !backward) return calls
  const readers = findReaders(calls)
  const joints = calls.flatMap((call) => findJoint(call, readers, lasting) ?? [])
  const dropped = new Set(joints.flatMap(({ relu, reluGradient }) => [relu, reluGradient]))
  const replaced = new Map(joints.flatMap((joint) => joinCalls(joint, forward, backward)))
  return calls.filter((call) => !dropped.has(call)).map((call) => replaced.get(call) ?? call)
}

function findJoint(
  normalization: RecordedCall,
  readers: Readers<RecordedCall>,
  lasting: ReadonlySet<number>,
): Joint | undefined {
  if (normalization.kernelName !== 'BatchNormTraining') return undefined
  const [y, mean] = normalization.outputs
  const [relu, reluGradient, ...others] = readers.get(y!.slot) ?? []
  if (lasting.has(y!.slot) || relu?.kernelName !== 'Relu' || others.length > 0) return undefined
  if (!reluGradient) return { normalization, relu }
  const dy = reluGradient.outputs[0]!
  const [normalizationGradient, ...further] = readers.get(dy.slot) ?? []
  const isPair =
    reluGradient.kernelName === 'ReluGrad' &&
    inputOf(reluGradient, 'dy').slot !== y!.slot &&
    normalizationGradient?.kernelName === 'BatchNormTrainingGrad' &&
    inputOf(normalizationGradient, 'mean').slot === mean!.slot &&
    inputOf(normalizationGradient, 'x').slot !== dy.slot
  if (!isPair || lasting.has(dy.slot) || further.length > 0) return undefined
  return { normalization, relu, reluGradient, normalizationGradient }
}

/** Returns the calls of a joint that change, each with the call that replaces it. */
function joinCalls(
  { normalization, relu, reluGradient, normalizationGradient }: Joint,
  forward: tf.KernelConfig,
  backward: tf.KernelConfig,
): (readonly [RecordedCall, RecordedCall])[] {
  const y = relu.outputs[0]!
  const joined = { ...normalization, ...kernelOf(forward), outputs: [y, ...normalization.outputs.slice(1)] }
  if (!reluGradient || !normalizationGradient) return [[normalization, joined]]
  const others = normalizationGradient.inputs.filter(([name]) => name !== 'dy')
  const inputs = [...others, ['dy', inputOf(reluGradient, 'dy')] as const, ['y', y] as const]
  return [
    [normalization, joined],
    [normalizationGradient, { ...normalizationGradient, ...kernelOf(backward), inputs }],
  ]
}

function kernelOf({ kernelName, kernelFunc }: tf.KernelConfig): Pick<RecordedCall, 'kernelName' | 'kernelFunc'> {
  return { kernelName, kernelFunc }
}

function inputOf({ inputs }: RecordedCall, name: string): Operand {
  return inputs.find(([given]) => given === name)![1]
}
