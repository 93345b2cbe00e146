/** Which specs `check` and `compile` find by folders and patterns, in a real tree of files. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { bin } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const tree = temporaryFolder()
const specOf = (name: string) => `name: ${name}\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 2 }\n`
const write = (path: string, text = specOf('net')) => {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), text)
}

beforeAll(() => {
  for (const path of ['b.yaml', 'a.yml', 'deep/one/c.yaml', 'deep/one/two/d.YAML', 'deep/e[1].yaml']) {
    write(`configs/${path}`)
  }
  for (const path of ['node_modules/x.yaml', '.hidden/x.yaml', '.x.yaml', 'deep/node_modules/y/x.yaml']) {
    write(`configs/${path}`)
  }
  write('configs/notes.txt')
  write('mixed/net.yaml')
  write('mixed/compose.yaml', 'name: web\nservices:\n  web: { image: nginx }\n')
  write('mixed/broken.yaml', 'name: x\nlayers: [\n')
  write('mixed/typo.yaml', 'name: x\nlayres:\n  - flatten\n')
  write('foreign/ci.yml', 'name: ci\non: push\njobs: {}\n')
  write('runs/first/spec.yaml')
  write('runs/first/environment.json', '{}')
  write('empty/readme.md')
  write('links/net.yaml')
  symlinkSync('..', join(tree, 'links/up'))
  symlinkSync('.', join(tree, 'links/self'))
  symlinkSync('net.yaml', join(tree, 'links/same.yaml'))
  symlinkSync('circle', join(tree, 'links/circle'))
  symlinkSync('../configs/deep', join(tree, 'links/deep'))
  execFileSync('mkfifo', [join(tree, 'links/pipe.yaml')])
})

const configs = [
  'configs/a.yml',
  'configs/b.yaml',
  'configs/deep/e[1].yaml',
  'configs/deep/one/c.yaml',
  'configs/deep/one/two/d.YAML',
]

interface Row {
  readonly args: readonly string[]
  readonly files: readonly string[]
  readonly stderr?: string | RegExp
  readonly code?: number
}

const found: readonly Row[] = [
  { args: ['configs'], files: configs, stderr: 'checked 5 specs in configs (4 folders)\n' },
  { args: ['configs/'], files: configs, stderr: 'checked 5 specs in configs/ (4 folders)\n' },
  { args: ['./configs'], files: configs },
  { args: [join(tree, 'configs')], files: configs.map((file) => join(tree, file)) },
  {
    args: ['configs/b.yaml', 'configs', './configs/b.yaml'],
    files: ['configs/b.yaml', 'configs/a.yml', ...configs.slice(2)],
  },
  { args: ['configs/**/*.yaml'], files: ['configs/b.yaml', 'configs/deep/e[1].yaml', 'configs/deep/one/c.yaml'] },
  { args: ['./configs/*.{yaml,yml}'], files: ['configs/a.yml', 'configs/b.yaml'] },
  { args: [join(tree, 'configs/*.y?ml')], files: [join(tree, 'configs/b.yaml')] },
  { args: ['configs/[ab].*'], files: ['configs/a.yml', 'configs/b.yaml'] },
  { args: ['{configs,mixed}/{b,net}.yaml'], files: ['configs/b.yaml', 'mixed/net.yaml'] },
  { args: ['config?'], files: configs, stderr: 'checked 5 specs in config? (4 folders)\n' },
  { args: ['configs/@(a|b).*'], files: ['configs/a.yml', 'configs/b.yaml'] },
  { args: ['configs', '!configs/deep/one/**'], files: configs.slice(0, 3) },
  { args: ['configs', '!configs/deep'], files: configs.slice(0, 2) },
  { args: ['!**/deep/**', 'configs/**'], files: configs.slice(0, 2) },
  { args: ['configs/deep/e[1].yaml'], files: ['configs/deep/e[1].yaml'], stderr: '' },
  { args: ['configs/.x.yaml'], files: ['configs/.x.yaml'], stderr: '' },
  { args: ['configs/.hidden'], files: ['configs/.hidden/x.yaml'] },
  {
    args: ['mixed'],
    files: ['mixed/broken.yaml', 'mixed/net.yaml', 'mixed/typo.yaml'],
    code: 1,
    stderr:
      /^checked 3 specs in mixed \(1 folder\)\nskipped mixed\/compose\.yaml: not a spec \(none of the keys .*\)\n$/,
  },
  { args: ['mixed/compose.yaml'], files: ['mixed/compose.yaml'], code: 1, stderr: '' },
  { args: ['runs/first'], files: ['runs/first/spec.yaml'] },
  {
    args: ['runs', 'configs/b.yaml'],
    files: [],
    code: 2,
    stderr: /^error: there are no specs in runs; runs\/first was skipped: a run folder\nhelp: to check it anyway/,
  },
  {
    args: ['links'],
    files: ['links/deep/e[1].yaml', 'links/deep/one/c.yaml', 'links/deep/one/two/d.YAML', 'links/net.yaml'],
    stderr: 'checked 4 specs in links (4 folders)\nskipped links/pipe.yaml: not a regular file\n',
  },
  { args: ['empty'], files: [], code: 2, stderr: /^error: there are no specs in empty\nhelp: / },
  { args: ['foreign'], files: [], code: 2, stderr: /^error: .* foreign\/ci\.yml was skipped: not a spec/ },
  { args: ['configs/*.json'], files: [], code: 2, stderr: /^error: no spec matches configs\/\*\.json\nhelp: / },
  { args: ['configs', 'nothing/*.yaml'], files: [], code: 2, stderr: /^error: .*there is no folder nothing\nhelp: / },
  { args: ['configs', '!configs/**'], files: [], code: 2, stderr: /^error: there are no specs in configs\nhelp: / },
  { args: ['!configs'], files: [], code: 2, stderr: /^error: only excluded files were given\nhelp: / },
]

