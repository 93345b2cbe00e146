/** The command `import`: what it writes, prints and returns. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { SearchWork } from '../../src/tasks/import/printing/searchWork.ts'
import { inputLayer, layer, sequential, writeJson } from '../tasks/import/kerasFiles.ts'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const tiny = join(import.meta.dirname, '../tasks/import/tiny.keras')

it('writes a spec and its weights, which check accepts', async () => {
  const out = temporaryFolder()
  const imported = await callCommand(['import', tiny, '--out', out])
  expect(imported).toMatchObject({ code: 0, stderr: 'imported 13 layers with 161 parameters\n' })
  expect(imported.stdout).toBe(`${join(out, 'tiny.yaml')}\n${join(out, 'tiny.safetensors')}\n`)
  expect((await callCommand(['check', join(out, 'tiny.yaml')])).code).toBe(0)
  expect((await callCommand(['import', tiny, '--out', out])).code).toBe(0)
})

it('notes that the search for structure has reached its limit', async () => {
  const limit = vi.spyOn(SearchWork.prototype, 'isSpent', 'get').mockReturnValue(true)
  const { code, stderr } = await callCommand(['import', tiny, '--out', temporaryFolder()])
  limit.mockRestore()
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'imported 13 layers with 161 parameters\nnote: The search for repeated structure in 13 layers reached its limit: the spec could have more blocks and repeats.\n',
  })
})

it('keeps a spec that was edited, unless --force is given', async () => {
  const out = temporaryFolder()
  writeFileSync(join(out, 'tiny.yaml'), 'name: mine\n')
  const kept = await callCommand(['import', tiny, '--out', out])
  expect(kept).toMatchObject({ code: 2, stdout: '' })
  expect(kept.stderr).toContain('tiny.yaml exists, and shapewright did not write it')
  expect(readdirSync(out)).toEqual(['tiny.yaml'])
  expect((await callCommand(['import', tiny, '--out', out, '--force'])).code).toBe(0)
  expect(readFileSync(join(out, 'tiny.yaml'), 'utf8')).toMatch(/^name: tiny\n/)
})

const lambda = sequential([inputLayer([3]), layer('Attention', { name: 'look' }), layer('Lambda', { name: 'code' })])

it('lists what cannot be imported, and writes nothing', async () => {
  const folder = temporaryFolder()
  const file = writeJson(folder, lambda)
  const result = await callCommand(['import', file, '--out', join(folder, 'out')])
  expect(result).toMatchObject({ code: 1, stdout: '' })
  expect(result.stderr.split('\n')).toEqual([
    `error: ${file}: layers[1] (look): there is no layer like \`Attention\``,
    `error: ${file}: layers[2] (code): a \`Lambda\` contains Python code, which is never run`,
    'help: Replace it by layers, or export the model to ONNX.',
    '',
  ])
  expect(existsSync(join(folder, 'out'))).toBe(false)
  const asJson = await callCommand(['import', file, '--format', 'json'])
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    version: 1,
    files: [],
    problems: [{ place: 'layers[1] (look)' }, {}],
  })
})

it.each([
  ['sequential_3', [], 'model.yaml'],
  ['functional_3', ['--name', 'sequential'], 'sequential.yaml'],
  ['tower', [], 'tower.yaml'],
])('calls the spec of a model named %s %o: %s', async (name, options, written) => {
  const folder = temporaryFolder()
  const layers = [inputLayer([3]), layer('Dense', { name: 'a', units: 2 })]
  const file = writeJson(folder, { ...sequential(layers), config: { name, layers } }, 'model.json')
  const { stdout } = await callCommand(['import', file, '--out', folder, ...options])
  expect(stdout).toBe(`${join(folder, written)}\n`)
})

it('names the file that it cannot read', async () => {
  const file = writeJson(temporaryFolder(), 'not a model', 'model.h5')
  const result = await callCommand(['import', file])
  expect(result.code).toBe(2)
  expect(result.stderr).toBe(
    `error: ${file} is in no format that can be imported.\nhelp: Files of Keras (.keras, .h5, config.json), model.json of TensorFlow.js and ONNX files can be imported.\n`,
  )
})
