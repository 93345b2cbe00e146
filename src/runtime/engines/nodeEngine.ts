/** Starts the node engine, with or without this package's kernels. */
import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import { fuseBatchNormalization } from '../../patches/batchNormalization.ts'
import { fixGradients } from '../../patches/fixGradients.ts'
import { poolFirstInTraining } from '../../patches/poolingFirst.ts'
import { registerNodeKernels } from '../kernels/nodeKernels.ts'
import { type EngineInfo, type EngineWork } from './engineInfo.ts'
import { supplyRemovedFunctions } from '../../patches/nodeUtil.ts'
import { registerNodeFallbacks } from '../../patches/nodeFallback.ts'

/** Reads how many threads share an operation; an empty text stands for all cores. */
const threadVariable = 'TF_NUM_INTRAOP_THREADS'

/**
 * The operations of a training step below which one thread is faster than several: its operations are so short that handing
 * parts of them to other threads takes longer than it saves. Measured on two cores: `npm run bench -- train`.
 */
const leastShared = 2e8

/**
 * Starts the `node` engine: TensorFlow's C library, through @tensorflow/tfjs-node. The first start in a process determines
 * the number of threads for all later ones.
 *
 * @throws KnownError if the package or its native part is not installed.
 */
export async function startNodeEngine({ stepFlops = Infinity }: EngineWork = {}): Promise<EngineInfo> {
  if (stepFlops < leastShared) process.env[threadVariable] ??= '1'
  await startStockNode()
  registerNodeKernels()
  registerNodeFallbacks()
  fixGradients()
  poolFirstInTraining()
  fuseBatchNormalization()
  const version = readTensorFlowVersion(tf.backend())
  const threads = process.env[threadVariable] === '1' ? ' in one thread' : ''
  return { name: 'node', version, detail: `tfjs-node on TensorFlow ${version}${threads}` }
}

/**
 * Starts tfjs-node without this package's kernels and gradients.
 *
 * @throws KnownError if the package or its native part is not installed.
 */
export async function startStockNode(): Promise<void> {
  supplyRemovedFunctions()
  // Errors reach the caller as exceptions; what TensorFlow logs as one is often a rewrite of a graph that it gave up.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3'
  try {
    await import('@tensorflow/tfjs-node')
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error
    throw new KnownError(
      'engine',
      `The node engine is not installed: ${reason}`,
      'Run `npm install @tensorflow/tfjs-node`, which includes the native part.',
    )
  }
  await tf.setBackend('tensorflow')
  await tf.ready()
}

/** Reads the version of libtensorflow from the native binding, which the types of the backend do not declare. */
function readTensorFlowVersion(backend: object): string {
  if ('binding' in backend && typeof backend.binding === 'object' && backend.binding !== null) {
    const { binding } = backend
    if ('TF_Version' in binding && typeof binding.TF_Version === 'string') return binding.TF_Version
  }
  return 'unknown'
}
