/** `init`: each template checks, knows the schema, and trains once its data is there. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

it.each(['mnist-cnn', 'cifar10-cnn', 'csv', 'image-folder'])('--template %s', async (template) => {
  const cwd = temporaryFolder()
  expect(await callCommand(['init', 'mine', '--template', template], { cwd })).toMatchObject({ code: 0 })
  const text = readFileSync(join(cwd, 'mine.yaml'), 'utf8')
  const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)!
  expect(existsSync(join(cwd, schema!))).toBe(true)
  expect(text).toMatch(/^name: mine$/m)
  const checked = await callCommand(['check', 'mine.yaml', '--max-warnings', '0'], { cwd })
  // What a table holds is not known without it.
  if (template === 'csv') expect(checked.stdout).toMatch(/^error\[data\/unknown-shape\][^]*\nmine\.yaml: 1 error\n$/)
  else expect(checked).toMatchObject({ code: 0 })
  expect(await callCommand(['init', 'mine', '--template', template], { cwd })).toMatchObject({ code: 2 })
  expect(await callCommand(['init', '--help'], { cwd })).toMatchObject({ stdout: expect.stringContaining(template) })
})

it('refuses an unknown template', async () => {
  const result = await callCommand(['init', 'mine', '--template', 'toString'], { cwd: temporaryFolder() })
  expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(/no template toString\nhelp: .*image-folder/) })
})

it('the csv template trains on a table', { timeout: 120_000 }, async () => {
  const cwd = temporaryFolder()
  const rows = Array.from({ length: 60 }, (_row, index) => `${index % 7},${(index * 3) % 11},${'abc'[index % 3]}`)
  writeFileSync(join(cwd, 'data.csv'), `width,height,label\n${rows.join('\n')}\n`)
  await callCommand(['init', 'mine', '--template', 'csv'], { cwd })
  const result = await callCommand(['train', 'mine.yaml', '--epochs', '1', '--backend', 'cpu'], { cwd })
  expect(result).toMatchObject({ code: 0 })
})

it('the image template trains on a folder of images', { timeout: 120_000 }, async () => {
  const cwd = temporaryFolder()
  for (const [shade, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(cwd, 'images', name), { recursive: true })
    for (let index = 0; index < 10; index += 1) {
      const data = new Uint8Array(8 * 8 * 3).map((_byte, at) => shade * 120 + ((at * (index + 3)) % 90))
      writeFileSync(join(cwd, 'images', name, `${index}.png`), encode({ width: 8, height: 8, channels: 3, data }))
    }
  }
  await callCommand(['init', 'mine', '--template', 'image-folder'], { cwd })
  const result = await callCommand(['train', 'mine.yaml', '--epochs', '1'], { cwd })
  expect(result).toMatchObject({ code: 0 })
})
