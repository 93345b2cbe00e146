/** `shapewright check --data`, as a user calls it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()

const network = 'layers: [{ dense: { units: 2, activation: softmax } }]\ntraining: { batchSize: 2 }\n'
writeFileSync(join(folder, 'table.csv'), 'a,kind\n1,cat\n2,dog\n1,dog\n')
const spec = `name: a\ndataset: { csv: { path: table.csv, label: kind } }\n${network}`
writeFileSync(join(folder, 'spec.yaml'), spec)
writeFileSync(
  join(folder, 'large.yaml'),
  `name: a\ndataset: { synthetic: { shape: [100], classes: 2, train: 150000 } }\n${network}`,
)
const run = (...args: string[]) => callCommand(['check', ...args], { cwd: folder })

describe('check --data', () => {
  it.each([
    [['spec.yaml', '--data']],
    [['--data', 'spec.yaml']],
    [['--data', '.', 'spec.yaml']],
    [['spec.yaml', '--data=.']],
  ])('%j looks at the samples', async (args) => {
    const { stdout, stderr, code } = await run(...args)
    expect(code).toBe(0)
    expect(stdout).toContain('warning[data/contradictory-labels]: 1 sample has an equal sample with another label')
    expect(stdout).toContain('= data: table.csv:4: `dog`, but `cat` in table.csv:2, which is equal\n')
    expect(stdout.endsWith('spec.yaml: 1 warning\n')).toBe(true)
    expect(stderr).toBe('spec.yaml: checking 3 training samples\n')
  })

  it('counts its findings as check does, and respects --quiet', async () => {
    const { stdout, stderr, code } = await run('spec.yaml', '--data', '--max-warnings', '0', '-q')
    expect([stdout, code]).toEqual(['', 1])
    expect(stderr).toBe('1 warning, but --max-warnings is 0\n')
  })

  it('prints JSON with the places', async () => {
    const { stdout } = await run('spec.yaml', '--data', '--format', 'json')
    const { files } = JSON.parse(stdout) as { files: { diagnostics: { evidence: { places: object[] } }[] }[] }
    expect(files[0]!.diagnostics[0]!.evidence.places).toMatchObject([{ file: 'table.csv', line: 4 }])
  })

  it('lists the places of the data', async () => {
    writeFileSync(join(folder, 'shaped.yaml'), `input: { shape: [1] }\n${spec}`)
    const { stdout, code } = await run('shaped.yaml', '--data', 'elsewhere')
    expect(code).toBe(1)
    expect(stdout).toMatch(/error\[data\/not-found\]: elsewhere was not found/)
    expect(stdout).toContain('`--data FOLDER` overrides the path')
    expect((await run('spec.yaml', '--data', 'elsewhere')).stdout).toContain('elsewhere was not found, so the shape')
  })

  it.each([
    [['--watch', 'spec.yaml', '--data'], /`--data` reads every sample, which is too slow for `--watch`/],
    [['--data'], /no spec given/],
    [[], /no spec given/],
  ])('%j is wrong use', async (args, message) => {
    const { stderr, code } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('ends on Ctrl-C', async () => {
    const { stderr, code } = await runCli(['check', 'large.yaml', '--data'], { cwd: folder, interruptAt: /checking/ })
    expect([stderr, code]).toEqual(['large.yaml: checking 150,000 training and 200 test samples\ninterrupted\n', 130])
  })

  it('does not report data without the flag', async () => {
    const { stdout, stderr } = await run('spec.yaml')
    expect([stdout, stderr]).toEqual(['ok spec.yaml: 1 layer, 4 parameters, all shapes fit\n', ''])
  })
})
