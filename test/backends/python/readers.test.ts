/** The readers of Python scripts, run by Python with NumPy alone. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeNpz } from '../../../src/tasks/export/npz.ts'

const python = process.env['KERAS_PYTHON'] ?? 'python3'
const hasNumpy = spawnSync(python, ['-c', 'import numpy']).status === 0
if (!hasNumpy) process.stderr.write('SKIPPED: no Python with NumPy was found (KERAS_PYTHON names one)\n')

const folder = mkdtempSync(join(tmpdir(), 'shapewright-readers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = `
import sys
from data import read_npz
try:
    read_npz(sys.argv[1], (3,), False, None, train=["x_train", "y_train"], test=["x_test", "y_test"])
    print("read")
except ValueError as error:
    print(error)
`

describe.skipIf(!hasNumpy)('read_npz', () => {
  it.each([
    ['a whole file', (bytes: Buffer) => bytes, 'read'],
    ['a file that was cut', (bytes: Buffer) => bytes.subarray(0, 300), 'is damaged: File is not a zip file'],
    ['a file with a changed number', changeNumber, 'is damaged: Bad CRC-32'],
  ])('reads %s, or says that it is damaged', async (name, change, said) => {
    const values = Float32Array.from({ length: 90 }, (_, index) => index)
    const arrays = [
      { name: 'x_train', shape: [30, 3], values },
      { name: 'y_train', shape: [30], values: values.subarray(0, 30) },
    ]
    const file = join(folder, `${name}.npz`)
    writeFileSync(file, change(Buffer.concat(await encodeNpz(arrays, ''))))
    const { stdout, stderr } = spawnSync(python, ['-c', read, file], {
      cwd: 'src/backends/python/library',
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    })
    expect(stdout + stderr).toContain(said)
  })
})

function changeNumber(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  changed[250] = changed[250]! ^ 1
  return changed
}
