/** ONNX files with arrays in other files, which must be in the folder of the model. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOnnx } from '../../../../src/tasks/import/onnx/readOnnx.ts'
import { message, model, node } from './onnxFiles.ts'
import { temporaryFolder } from '../../../temporaryFolder.ts'

describe('arrays in other files', () => {
  const folder = temporaryFolder()
  const inside = join(folder, 'model')
  mkdirSync(inside)
  const bytes = new Uint8Array(Float32Array.from({ length: 108 }, () => 1).buffer)
  writeFileSync(join(folder, 'secret.bin'), bytes)
  writeFileSync(join(inside, 'net.bin'), bytes)
  mkdirSync(join(inside, 'sub'))
  symlinkSync(join(folder, 'secret.bin'), join(inside, 'link.bin'))
  symlinkSync(folder, join(inside, 'up'))

  const readFrom = (location: string, entries: Readonly<Record<string, string>> = {}) => {
    const stated = Object.entries({ location, ...entries }).map(
      ([key, text]) => [13, message([1, key], [2, text])] as const,
    )
    const external = message(...[4, 3, 3, 3].map((size) => [1, size] as const), [2, 1], [8, 'w'], ...stated, [14, 1])
    return readOnnx(model({ nodes: [node('y', 'Conv', ['x', 'w'])], arrays: [external] }), join(inside, 'net.onnx'))
  }

  it('are read from the folder of the model', () => {
    const { network, problems } = readFrom('net.bin')
    expect(problems).toEqual([])
    expect([...network.weights.values()][0]?.[0]?.values).toEqual(new Float32Array(108).fill(1))
  })

  it.each([
    { location: '../secret.bin', want: /outside of the folder/ },
    { location: join(folder, 'secret.bin'), want: /outside of the folder/ },
    { location: 'sub/../../secret.bin', want: /outside of the folder/ },
    { location: '..\\secret.bin', want: /outside of the folder/ },
    { location: 'C:secret.bin', want: /outside of the folder/ },
    { location: 'link.bin', want: /outside of the folder/ },
    { location: 'up/secret.bin', want: /outside of the folder/ },
    { location: '', want: /outside of the folder/ },
    { location: 'missing.bin', want: /which is missing/ },
    { location: 'net.bin', entries: { offset: '4' }, want: /takes 432 bytes from "net.bin", which has 432/ },
    { location: 'net.bin', entries: { offset: '-4' }, want: /takes 432 bytes/ },
    { location: 'net.bin', entries: { length: '99999999999' }, want: /takes 432 bytes/ },
    { location: 'sub', want: /is not a file/ },
  ])('are refused from $location $entries', ({ location, entries, want }) => {
    const { problems } = readFrom(location, entries ?? {})
    expect(problems.map(({ message: text }) => text)).toEqual([expect.stringMatching(want)])
  })
})
