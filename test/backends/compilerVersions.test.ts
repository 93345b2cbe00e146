/** Every script in generated/ compiles at the strictest settings of the versions of TypeScript that people have. */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The repository's own settings, and the rest of https://github.com/tsconfig/bases/blob/main/bases/strictest.json. */
const config = {
  extends: '../tsconfig.json',
  compilerOptions: { allowUnreachableCode: false, allowUnusedLabels: false, isolatedModules: true },
  include: ['../generated/*.ts'],
  exclude: [],
}
const configPath = at(`node_modules/.generated-${process.pid}.tsconfig.json`)
beforeAll(() => writeFileSync(configPath, JSON.stringify(config)))
afterAll(() => rmSync(configPath))

/** Where npm puts each, by package.json. */
const compilers = { 5: 'typescript5', 6: 'typescript6', 7: 'typescript' }

describe.each(Object.entries(compilers))('TypeScript %s', (major, folder) => {
  const bin = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [at(`node_modules/${folder}/bin/tsc`), ...args], {
      encoding: 'utf8',
    })
    return { status, output: stdout + stderr }
  }

  it('compiles the scripts in generated/', { timeout: 300_000 }, () => {
    expect(bin('--version').output, 'run `npm ci`').toMatch(new RegExp(`^Version ${major}\\.`))
    expect(bin('-p', configPath)).toEqual({ status: 0, output: '' })
  })
})

// `npm install` links the last installed of several packages that have a `tsc`; `npm ci` links that of `typescript`.
it('leaves `npx tsc` as TypeScript 7', () => {
  const { stdout } = spawnSync(at('node_modules/.bin/tsc'), ['--version'], { encoding: 'utf8', shell: true })
  expect(stdout, 'run `npm ci`').toMatch(/^Version 7\./)
})
