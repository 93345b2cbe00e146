/** What people read of a sweep, as files: the plan of each config with a sweep, and what `check` prints of sweeps with mistakes. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { renderPretty, type Palette } from '../../src/diagnostics/renderPretty.ts'
import { describePlan, renderPlan } from '../../src/report/sweep/planTable.ts'

const plain = (text: string) => text
const noColours: Palette = {
  bold: plain,
  dim: plain,
  red: plain,
  yellow: plain,
  cyan: plain,
  green: plain,
  blue: plain,
}

const at = (path: string) => new URL(path, import.meta.url)
const expand = (path: string) => checkText(readFileSync(at(path), 'utf8'), path.split('/').at(-1)!, { trials: true })

describe('the plan of a sweep', () => {
  const { sweep } = expand('../../configs/sweeps/sweep-mnist.yaml')

  it('as a table', async () => {
    await expect(renderPlan(sweep!, 100)).toMatchFileSnapshot('./sweeps/sweep-mnist.plan.golden.txt')
  })

  it('in a narrow terminal', async () => {
    await expect(renderPlan(sweep!, 60)).toMatchFileSnapshot('./sweeps/sweep-mnist.narrow.golden.txt')
  })

  it('as data', () => {
    expect(describePlan(sweep!)).toMatchObject({
      version: 1,
      name: 'sweep-mnist',
      parameters: ['vars.width', 'optimizer.sgd.learningRate', 'vars.depth'],
      objective: { metric: 'val_accuracy', direction: 'maximize' },
      counts: { ready: 20, excluded: 0, infeasible: 4 },
      epochs: 40,
    })
  })

  it('of many trials shows the first of them', () => {
    const text = 'name: net\ninput: { shape: [4] }\nlayers: [flatten]\nsweep: { grid: { training.seed: [SEEDS] } }\n'
    const many = text.replace('SEEDS', Array.from({ length: 300 }, (_, seed) => seed).join(', '))
    const plan = renderPlan(checkText(many, 'net.yaml', { trials: true }).sweep!)
    expect(plan).toContain('… and 100 more; --format json lists them')
    expect(plan.split('\n').length).toBeLessThan(220)
  })
})

describe('diagnostics of sweeps', () => {
  const files = readdirSync(at('sweeps')).filter((name) => name.endsWith('.yaml'))
  it.each(files)('%s', async (name) => {
    const { source, diagnostics } = expand(`sweeps/${name}`)
    const shown = renderPretty(diagnostics, source.text, name, noColours)
    await expect(shown).toMatchFileSnapshot(`./sweeps/${name.replace('.yaml', '.golden.txt')}`)
  })
})
