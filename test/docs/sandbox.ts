/** A folder in which the commands of a page run: specs with a few made-up samples, runs, pictures and tables, and commands that need no installation. */
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callCommand } from '../cli/callCommand.ts'
import { bin, repository } from '../cli/runCli.ts'

export interface Outcome {
  readonly code: number | null
  readonly output: string
}

/** Within the repository, so that scripts find its packages; git ignores it. */
export function createSandbox(): string {
  const folder = mkdtempSync(join(repository, 'test', '.docs-'))
  cpSync(join(repository, 'configs'), join(folder, 'configs'), { recursive: true })
  for (const name of ['mnist-cnn', 'mnist-two-heads']) limitFile(join(folder, 'configs', `${name}.yaml`))
  cpSync(join(repository, 'docs', 'examples'), join(folder, 'docs', 'examples'), { recursive: true })
  cpSync(join(folder, 'docs'), join(folder, 'node_modules', 'shapewright', 'docs'), { recursive: true })
  const spec = readFileSync(join(folder, 'configs', 'mnist-cnn.yaml'), 'utf8')
  writeFileSync(join(folder, 'spec.yaml'), `${spec}augment: [{ randomCrop: { padding: 2 } }]\n`)
  writeFileSync(join(folder, 'digits.yaml'), spec.replace('name: mnist-cnn', 'name: digits'))
  const picture = join(folder, 'docs', 'examples', 'seven.png')
  for (const target of ['photos', 'data/flowers/daisy', 'data/flowers/rose']) {
    for (const index of [1, 2, 3, 4]) cpSync(picture, join(folder, target, `${index}.png`))
  }
  writeTools(join(folder, 'bin'))
  return folder
}

/** A copy of a sandbox, with its runs. */
export function copySandbox(from: string): string {
  const folder = mkdtempSync(join(repository, 'test', '.docs-'))
  cpSync(from, folder, { recursive: true })
  writeTools(join(folder, 'bin'))
  return folder
}

/** The spec with 64 made-up samples in place of a published dataset. */
export function limitSamples(spec: string): string {
  return spec
    .replace(
      /^dataset: (mnist|fashionMnist)\b.*/m,
      'dataset: { synthetic: { shape: [28, 28, 1], train: 64, test: 32 } }',
    )
    .replace(/^dataset: cifar10\b.*/m, 'dataset: { synthetic: { shape: [32, 32, 3], train: 64, test: 32 } }')
}

/** Does so with a file. */
export function limitFile(path: string): void {
  writeFileSync(path, limitSamples(readFileSync(path, 'utf8')))
}

/** `shapewright` and `npx` as they are after an installation. */
function writeTools(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const tsx = join(repository, 'node_modules', '.bin', 'tsx')
  const tools = {
    shapewright: `exec "${process.execPath}" "${bin}" "$@"`,
    generate: 'cat spec.yaml',
    npx: `tool=$1; shift\ncase $tool in\n  shapewright) exec "${process.execPath}" "${bin}" "$@" ;;\n  tsx) exec "${tsx}" "$@" ;;\nesac\necho "npx $tool is not in the sandbox" >&2; exit 127`,
  }
  for (const [name, text] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, name), 0o755)
  }
}

/** A command of words alone, without what a shell would treat. */
const plainCommand = /^npx shapewright ([\w./:=, -]+)$/

export async function runLine(line: string, folder: string): Promise<Outcome> {
  const [, words] = plainCommand.exec(line.trim()) ?? []
  if (words === undefined) return runInShell(line, folder)
  const { code, stdout, stderr } = await callCommand(words.trim().split(/ +/), { cwd: folder })
  return { code, output: stdout + stderr }
}

function runInShell(line: string, folder: string): Promise<Outcome> {
  return new Promise((done, fail) => {
    const env = {
      ...process.env,
      NO_COLOR: '1',
      FORCE_COLOR: '0',
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    }
    const child = spawn('bash', ['-c', line], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 240_000 })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', fail)
    child.on('close', (code) => done({ code, output }))
  })
}
