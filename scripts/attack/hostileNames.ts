/** Puts control characters, escapes and path separators into names: of specs, classes, files and columns. */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawHostileText } from '../fuzz/hostileText.ts'
import type { RandomSource } from '../fuzz/randomSource.ts'
import { describeResult, judge } from './judge.ts'
import { spec, type Sandbox } from './sandbox.ts'

/** Draws a name that file systems accept: no slash, no NUL, at most 80 characters. */
function drawFileName(random: RandomSource): string {
  const escapes = ['\x1b[31m', '\x1b]0;title\x07', '\u009b2J', '\u202e', '\x7f', '\r', '\n', '\u2066']
  const text = `${random.pick(escapes)}${drawHostileText(random)}`.replaceAll(/[\0/]/g, '_').slice(0, 60)
  // File systems store lone surrogates as U+FFFD.
  return Buffer.from(text).toString()
}

/** Checks that commands print no control character and no stack trace if a class, a file and the spec have hostile names. */
export async function attackNames(sandbox: Sandbox, random: RandomSource): Promise<string | undefined> {
  const folder = `hostile-${random.integer(0, 1e9)}`
  const [className, fileName, specName, title] = Array.from({ length: 4 }, () => drawFileName(random)) as [
    string,
    string,
    string,
    string,
  ]
  mkdirSync(sandbox.path(folder))
  cpSync(sandbox.path('pictures'), sandbox.path(folder, 'pictures'), { recursive: true })
  cpSync(sandbox.path('pictures', 'dark'), sandbox.path(folder, 'pictures', className), { recursive: true })
  writeFileSync(sandbox.path(folder, 'pictures', 'light', `${fileName}.png`), 'no picture')
  const specFile = join(folder, `${specName}.yaml`)
  const asString = JSON.stringify(title)
  const changed = random.pick([
    spec,
    spec.replace('name: blobs', `name: ${asString}`),
    spec.replace('- flatten', `- ${asString}`),
    spec.replace('- flatten', `- flatten: { name: ${asString} }`),
    spec.replace('optimizer: adam', `optimizer: ${asString}`),
    spec.replace('metrics: [accuracy]', `metrics: [accuracy, ${asString}]`),
    `${spec}${asString}: 1\n`,
  ])
  writeFileSync(sandbox.path(specFile), changed)
  const args = random.pick([
    ['check', specFile],
    ['check', folder],
    ['check', specFile, '--data'],
    ['check', specFile, '--format', 'github'],
    ['summary', specFile],
    ['data', specFile],
    ['train', specFile, '--backend', 'wasm', '--epochs', '1', '--out', join(folder, 'runs')],
    ['compile', specFile, '-o', join(folder, 'scripts')],
    ['predict', sandbox.original, join(folder, 'pictures', 'light', `${fileName}.png`)],
    ['evaluate', join(folder, specName)],
    ['runs', join(folder, 'runs')],
  ])
  const top = new Set(readdirSync(sandbox.folder))
  const result = await sandbox.run(args)
  const stray = readdirSync(sandbox.folder).filter((name) => !top.has(name))
  rmSync(sandbox.path(folder), { recursive: true })
  const problem = judge(result) ?? (stray.length > 0 ? `it wrote ${JSON.stringify(stray)} elsewhere` : undefined)
  return problem && `${JSON.stringify(args)}: ${problem}\n    ${JSON.stringify(describeResult(result))}`
}
