/**
 * The webgpu engine on an adapter in software, each check in a process of its own: WebGPU cannot be stopped. Skipped with a
 * line where the packages or a driver are missing.
 */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { lossTable } from '../../../src/parts/losses/table.ts'
import { optimizerTable } from '../../../src/parts/optimizers/table.ts'
import { drawnTypes } from '../../../scripts/fuzz/randomOptions.ts'
import { runWithAdapter, softwareEnvironment } from './webgpuSetup.ts'
import type { WebgpuResults } from './webgpuChecks.ts'

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

interface Started {
  readonly name?: string
  readonly detail?: string
  readonly isSoftware?: boolean
  readonly message?: string
  readonly help?: string
}

async function start(env?: NodeJS.ProcessEnv): Promise<Started> {
  const { stdout, stderr } = await runWithAdapter(fileOf('webgpuStart.ts'), env)
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Started
}

const started = await start()
const works = started.name === 'webgpu'
if (!works) console.log(`webgpu engine: SKIPPED, ${started.message}`)

describe.skipIf(works)('without the packages or an adapter', () => {
  it('says what is missing and how to get it', () => {
    expect(started.message).toMatch(/^(The webgpu engine is not installed|WebGPU finds no graphics card|The package)/)
    expect(started.help).toMatch(/^(Run `npm install|Install the Vulkan driver|Update)/)
  })
})

describe.skipIf(!works)('on an adapter in software', () => {
  let results: WebgpuResults

  beforeAll(async () => {
    const { stdout, stderr } = await runWithAdapter(fileOf('webgpuChecks.ts'))
    if (stdout === '') throw new Error(stderr)
    results = JSON.parse(stdout) as WebgpuResults
  }, 300_000)

  it('starts, and names the adapter and its driver', () => {
    expect(started).toMatchObject({ detail: expect.stringMatching(/on .+ \(.+\)$/), isSoftware: true })
  })

  it('is refused without the setting that allows software', async () => {
    const { message, help } = await start({ ...softwareEnvironment, SHAPEWRIGHT_WEBGPU: '' })
    expect(message).toMatch(/^WebGPU finds no graphics card, only .+, which computes on the processor/)
    expect(help).toMatch(/set SHAPEWRIGHT_WEBGPU=software\.$/)
  })

  describe('computes what cpu computes, within 3e-6 of the norm', () => {
    it.each(drawnTypes)('the layer %s and its gradients', (type) => {
      expect(results.layers[type]).toBeLessThan(3e-6)
    })
    it.each(Object.keys(lossTable))('the loss %s and its gradient', (loss) => {
      expect(results.losses[loss]).toBeLessThan(3e-6)
    })
    it.each(Object.keys(optimizerTable))('weights and slots of %s', (optimizer) => {
      expect(results.optimizers[optimizer]).toBeLessThan(3e-6)
    })
  })

  it('trains to the same weights each time, also resumed after each step', () => {
    expect(results.digests).toHaveLength(3)
    expect(new Set(results.digests).size).toBe(1)
  })

  it('computes by replaced kernels what cpu computes', () => {
    for (const [kernel, distance] of Object.entries(results.kernels)) expect(distance, kernel).toBeLessThan(3e-6)
  })

  it('adds long sums and the rows of segments in a fixed order', () => {
    expect(new Set(results.sums).size).toBe(1)
  })

  it('replays a step to the same results', () => {
    expect(results.replay.kernels).toBeGreaterThan(0)
    expect(results.replay.isEqual).toBe(true)
  })

  it('keeps no memory from epoch to epoch', () => {
    const bytes = results.memory.map((one) => one.bytes)
    expect(new Set(results.memory.map(({ tensors }) => tensors)).size).toBe(1)
    // Buffers are kept for later steps; how many there are depends on how far the program is ahead of the card.
    expect(Math.max(...bytes), bytes.join(', ')).toBeLessThan(1.01 * bytes[0]!)
  })

  it('finds NaN, and where it started', () => {
    const [plain, diagnosed] = results.diverged
    expect(plain).toMatch(/^The loss became (NaN|Infinity) in epoch 1/)
    expect(diagnosed).toMatch(/^The (loss|weights) became .+ in step \d+ of epoch 1: it started in the layer answer/)
  })
})
