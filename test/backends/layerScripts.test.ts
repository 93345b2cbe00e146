/**
 * The rows of all layers' own tests, as a script: it must pass the compiler, and its models must be those that the
 * interpreter builds.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Project } from 'ts-morph'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type * as tf from '@tensorflow/tfjs'
import { printModel } from '../../src/backends/typescript/printModel.ts'
import { layerNames } from '../../src/backends/typescript/printTraining.ts'
import { runtimeFolder } from '../../src/backends/typescript/runtimeFolder.ts'
import { createRuntimeLibrary } from '../../src/backends/typescript/runtimeLibrary.ts'
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

const layerTests = fileURLToPath(new URL('../layers', import.meta.url))
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
const path = join(folder.path, 'layers.ts')
const names = [...new Set(programs.flatMap(layerNames))]
const functions = programs.map((program, index) => ({
  ...printModel(program, ['tf', 'seed', ...names]),
  name: `build${index}`,
}))
const project = new Project({ useInMemoryFileSystem: true })
const library = createRuntimeLibrary(new Project({ skipAddingFilesFromTsConfig: true }), runtimeFolder())
const file = project.createSourceFile('layers.ts', {
  statements: [
    "import * as tf from '@tensorflow/tfjs'",
    ...names.map(
      (name) => `import { ${name} } from '${relative(folder.path, library.find(name).file).replaceAll('\\', '/')}'`,
    ),
    ...functions,
  ],
})
writeFileSync(path, file.getFullText())

/** The model but for the one name that tfjs numbers by a counter of the process, and takes from nobody. */
function describeModel(model: tf.LayersModel): unknown {
  return JSON.parse(JSON.stringify(model.toJSON(undefined, false)).replaceAll(/StackedRNNCells\d+/g, 'StackedRNNCells'))
}

describe('what layers print', () => {
  it('passes the compiler at its strictest', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const config = join(folder.path, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', config], { cwd: root, encoding: 'utf8' })
    const lines = file.getFullText().split('\n')
    const errors = stdout.split('\n').filter((line) => line !== '')
    expect(errors.map((error) => `${error}\n${lines[Number(/\((\d+),/.exec(error)?.[1]) - 1]}`)).toEqual([])
  })

  it('builds the models that the interpreter builds', async () => {
    await startEngine('cpu')
    const script = (await import(pathToFileURL(path).href)) as Record<string, (seed: number) => tf.LayersModel>
    expect(programs.length).toBeGreaterThan(100)
    for (const [index, program] of programs.entries()) {
      const model = script[`build${index}`]!(5)
      const expected = buildModel(program, 5)
      expect(describeModel(model)).toEqual(describeModel(expected))
      model.dispose()
      expected.dispose()
    }
  })
})
