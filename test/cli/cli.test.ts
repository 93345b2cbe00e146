/** What each command prints and exits with. A row is a call and what must come of it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()
const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const good = 'name: tiny\ninput: { shape: [7, 7, 1] }\nlayers:\n  - conv2d: { filters: 2, kernelSize: 3 }\n'
const broken = good.replace('kernelSize: 3', 'kernelSize: 9')
const warned = `${good}  - conv2d: { filters: 2, kernelSize: 3, name: unused }\n  - flatten: { inputs: conv2d }\n`
const files = {
  good: write('good.yaml', good),
  broken: write('broken.yaml', broken),
  warned: write('warned.yaml', warned),
  latin: join(folder, 'latin.yaml'),
}
writeFileSync(files.latin, Buffer.from([0x6e, 0x3a, 0xe9, 0x0a]))

interface Row {
  readonly args: readonly string[]
  readonly code: number
  readonly stdout?: RegExp
  readonly stderr?: RegExp
  readonly input?: string
}

const rows: readonly Row[] = [
  { args: ['--version'], code: 0, stdout: /^\d+\.\d+\.\d+\n$/ },
  { args: ['--help'], code: 0, stdout: /check .*\n(.*\n)*.*train/ },
  ...[
    'init',
    'check',
    'summary',
    'train',
    'evaluate',
    'predict',
    'report',
    'runs',
    'diff',
    'export',
    'compile',
    'explain',
    'doctor',
    'schema',
  ].map((command) => ({
    args: [command, '--help'],
    code: 0,
    stdout: new RegExp(`Usage: shapewright ${command}`),
  })),
  { args: ['setup', 'native', '--help'], code: 0, stdout: /Usage: shapewright setup native/ },
  { args: ['help'], code: 0, stdout: /^Usage: shapewright \[options\]/ },
  { args: ['help', 'check'], code: 0, stdout: /^Usage: shapewright check/ },
  { args: ['help', 'data', 'get'], code: 0, stdout: /^Usage: shapewright data get/ },
  { args: ['help', 'setup'], code: 0, stdout: /^Usage: shapewright setup \[options\]/ },
  { args: ['help', 'chekc'], code: 2, stdout: /^$/, stderr: /unknown command 'chekc'\n\(Did you mean check\?\)/ },
  { args: ['setup', 'nativ', '--help'], code: 2, stderr: /unknown command 'nativ'\n\(Did you mean native\?\)/ },
  { args: [], code: 2, stderr: /Usage: shapewright/ },
  { args: ['chekc'], code: 2, stderr: /unknown command 'chekc'\n\(Did you mean check\?\)/ },
  { args: ['check'], code: 2, stderr: /^error: no spec given\nhelp: pass a YAML file/ },
  { args: ['check', files.good], code: 0, stdout: /^ok .*good\.yaml: 1 layer, 20 parameters, all shapes fit\n$/ },
  { args: ['check', '-'], input: good, code: 0, stdout: /^ok -: 1 layer,/ },
  { args: ['check', '--quiet', files.good], code: 0, stdout: /^$/ },
  { args: ['check', files.broken], code: 1, stdout: /error\[shape\/kernel-exceeds-input\]/ },
  { args: ['check', files.good, files.broken], code: 1, stdout: /ok .*good\.yaml/ },
  { args: ['check', files.warned], code: 0, stdout: /warning\[graph\/unused-layer\]/ },
  { args: ['check', '--max-warnings', '0', files.warned], code: 1, stderr: /1 warning, but --max-warnings is 0/ },
  { args: ['check', '--max-warnings', 'x', files.warned], code: 2, stderr: /whole number/ },
  { args: ['check', join(folder, 'nothing.yaml')], code: 2, stderr: /there is no file .*nothing\.yaml/ },
  { args: ['check', files.latin], code: 2, stdout: /^$/, stderr: /is not UTF-8 text/ },
  {
    args: ['check', files.latin, files.broken, files.good],
    code: 2,
    stdout: /kernel-exceeds-input(.*\n)*ok .*good\.yaml/,
    stderr: /^error: .*latin\.yaml is not UTF-8 text\nhelp: save it as UTF-8\n$/,
  },
  {
    args: ['compile', join(folder, 'nothing.yaml'), files.good, '-o', join(folder, 'scripts')],
    code: 2,
    stdout: /^.*tiny\.ts\n$/,
    stderr: /^error: there is no file .*nothing\.yaml\n/,
  },
  { args: ['check', '--fix', '-'], input: good, code: 2, stderr: /cannot change standard input/ },
  {
    args: ['check', '--format', 'github', files.broken],
    code: 1,
    stdout: /^::error file=.*,line=4,.*::the 9x9 kernel/,
  },
  {
    args: ['check', '--format', 'xml', files.good],
    code: 2,
    stderr: /Allowed choices are pretty, json, sarif, github/,
  },
  { args: ['summary', files.good], code: 0, stdout: /Total params: +20 \(80 B\)/ },
  { args: ['summary', '--format', 'mermaid', files.good], code: 0, stdout: /^flowchart TD\n/ },
  { args: ['summary', '--format', 'dot', files.good], code: 0, stdout: /^digraph "tiny"/ },
  { args: ['summary', '--format', 'svg', files.good], code: 0, stdout: /^<svg[^>]*xmlns=[^]*<style>[^]*<\/svg>\n$/ },
  { args: ['summary', files.broken], code: 1, stderr: /kernel-exceeds-input/ },
  { args: ['train', files.good], code: 2, stderr: /has no `dataset`, `optimizer` or `loss`/ },
  { args: ['train', files.broken], code: 1, stderr: /kernel-exceeds-input/ },
  { args: ['train', files.good, '--epochs', '0'], code: 2, stderr: /whole number, at least 1/ },
  { args: ['evaluate', folder], code: 2, stderr: /is not a run folder/ },
  { args: ['runs', join(folder, 'nothing')], code: 2, stderr: /there is no folder .*nothing\nhelp: .*train/ },
  { args: ['runs', folder], code: 0, stdout: /^$/, stderr: /there are no runs in/ },
  { args: ['runs', folder, '--format', 'json'], code: 0, stdout: /"runs": \[\]/ },
  { args: ['diff', files.good, files.good], code: 0, stdout: /The specs are equal/ },
  { args: ['diff', files.good, files.warned], code: 1, stdout: /\+ {2}flatten/ },
  { args: ['diff', files.good, files.warned, '--format', 'json'], code: 1, stdout: /"kind": "added"/ },
  { args: ['diff', files.good, files.broken], code: 2, stderr: /broken\.yaml has errors\nhelp: .*check/ },
  { args: ['diff', files.good, folder], code: 2, stderr: /is not a run folder/ },
  { args: ['report', files.good], code: 2, stderr: /good\.yaml is a file, not a run folder\nhelp: .*train/ },
  {
    args: ['import', files.good, '--name', '../up'],
    code: 2,
    stderr: /^error: --name must be a letter, .* not "\.\.\/up"/,
  },
  { args: ['report', folder], code: 2, stderr: /is not a run folder\nhelp: .*train/ },
  { args: ['explain', 'shape/kernel-exceeds-input'], code: 0, stdout: /larger than its input/ },
  { args: ['explain', 'shape/kernel-exceed-input'], code: 2, stderr: /did you mean shape\/kernel-exceeds-input\?/ },
  { args: ['studio', folder, '--port', '65536'], code: 2, stderr: /--port <n>' .* at most 65535\./ },
  { args: ['init', '1st'], code: 2, stderr: /1st is not a valid name/ },
]

describe('the command line', () => {
  it.each(rows)('$args exits with $code', async ({ args, code, stdout, stderr, input }) => {
    const result = await runCli(args, { ...(input !== undefined && { input }) })
    expect(result).toMatchObject({ code })
    if (stdout) expect(result.stdout).toMatch(stdout)
    if (stderr) expect(result.stderr).toMatch(stderr)
    expect(result.stderr).not.toMatch(/^ {4}at /m)
  })

  it('init writes a valid spec, and keeps a file of that name', async () => {
    const cwd = temporaryFolder()
    expect(await runCli(['init', 'first'], { cwd })).toMatchObject({ code: 0, stdout: 'wrote first.yaml\n' })
    expect(await runCli(['check', 'first.yaml'], { cwd })).toMatchObject({ code: 0 })
    expect(await runCli(['init', 'first'], { cwd })).toMatchObject({ code: 2 })
    expect(await runCli(['init', 'first', '--force', '--template', 'cifar10-cnn'], { cwd })).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'first.yaml'), 'utf8')).toMatch(/^name: first$/m)
  })

  it('check --fix fixes a file in place', async () => {
    const path = write('foreign.yaml', `${good}# kept\n`.replace('kernelSize', 'kernel_size'))
    expect(await runCli(['check', '--fix', path])).toMatchObject({ code: 0, stderr: `${path}: 1 fix applied\n` })
    expect(readFileSync(path, 'utf8')).toBe(`${good}# kept\n`)
  })

  const guessed = `${good}# kept\n`.replace('kernelSize', 'kernel_size').replace('filters', 'filtters')
  const rewritten = `${good}# kept\n`.replace('filters', 'filtters')
  it.each([
    ['check --fix SPEC', (path: string) => ['check', '--fix', path], rewritten],
    ['check SPEC --fix', (path: string) => ['check', path, '--fix'], rewritten],
    ['check --fix=rewrites SPEC', (path: string) => ['check', '--fix=rewrites', path], rewritten],
    ['check --fix=all SPEC', (path: string) => ['check', '--fix=all', path], `${good}# kept\n`],
    ['check SPEC --fix=all', (path: string) => ['check', path, '--fix=all'], `${good}# kept\n`],
    ['check SPEC', (path: string) => ['check', path], guessed],
  ])('%s applies its fixes, and lists them', async (_title, args, after) => {
    const path = write('guessed.yaml', guessed)
    const { stdout, stderr } = await runCli(args(path))
    expect(readFileSync(path, 'utf8')).toBe(after)
    const listed = stdout.split('\n').filter((line) => line.includes(' → '))
    const line = guessed.split('\n').findIndex((one) => one.includes('kernel_size')) + 1
    const all = [`${path}:${line}: filtters → filters`, `${path}:${line}: kernel_size → kernelSize`]
    const applied = after === guessed ? [] : after === rewritten ? all.slice(1) : all
    expect(listed).toEqual(applied)
    if (after === rewritten)
      expect(stderr).toContain('1 fix applied; `shapewright check --fix=all` applies 1 suggestion')
  })

  it('check --fix writes only the given files', async () => {
    const cwd = temporaryFolder()
    for (const name of ['a.yaml', 'b.yaml']) writeFileSync(join(cwd, name), guessed)
    await runCli(['check', '--fix', 'a.yaml'], { cwd })
    expect(readFileSync(join(cwd, 'b.yaml'), 'utf8')).toBe(guessed)
    expect(await runCli(['check', '--fix=none', 'a.yaml'], { cwd })).toMatchObject({ code: 2 })
  })

  it('a pipe that closes early is not a failure', async () => {
    const { spawnSync } = await import('node:child_process')
    const { bin } = await import('./runCli.ts')
    const shell = spawnSync('sh', ['-c', '"$0" "$1" schema | head -n 1', process.execPath, bin], { encoding: 'utf8' })
    expect(shell).toMatchObject({ stdout: '{\n', stderr: '' })
  })
})
