/** What the logs of a run hold, as far as its spec tells: what a callback may monitor. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { plannedRunOf } from '../../src/graph/plannedRun.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()
for (const path of ['split/train/a', 'split/val/a', 'train/a', 'plain/a', 'plain/val'])
  mkdirSync(join(folder, path), { recursive: true })

const imageFolder = (name: string) => `{ imageFolder: { path: ${JSON.stringify(join(folder, name))}, size: [8, 8] } }`

const rows: readonly [dataset: string, training: string, validated: boolean][] = [
  ['mnist', '{ epochs: 1 }', false],
  ['mnist', '{ epochs: 1, validationSplit: 0.1 }', true],
  ['{ csv: { path: rows.csv, label: y } }', '{ epochs: 1 }', false],
  ['{ csv: { path: rows.csv, label: y, validation: more.csv } }', '{ epochs: 1 }', true],
  [imageFolder('split'), '{ epochs: 1 }', true],
  [imageFolder('plain'), '{ epochs: 1 }', false],
]

describe('plannedRunOf', () => {
  it.each(rows)('%s, training: %s: validated is %s', (dataset, training, validated) => {
    const text = `name: x\ndataset: ${dataset}\nlayers: [flatten]\ntraining: ${training}\n`
    const { spec } = checkText(text, 'spec.yaml', { host: nodeHost })
    const names = plannedRunOf(spec, ['flatten']).logs.map(({ name }) => name)
    expect(names).toEqual(['loss', ...(validated ? ['val_loss'] : [])])
  })
})
