import * as tf from '@tensorflow/tfjs'
import { describe, expect, it, vi } from 'vitest'
import { isKnownError } from '../../../src/system/knownError.ts'
import { startNodeEngine } from '../../../src/runtime/engines/nodeEngine.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { engineStarts } from '../engineStarts.ts'

describe('startEngine', () => {
  it.each(['wasm', 'cpu'] as const)('starts %s, again and again', async (name) => {
    const handlers = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')
    for (let time = 0; time < 2; time++) {
      const engine = await startEngine(name)
      expect(engine).toMatchObject({ name, version: tf.version.tfjs, faster: 'npx shapewright setup native' })
      expect(tf.getBackend()).toBe(name)
      expect(tf.tidy(() => tf.square(tf.scalar(3)).dataSync()[0])).toBe(9)
    }
    expect(process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')).toBe(handlers)
  })

  it('starts the first that works', async () => {
    expect(['node', 'wasm']).toContain((await startEngine('auto')).name)
  })
})

describe('startNodeEngine', () => {
  it('starts, or says how to install it', async () => {
    const outcome = await startNodeEngine().catch((error: unknown) => error)
    if (isKnownError(outcome, 'engine')) {
      expect(outcome).toMatchObject({
        message: expect.stringContaining('not installed'),
        help: expect.stringContaining('npm install @tensorflow/tfjs-node'),
      })
    } else {
      expect(outcome).toMatchObject({ name: 'node', version: expect.stringMatching(/^\d+\.\d+/) })
    }
  })
})

describe.skipIf(!(await engineStarts('node')))('the threads of the node engine', () => {
  const rows = [
    { what: 'little work', stepFlops: 1e8, want: '1' },
    { what: 'much work', stepFlops: 3e8, want: undefined },
    { what: 'unknown work', want: undefined },
    { what: 'a number that the user chose', stepFlops: 1e8, given: '3', want: '3' },
  ]
  it.each(rows)('with $what', async ({ stepFlops, given, want }) => {
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', given)
    try {
      const { detail } = await startNodeEngine(stepFlops === undefined ? {} : { stepFlops })
      expect(process.env['TF_NUM_INTRAOP_THREADS']).toBe(want)
      expect(detail.endsWith(' in one thread')).toBe(want === '1')
    } finally {
      vi.unstubAllEnvs()
    }
  })
})
