import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { transform } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { structureOf } from '../../src/compose/composedSource.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { randomComposition } from './randomComposition.ts'
import { recordModel } from './recordModel.ts'
import { structureSpecs } from './structureSpecs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The scripts to compile and to lint, apart from those that run. */
const checked = mkdtempSync(fileURLToPath(new URL('.scripts-', import.meta.url)))
mkdirSync(join(checked, 'wasm-training'))
const folder = mkdtempSync(fileURLToPath(new URL('.scripts-', import.meta.url)))
afterAll(() => {
  for (const each of [folder, checked]) rmSync(each, { recursive: true })
})
beforeAll(async () => {
  await tf.setBackend('cpu')
})

const emitter = createEmitter()

/** Compiles a spec with its structure and without it; the scripts have only a model, which needs no engine of its own. */
async function compile(text: string, runtime: 'standalone' | 'package' = 'standalone') {
  const { spec, shaped, source, diagnostics } = checkText(text, 'structure.yaml', { host: nodeHost })
  if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const program = lowerGraph(spec, shaped)
  const options = { backend: 'wasm', runtime, specFile: 'structure.yaml', specText: text, version: '0.0.0' } as const
  const structured = await emitter.emitProgram(program, { ...options, structure: structureOf(source) })
  const flat = await emitter.emitProgram(program, options)
  return { structured: structured.text, flat: flat.text, assets: structured.assets }
}

let count = 0

async function build(script: string): Promise<tf.LayersModel> {
  const path = join(folder, `${(count += 1)}.ts`)
  const kernels = 'const startEngine = () => {}, registerTrainingKernels = () => {}'
  writeFileSync(path, script.replace(/^import \{ .* \} from '\.\/wasm-training\/index\.js'$/m, kernels))
  const { buildModel } = (await import(pathToFileURL(path).href)) as { buildModel(seed: number): tf.LayersModel }
  // Layers without names are numbered for each process.
  return buildModel(3)
}

/** A model as JSON, with the numbers of unnamed layers beginning at 1, and its initial weights. */
function contentOf(model: tf.LayersModel) {
  const text = JSON.stringify(model.toJSON(null, false))
  const names = new Map<string, string>()
  const topology = text.replaceAll(/"(input|[a-z_0-9]+_[A-Z]\w*?)\d+"/g, (whole: string) => {
    names.set(whole, names.get(whole) ?? `"unnamed ${names.size}"`)
    return names.get(whole)!
  })
  return { topology, weights: model.getWeights().map((weight) => [...weight.dataSync()]) }
}

/** The calls of TensorFlow.js in a script. */
async function record(script: string): Promise<readonly string[]> {
  const recorded = script
    .replace(/^import \* as tf from .*$/m, "import type * as tf from '@tensorflow/tfjs'")
    .replace(/^import \{ .* \} from '\.\/wasm-training\/index\.js'$/m, '')
    .replace('export function buildModel(', 'export const buildModel = (tf: any, ')
    .replace(/(buildModel = .*\): tf\.LayersModel) \{$/m, '$1 => {')
  const { code } = await transform(recorded, { loader: 'ts' })
  const { buildModel } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    buildModel(module: unknown, seed: number): unknown
  }
  return recordModel(buildModel)
}

const randomSpecs = 40
const zoo = readdirSync(join(root, 'configs/zoo')).map((name) => `configs/zoo/${name}`)

/** The lines of the scripts of composed specs, at most. */
const budgets: Readonly<Record<string, number>> = {
  'densenet-121': 95,
  mobilenet: 80,
  'resnet-20': 315,
  'resnet-50': 100,
  'u-net': 75,
  'vgg-16': 50,
}

describe('scripts with functions and loops create the layers of flat ones', () => {
  it.each(zoo)('of %s', async (path) => {
    const { structured, flat } = await compile(readFileSync(join(root, path), 'utf8'))
    expect(await record(structured)).toEqual(await record(flat))
    const most = budgets[basename(path, '.yaml')]
    if (most !== undefined) expect(structured.trimEnd().split('\n').length).toBeLessThanOrEqual(most)
  })

  it('of random specs', async () => {
    let shown = 0
    for (let seed = 1; seed <= randomSpecs; seed += 1) {
      const { structured, flat } = await compile(randomComposition(seed))
      expect(await record(structured), `seed ${seed}`).toEqual(await record(flat))
      if (structured !== flat) shown += 1
    }
    expect(shown).toBeGreaterThan(randomSpecs / 2)
  }, 240_000)
})

describe('scripts with functions and loops', () => {
  it('pass the compiler at its strictest, and the linter', async () => {
    const paths: string[] = []
    const specs = Object.values(structureSpecs).map(({ spec }) => spec)
    for (const [place, spec] of specs.entries()) {
      for (const runtime of ['standalone', 'package'] as const) {
        const { structured, assets } = await compile(spec, runtime)
        paths.push(join(checked, `${runtime}${place}.ts`))
        writeFileSync(paths.at(-1)!, structured)
        for (const { fileName, content } of assets) writeFileSync(join(checked, fileName), content)
      }
    }
    const config = join(checked, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }))
    expect(run('typescript/bin/tsc', ['-p', config, '--singleThreaded'])).toBe('')
    const lint = run('oxlint/bin/oxlint', ['--no-ignore', ...paths])
    expect(lint).toContain('Found 0 warnings and 0 errors.')
  }, 240_000)
})

function run(command: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', command), ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return stdout + stderr
}

describe.each(Object.entries(structureSpecs))('%s', (_name, { spec, has = [], functions, loops }) => {
  it('is shown in scripts', async () => {
    const { structured } = await compile(spec)
    const model = structured.slice(structured.indexOf('export function buildModel'), structured.indexOf('\n}\n'))
    const lines = model.split('\n').map((line) => line.trim())
    for (const line of has) expect(lines.join('\n')).toContain(line)
    const found = [...model.matchAll(/^ {2}function (\w+)/gm)].map(([, name]) => name)
    if (functions !== undefined) expect(found).toEqual(functions)
    if (loops !== undefined) expect([...model.matchAll(/^ +for \(/gm)].length).toBe(loops)
  })

  it('gives the model and the initial weights of the flat script', async () => {
    const { structured, flat } = await compile(spec)
    expect(contentOf(await build(structured))).toEqual(contentOf(await build(flat)))
  })
})
