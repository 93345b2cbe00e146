import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let folder = ''
beforeAll(() => {
  folder = temporaryFolder()
})

const shown: readonly [args: readonly string[], stdout: RegExp][] = [
  [[], /^train +60,000 samples of 28x28x1\ntest +10,000 samples of 28x28x1\n\nclass .*\n0 +5,923 +980\n/],
  [['--stats'], /\nmean {2}\[0\.13\d+\]\nstd {3}\[0\.30\d+\]\nover 10,000 training samples\n/],
  [['--view', '2'], /\n0 {29}1\n+[ .:=+*#%@-]+\n/],
  [['--view', '2', '--graphics', 'kitty'], /␛_Ga=T,f=100,m=0;iVBORw0KGgo[\w+/=]+␛\\\n$/],
  [['--view', '2', '--graphics', 'iterm2'], /␛\]1337;File=inline=1;size=\d+:iVBORw0KGgo[\w+/=]+␇\n$/],
  [['--view', '2', '--graphics', 'sixel'], /␛P0;1;q"1;1;[^␛]+␛\\\n$/],
  [
    ['--view', '1', '--format', 'json'],
    /^\{\n {2}"version": 1,\n {2}"sampleShape": \[[^]*"pictures": \[\n {4}\{\n {6}"label": "0"\n/,
  ],
]

describe('shapewright data mnist', () => {
  it.each(shown)('%j', async (args, stdout) => {
    const result = await callCommand(['data', 'mnist', ...args])
    expect([result.code, result.stderr]).toEqual([0, ''])
    expect(result.stdout.replaceAll('\u001B', '␛').replaceAll('\u0007', '␇')).toMatch(stdout)
  })

  it('separates the headings of the splits', async () => {
    const spec = join(folder, 'held-out.yaml')
    writeFileSync(
      spec,
      'name: a\ndataset: mnist\nlayers: [flatten, dense: { units: 10 }]\ntraining: { validationSplit: 0.1 }\n',
    )
    const { code, stdout } = await callCommand(['data', spec])
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/\nclass +train +validation +test\n0 +[\d,]+ +[\d,]+ +980\n/),
    ])
  })

  it('draws into a file', async () => {
    const result = await callCommand(['data', 'mnist', '-o', join(folder, 'grid.png')])
    expect([result.code, result.stderr]).toEqual([0, `wrote 25 images to ${join(folder, 'grid.png')}\n`])
    expect(readFileSync(join(folder, 'grid.png')).subarray(1, 4).toString()).toBe('PNG')
  })

  it('lists the datasets', async () => {
    const { code, stderr } = await callCommand(['data', 'mnits'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('datasets are mnist, ')])
  })
})
