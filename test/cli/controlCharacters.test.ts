/** Control characters of specs, names and data: none reaches the terminal as it is, whatever prints it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { escapeControls, escapeInLine } from '../../src/system/controlCharacters.ts'
import { writeImages } from '../runtime/datasets/imageFixture.ts'
import { callCommand } from './callCommand.ts'
import { runCli, type CliResult } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

/** ESC, OSC with BEL, C1, DEL, a backspace, and marks that turn the direction around. */
const hostile = '\u001b[8mhid\u001b]0;title\u0007\u009b31m\u007f\b\u202eevil\u2066\u200f'
/** As file names can have it: any but a slash. */
const hostileName = `x${hostile}y`
const yaml = JSON.stringify(hostile)

// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
// oxlint-disable-next-line no-control-regex
const ownColours = /\u001b\[(?:0|1|2|22|3[1-6]|39)m/g

function requireHarmless({ stdout, stderr }: CliResult): void {
  for (const output of [stdout, stderr]) expect(controls.exec(output)?.[0]).toBeUndefined()
}

let folder = ''
const at = (name: string) => join(folder, name)
const write = (name: string, text: string): string => {
  writeFileSync(at(name), text)
  return at(name)
}

beforeAll(async () => {
  folder = temporaryFolder()
  mkdirSync(at(hostileName))
  await writeImages(at('images'), [
    `${hostileName}/0.png`,
    `${hostileName}/${hostileName}.png`,
    'plain/1.png',
    'plain/2.png',
  ])
  write('table.csv', `a${hostile},"b\nc",label\n${'1,2,x\u001b[31m\n2,1,y\u009b\n'.repeat(20)}`)
  const network = 'layers:\n  - flatten\n  - dense: { units: 2, activation: softmax }\n'
  const training =
    'optimizer: sgd\nloss: sparseCategoricalCrossentropy\nmetrics: [accuracy]\ntraining: { epochs: 1, batchSize: 4 }\n'
  write(
    'images.yaml',
    `name: pictures\ndataset: { imageFolder: { path: images, size: [4, 4], testSplit: 0.5 } }\n${network}${training}`,
  )
  write(
    'table.yaml',
    `name: tables\ndataset: { csv: { path: table.csv, label: label, testSplit: 0.5 } }\n${network.replace('  - flatten\n', '')}${training}`,
  )
})

describe('escapeControls', () => {
  it.each([
    ['a\u001b[31m', String.raw`a\u001b[31m`],
    ['line\nand\ttab', 'line\nand\ttab'],
    ['\r', String.raw`\u000d`],
    ['\u009b\u007f\u0000', String.raw`\u009b\u007f\u0000`],
    ['\u202e \u2066 \u2029', String.raw`\u202e \u2066 \u2029`],
    ['\ud83d\ude00 é 日本', '\u{1f600} é 日本'],
    ['\ud83d', String.raw`\ud83d`],
    ['x\ude00', String.raw`x\ude00`],
  ])('%j', (text, want) => expect(escapeControls(text)).toBe(want))

  it('leaves a text in JSON what it is', () => {
    const value = { [hostile]: [hostile, '\ud800'] }
    expect(JSON.parse(escapeControls(JSON.stringify(value)))).toEqual(value)
  })

  it('takes line ends and tabs within a line', () => expect(escapeInLine('a\nok b\tc')).toBe(String.raw`a\nok b\tc`))
})

describe('a spec', () => {
  const wrong = `name: ${yaml}\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 1, ${yaml}: 2 }\n  - ${yaml}: {}\n  - dense: { units: ${yaml} }\n# ${hostile}\n${yaml}: 1\nx-raw: "${hostile.replaceAll('\u001b', String.raw`\e`)}"\n`
  const right = `name: example\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 1, name: one } # \u202e\n  - dense: { units: 1, activation: relu }\n  - dense: { units: 1 }\nx-${hostile.replaceAll('\u001b', '')}: 1\n`
  it.each(['pretty', 'github', 'json', 'sarif'])('with mistakes, as %s', async (format) => {
    const result = await callCommand(['check', '--format', format, write(`${hostileName}/wrong.yaml`, wrong)])
    requireHarmless(result)
    expect(result.code).toBe(1)
    if (format === 'json' || format === 'sarif') expect(() => JSON.parse(result.stdout) as unknown).not.toThrow()
    if (format === 'json') expect(result.stdout).toContain(String.raw`\u202eevil`)
  })

  it.each<[string, string[]]>([
    ['check', ['check']],
    ['check --fix', ['check', '--fix']],
    ['summary', ['summary']],
    ['summary as mermaid', ['summary', '--format', 'mermaid']],
    ['summary as dot', ['summary', '--format', 'dot']],
    ['compile', ['compile', '--out-dir']],
    ['diff', ['diff']],
    ['train', ['train']],
    ['data', ['data']],
  ])('in a folder of a hostile name: %s', async (_name, command) => {
    const spec = write(`${hostileName}/right.yaml`, right)
    const last = command[0] === 'compile' ? [at(`${hostileName}/out`), spec] : [spec]
    requireHarmless(await callCommand([...command, ...last, ...(command[0] === 'diff' ? [spec] : [])]))
  })

  it.each<[string, string[]]>([
    ['an unknown command', [hostile]],
    ['an unknown option', ['check', `--${hostile}`]],
    ['a missing file', ['check', `no ${hostile}`]],
    ['an unknown code', ['explain', hostile]],
    ['an unknown dataset', ['data', hostile]],
    ['a missing run', ['evaluate', `no ${hostile}`]],
    ['a missing folder of runs', ['runs', `no ${hostile}`]],
    ['an unknown template', ['init', '--template', hostile]],
  ])('%s on the command line', async (_name, args) => {
    const result = await callCommand(args, { cwd: folder })
    requireHarmless(result)
    expect(result.code).toBe(2)
  })

  it('has only our colours', async () => {
    const path = write(`${hostileName}/wrong.yaml`, wrong)
    const { stdout } = await runCli(['check', path], { env: { NO_COLOR: '', FORCE_COLOR: '1' } })
    expect(stdout.match(ownColours)?.length).toBeGreaterThan(10)
    expect(controls.exec(stdout.replaceAll(ownColours, ''))?.[0]).toBeUndefined()
    expect(stdout).toContain(String.raw`\u001b[8mhid`)
  })

  it('cannot add lines that look like those of another file', async () => {
    const { stdout } = await runCli([
      'check',
      write('lines.yaml', `name: a\ninput: { shape: [4] }\nlayers:\n  - "a\\nok other.yaml: 1 layers": {}\n`),
    ])
    expect(stdout).not.toMatch(/^ok other/m)
  })
})

describe('data and runs', () => {
  it.each(['images', 'table'])(
    '%s: data, check --data, train, evaluate, predict, runs, report, diff',
    async (name) => {
      const spec = at(`${name}.yaml`)
      const [data] = [
        await callCommand(['data', spec, '--view', '2', '--graphics', 'blocks']),
        await callCommand(['data', spec, '--format', 'json']),
      ]
      const looked = await callCommand(['check', spec, '--data'])
      const trained = await callCommand(['train', spec, '--out', at(`${hostileName}/runs`), '--backend', 'cpu'])
      expect([data.code === 2 ? 0 : data.code, trained.code]).toEqual([0, 0])
      const run = at(`${hostileName}/runs/${name === 'images' ? 'pictures' : 'tables'}`)
      const input = name === 'images' ? at(`images/${hostileName}`) : at('table.csv')
      const others = [
        ['evaluate', run, '--backend', 'cpu'],
        ['evaluate', run, '--backend', 'cpu', '--format', 'json'],
        ['predict', run, input, '--backend', 'cpu'],
        ['predict', run, input, '--backend', 'cpu', '--format', 'json'],
        ['runs', at(`${hostileName}/runs`)],
        ['runs', at(`${hostileName}/runs`), '--format', 'json'],
        ['report', run],
        ['diff', run, run],
        ['export', run],
      ]
      const results = [data, looked, trained]
      for (const command of others) results.push(await callCommand(command))
      for (const result of results) requireHarmless(result)
      expect(() => JSON.parse(results[4]!.stdout) as unknown).not.toThrow()
    },
    180_000,
  )
})