const checkedFiles = (stdout: string) =>
  stdout === '' ? [] : (JSON.parse(stdout) as { files: { file: string }[] }).files.map(({ file }) => file)

describe('check', () => {
  it.each(found)('$args: $files', async ({ args, files, code = 0, stderr }) => {
    const result = await callCommand(['check', '--format', 'json', ...args], { cwd: tree })
    expect(result).toMatchObject({ code })
    expect(checkedFiles(result.stdout)).toEqual(files)
    if (typeof stderr === 'string') expect(result.stderr).toBe(stderr)
    else if (stderr) expect(result.stderr).toMatch(stderr)
  })

  it('does not report the search with --quiet', async () => {
    expect(await callCommand(['check', '--quiet', 'configs'], { cwd: tree })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  it(
    'with --watch checks specs that are added to new subfolders, and to the folder if it was replaced',
    { timeout: 60_000 },
    async () => {
      const folder = temporaryFolder({ 'first.yaml': specOf('first') })
      const child = spawn(process.execPath, [bin, 'check', '--watch', folder], {
        env: { ...process.env, NO_COLOR: '1' },
      })
      let printed = ''
      const until = (pattern: RegExp) =>
        new Promise<void>((done) => {
          const look = () => pattern.test(printed) && done()
          child.stderr.on('data', look)
          look()
        })
      child.stdout.on('data', (chunk) => (printed += chunk))
      child.stderr.on('data', (chunk) => (printed += chunk))
      await until(/watching 1 file;/)
      mkdirSync(join(folder, 'sub'))
      await until(/watching 1 file;[^]*watching 1 file;/)
      writeFileSync(join(folder, 'sub/second.yaml'), specOf('second'))
      await until(/watching 2 files;/)
      rmSync(folder, { recursive: true })
      mkdirSync(folder)
      writeFileSync(join(folder, 'third.yaml'), specOf('third'))
      await until(/ok .*third\.yaml[^]*watching 1 file;/)
      child.kill('SIGINT')
      await new Promise((done) => child.once('close', done))
    },
  )
})

it('compile finds specs as check does', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'specs/sub'), { recursive: true })
  const training = `dataset: { synthetic: { shape: [4] } }\noptimizer: adam\nloss: categoricalCrossentropy\n`
  for (const name of ['one', 'sub/two']) {
    const text = `name: ${name.slice(-3)}\n${training}layers:\n  - dense: { units: 10, activation: softmax }\n`
    writeFileSync(join(folder, 'specs', `${name}.yaml`), text)
  }
  writeFileSync(join(folder, 'specs/compose.yaml'), 'services: {}\n')
  const result = await callCommand(['compile', 'specs', '-o', 'out'], { cwd: folder })
  expect(result).toMatchObject({ code: 0, stdout: 'out/one.ts\nout/two.ts\n' })
  expect(result.stderr).toMatch(/skipped specs\/compose\.yaml: not a spec/)
  expect(readFileSync(join(folder, 'out/two.ts'), 'utf8')).toContain('two')
})
