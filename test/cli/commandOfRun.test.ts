/** The command that is saved with a run. */
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.ts'
import { commandOfRun } from '../../src/cli/commandOfRun.ts'

const stated = analyze('training: { epochs: 3, threads: auto }\nlayers: []', 'net.yaml').spec
const engine = { name: 'wasm', version: '4', detail: '' } as const

it.each([
  ['net.yaml', stated, undefined, 'shapewright train net.yaml --threads 2 --backend wasm'],
  [resolve('net.yaml'), stated, undefined, 'shapewright train net.yaml --threads 2 --backend wasm'],
  ['/elsewhere/net.yaml', stated, undefined, 'shapewright train /elsewhere/net.yaml --threads 2 --backend wasm'],
  [
    "it's.yaml",
    { ...stated, name: 'b', training: { ...stated.training, epochs: 4 } },
    '/my data',
    String.raw`shapewright train 'it'\''s.yaml' --name b --epochs 4 --threads 2 --data '/my data' --backend wasm`,
  ],
])('%s', (file, trained, data, command) => {
  expect(commandOfRun({ file, stated, trained, data }, { engine, threads: 2 })).toBe(command)
})

it('names no threads on an engine that has its own', () => {
  const conditions = { engine: { ...engine, name: 'node' }, threads: 1 } as const
  expect(commandOfRun({ file: 'net.yaml', stated, trained: stated }, conditions)).toBe(
    'shapewright train net.yaml --backend node',
  )
})
