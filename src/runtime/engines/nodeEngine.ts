import * as tf from '@tensorflow/tfjs'
import { createRequire } from 'node:module'
import { KnownError } from '../../system/knownError.ts'
import { mendGradients } from '../gradients/mendGradients.ts'
import { registerNodeKernels } from '../kernels/nodeKernels.ts'
import { type EngineInfo } from './engineInfo.ts'
import { registerNodeFallbacks } from './nodeFallback.ts'

/**
 * Starts the `node` engine: TensorFlow's own C library, through @tensorflow/tfjs-node.
 *
 * @throws KnownError where the package or its native part is not installed.
 */
export async function startNodeEngine(): Promise<EngineInfo> {
  await startStockNode()
  registerNodeKernels()
  registerNodeFallbacks()
  mendGradients()
  const version = readTensorFlowVersion(tf.backend())
  return { name: 'node', version, detail: `tfjs-node on TensorFlow ${version}` }
}

/**
 * Starts tfjs-node as it is, without our kernels and gradients.
 *
 * @throws KnownError where the package or its native part is not installed.
 */
export async function startStockNode(): Promise<void> {
  supplyRemovedUtilFunctions()
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  try {
    await import('@tensorflow/tfjs-node')
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error
    throw new KnownError(
      'engine',
      `The node engine is not installed: ${reason}`,
      'Run `npm install @tensorflow/tfjs-node`, which brings the native part along.',
    )
  }
  await tf.setBackend('tensorflow')
  await tf.ready()
}

/**
 * tfjs-node 4.22 calls type checks of node:util that Node 23 removed; without them it fails while it loads or runs
 * (https://nodejs.org/api/deprecations.html, DEP0044 to DEP0057).
 */
function supplyRemovedUtilFunctions(): void {
  const util: Record<string, unknown> = createRequire(import.meta.url)('node:util')
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isUndefined: (value: unknown) => value === undefined,
    isNull: (value: unknown) => value === null,
    isArray: Array.isArray,
    isBoolean: (value: unknown) => typeof value === 'boolean',
    isNumber: (value: unknown) => typeof value === 'number',
    isString: (value: unknown) => typeof value === 'string',
    isFunction: (value: unknown) => typeof value === 'function',
    isObject: (value: unknown) => typeof value === 'object' && value !== null,
  }
  for (const [name, supplied] of Object.entries(removed)) util[name] ??= supplied
}

/** libtensorflow's version stands in the native binding, which the types of the backend do not show. */
function readTensorFlowVersion(backend: object): string {
  if ('binding' in backend && typeof backend.binding === 'object' && backend.binding !== null) {
    const { binding } = backend
    if ('TF_Version' in binding && typeof binding.TF_Version === 'string') return binding.TF_Version
  }
  return 'unknown'
}
