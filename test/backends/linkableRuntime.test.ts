/** The runtime as the build prepares it for the published package: scripts are the same as from its sources. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEmitter, type Emitter, type ScriptLanguage } from '../../src/backends/typescript/emit.ts'
import { parseLinkableRuntime, preparedFile, usePrepared } from '../../src/backends/typescript/linkableRuntime.ts'
import { prepareRuntime } from '../../src/backends/typescript/prepareRuntime.ts'
import { repository } from '../cli/runCli.ts'
import { lowerVariant } from './variants.ts'

const fromSources = createEmitter(parseLinkableRuntime)
let written: string
let fromPrepared: Emitter

beforeAll(async () => {
  written = JSON.stringify(await prepareRuntime())
  fromPrepared = createEmitter(() => usePrepared(JSON.parse(written)))
}, 120_000)

const languages: readonly ScriptLanguage[] = ['ts', 'js']
const cases = ['mnist-cnn', 'cifar10-cnn'].flatMap((name) =>
  languages.flatMap((language) => [false, true].map((singleFile) => ({ name, language, singleFile }))),
)

describe('the prepared runtime', () => {
  it.each(cases)('gives the same script: $name in $language, in a single file: $singleFile', async (variant) => {
    const specFile = `configs/${variant.name}.yaml`
    const specText = readFileSync(join(repository, specFile), 'utf8')
    const program = lowerVariant({ backend: 'auto', spec: specText })
    const options = { ...variant, backend: 'auto', specFile, specText, version: '1.0.0' } as const
    const prepared = await fromPrepared.emitProgram(program, options)
    const parsed = await fromSources.emitProgram(program, options)
    expect(prepared.text === parsed.text, 'differs from what the sources give').toBe(true)
    expect(prepared.assets).toEqual(parsed.assets)
  })

  it('is that of the present sources in dist/ (npm run build)', () => {
    expect(readFileSync(join(repository, 'dist', preparedFile), 'utf8') === written).toBe(true)
  })

  it('says what it lacks', () => {
    expect(() => usePrepared(JSON.parse(written)).ts.find('absent')).toThrow(
      'src/runtime has no declaration called absent',
    )
  })
})
