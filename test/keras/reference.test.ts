/** Where a Python has Keras (KERAS_PYTHON names one), what it computes now is what the committed reference says. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readReference } from './reference.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const python = process.env['KERAS_PYTHON'] ?? 'python3'
const script = fileURLToPath(new URL('../../scripts/kerasReference.py', import.meta.url))

function canImportKeras(): boolean {
  try {
    execFileSync(python, ['-c', 'import keras, tensorflow; assert keras.__version__ >= "3"'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(!canImportKeras())('the reference', { timeout: 180_000 }, () => {
  it('equals the results of Keras', () => {
    const folder = temporaryFolder()
    const path = join(folder, 'reference.json')
    execFileSync(python, [script, path], { stdio: 'ignore' })
    const [{ keras: _now, ...found }, { keras: _then, ...wanted }] = [readReference(path), readReference()]
    expect(found).toEqual(withTolerance(wanted))
  })
})

function withTolerance(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 4)
  if (Array.isArray(value)) return value.map(withTolerance)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTolerance(one)]))
}
