/**
 * A layer, an optimizer, a loss, a dataset and a rule are added to a copy of the repository by their files and one line of
 * a table each, as CONTRIBUTING.md says; then `check`, `train`, `compile` and the documentation know them.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { newParts, newRule, specOfNewParts } from './newPartFiles.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const copy = temporaryFolder()
const inCopy = (...path: readonly string[]) => join(copy, ...path)
const read = (...path: readonly string[]) => readFileSync(inCopy(...path), 'utf8')

/** Runs a script of the repository, or one of its packages, in the copy. */
function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status, stdout, output: stdout + stderr }
}

const shapewright = (...args: readonly string[]) => run('--import', 'tsx', 'src/cli/main.ts', ...args)

/** Writes the files of a part, and its line of the table: an import, and its name behind the last entry. */
function add(folder: string, name: string, files: Readonly<Record<string, string>>): void {
  for (const [ending, text] of Object.entries(files)) writeFileSync(inCopy(folder, `${name}${ending}`), text)
  const table = inCopy(folder, 'table.ts')
  const lines = readFileSync(table, 'utf8').replace(/(?<=Table: [^=]*= [[{]\n)/, `  ${name},\n`)
  writeFileSync(table, `import { ${name} } from './${name}.ts'\n${lines}`)
}

beforeAll(() => {
  for (const part of ['src', 'scripts', 'configs', 'docs', 'schema', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), inCopy(part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), inCopy('node_modules'))
  for (const { kind, name, files } of newParts) add(`src/parts/${kind}`, name, files)
  add('src/rules', newRule.name, newRule.files)
  writeFileSync(inCopy('spec.yaml'), specOfNewParts)
  const { status, output } = run('--import', 'tsx', 'scripts/generate.ts')
  expect(output).toBe('')
  expect(status).toBe(0)
}, 240_000)

describe('parts that were added by their files and a line of a table', { timeout: 240_000 }, () => {
  it('are known to check, and so is the rule', () => {
    const { status, stdout } = shapewright('check', 'spec.yaml', '--format', 'json')
    const [file] = (JSON.parse(stdout) as { files: { diagnostics: { code: string; message: string }[] }[] }).files
    expect(file?.diagnostics).toMatchObject([{ code: 'meaning/odd-units', message: '1 units are odd' }])
    expect(status).toBe(0)
    writeFileSync(inCopy('wrong.yaml'), specOfNewParts.replace('by: 0.5', 'far: 0.5'))
    expect(shapewright('check', 'wrong.yaml').output).toContain('schema/unknown-key')
  })

  it('train', () => {
    const { status, output } = shapewright('train', 'spec.yaml', '--backend', 'wasm', '--run', 'run')
    expect([status, output]).toEqual([0, expect.any(String)])
    const losses = read('run/metrics.jsonl')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { loss?: number }).loss)
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
  })

  it('compile to a script that type-checks and trains, and type-check themselves', () => {
    expect(shapewright('compile', 'spec.yaml', '-o', 'generated').output).toContain('new-parts.ts')
    for (const called of ['shiftingLayer', 'signDescent', 'quarticError', 'readRamp'])
      expect(read('generated/new-parts.ts')).toContain(`function ${called}(`)
    writeFileSync(inCopy('strict.json'), JSON.stringify({ extends: './tsconfig.json', include: ['src', 'generated'] }))
    const { status, output } = run('node_modules/typescript/bin/tsc', '-p', 'strict.json', '--singleThreaded')
    expect([status, output]).toEqual([0, ''])
    expect(run('--import', 'tsx', 'generated/new-parts.ts', '--epochs', '1')).toMatchObject({ status: 0 })
  })

  it('are in the schema and in the documentation', () => {
    const { status, output } = run('--import', 'tsx', 'scripts/generateDocs.ts')
    expect([status, output]).toEqual([0, ''])
    const reference = readdirSync(inCopy('docs/reference'))
      .map((page) => read('docs/reference', page))
      .join('\n')
    for (const { name } of newParts) {
      expect(read('schema/shapewright.schema.json')).toContain(`"${name}": {`)
      expect(reference).toContain(`# ${name}`)
    }
    expect(shapewright('explain', 'meaning/odd-units').output).toContain('Pairs are left with one over.')
  })
})
