/**
 * The rows of all layers' own tests, as a script: it must pass the compiler, and its models must be those that the
 * interpreter builds.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type * as tf from '@tensorflow/tfjs'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { createScriptFolder } from './variants.ts'
import { analyzeCase, type LayerCase } from '../parts/layers/layerHarness.ts'

const rows = vi.hoisted((): [string, LayerCase][] => [])
vi.mock('../parts/layers/layerHarness.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  testLayer: (type: string, cases: readonly LayerCase[]) =>
    rows.push(...cases.map((one): [string, LayerCase] => [type, one])),
  testRejectedLayers: () => undefined,
}))

const layerTests = fileURLToPath(new URL('../parts/layers', import.meta.url))
for (const name of readdirSync(layerTests)) {
  const path = join(layerTests, name)
  if (name.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('testLayer(')) await import(path)
}

const programs = rows.map(([type, one]) => {
  const { spec, shaped } = analyzeCase(type, one)
  return lowerGraph(spec, shaped)
})

const folder = createScriptFolder()
afterAll(() => folder.remove())
const emitter = createEmitter()
const paths = await Promise.all(
  programs.map(async (program, index) => {
    const options = { backend: 'auto', specFile: 'layer.yaml', specText: '', version: '0.0.0' } as const
    const { text } = await emitter.emitProgram(program, options)
    const path = join(folder.path, `layer${index}.ts`)
    writeFileSync(path, text)
    return path
  }),
)

interface Script {
  buildModel(seed: number): tf.LayersModel
}

/** The model without names, which the process numbers where the spec gives none. */
function describeModel(model: tf.LayersModel): unknown {
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer')
  return layers.map((layer) => {
    const text = JSON.stringify({ type: layer.getClassName(), config: layer.getConfig() })
    return JSON.parse(text.replaceAll(/"name":"[^"]*"/g, '"name":""')) as unknown
  })
}

describe('printed layers', () => {
  it('passes the compiler at its strictest', { timeout: 120_000 }, () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const config = join(folder.path, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', config, '--singleThreaded'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
  })

  it('builds the models that the interpreter builds', { timeout: 120_000 }, async () => {
    await startEngine('cpu')
    expect(programs.length).toBeGreaterThan(100)
    for (const [index, program] of programs.entries()) {
      const script = (await import(pathToFileURL(paths[index]!).href)) as Script
      const model = script.buildModel(5)
      const expected = buildModel(program, 5)
      expect(describeModel(model)).toEqual(describeModel(expected))
      model.dispose()
      expected.dispose()
    }
  })
})
