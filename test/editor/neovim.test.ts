/** A session in a headless Neovim: it opens a broken spec, shows the mistake, applies the fix, and shows a hover. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { bin } from '../cli/runCli.ts'
import { mnist } from './cursor.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const isInstalled = spawnSync('nvim', ['--version']).status === 0
if (!isInstalled) console.log('neovim: SKIPPED, `nvim` is not installed')

it.skipIf(!isInstalled)(
  'shows mistakes, applies a fix, and explains a layer',
  () => {
    const folder = temporaryFolder()
    const [file, out] = [join(folder, 'digits.yaml'), join(folder, 'result.json')]
    const correct = mnist('conv2d: { filters: 8, kernelSize: 3 }', 'flatten', 'dense: { units: 10 }')
    writeFileSync(file, correct.replace('flatten', 'Flatten'))
    const session = fileURLToPath(new URL('neovim/session.lua', import.meta.url))
    const { stderr } = spawnSync('nvim', ['--clean', '--headless', file, '-c', `luafile ${session}`], {
      cwd: folder,
      env: { ...process.env, TEST_NODE: process.execPath, TEST_BIN: bin, TEST_OUT: out },
      encoding: 'utf8',
      timeout: 60_000,
    })
    const result: unknown = JSON.parse(readFileSync(out, 'utf8'))
    expect(result, stderr).toMatchObject({
      found: [{ line: 5, code: 'schema/unknown-layer', message: expect.stringContaining('did you mean `flatten`?') }],
      menu: expect.arrayContaining(['replace `Flatten` with `flatten`']),
      lines: correct.trimEnd().split('\n'),
      hover: expect.stringContaining('**26x26x8**'),
    })
  },
  90_000,
)
