/** The page of a sweep as text: what it shows, and that no text of a spec becomes markup. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { renderSweep } from '../../../src/report/sweep/renderSweep.ts'
import type { SweepSummary, TrialSummary } from '../../../src/report/sweep/sweepSummary.ts'
import { hostileText } from '../hostileRun.ts'
import { gridSweep, sweepOf, trialOf } from './sweepFixture.ts'

const squeeze = (page: string) => page.replaceAll(/\s*\n\s*/g, '')
const textOf = (page: string) =>
  squeeze(page)
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
/** Pages are too long to be printed by an expectation that fails. */
const has = (page: string, text: string) => expect(page.includes(text), text).toBe(true)
const titles = (page: string) => [...squeeze(page).matchAll(/<h2[^>]*>([^<]*)</g)].map(([, title]) => title)
const details = { specText: 'name: digits', difference: 'optimizer.learningRate 0.1 → 0.3' }

describe('the page of a sweep', () => {
  const page = renderSweep(gridSweep(), details)

  it('has all its parts', () => {
    expect(titles(page)).toEqual([
      'Parameters',
      'Trials',
      'Curves',
      'Importance of the parameters',
      'Best spec: trial 12',
      'Trials without a result',
      'Sweep',
    ])
    const text = textOf(page)
    has(text, 'best validation accuracy 97.93% trial 12, epoch 10')
    has(text, 'trials done 18 of 24 1 failed, 4 infeasible, 1 excluded')
    has(text, 'time 3 min 23 s forecast 3 min 10 s, took 7% longer')
    has(text, 'infeasible 18 , 20 , 22 , 24 shape/kernel-exceeds-input at line 9')
    has(text, 'From the val_accuracy of 18 trials.')
    expect(squeeze(page).match(/<tr id="trial-/g)).toHaveLength(24)
    has(page, 'href="trials/0012/report.html"')
    has(page, 'href="trials/0012/spec.yaml"')
  })

  it('loads nothing, and its policy allows only its script', () => {
    const urls = [...page.matchAll(/(?:src|href|url)(?:=|\()["']?([^"')\s>]+)/g)].map(([, url]) => url!)
    expect(urls.filter((url) => !/^(#[\w-]+|trials\/\d{4}\/(report\.html|spec\.yaml))$/.test(url))).toEqual([])
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)![1]!
    has(page, `sha256-${createHash('sha256').update(script).digest('base64')}`)
  })
})

describe('a page of', () => {
  const stopping = { kind: 'successiveHalving', minEpochs: 1, reduction: 3 } as const
  const rungs: SweepSummary['rungs'] = [
    {
      epochs: 1,
      kind: 'decided',
      trials: [1, 2, 3].map((number) => ({ number, score: number / 10, isPromoted: number === 3 })),
    },
    { epochs: 3, kind: 'last', trials: [{ number: 3, score: 0.9, isPromoted: false }] },
  ]
  it.each<[string, TrialSummary[], Partial<SweepSummary>, readonly string[], readonly string[]]>([
    ['no trials', [], {}, ['Trials'], ['sweep of 0 trials', 'No trial has a score.']],
    ['one trial', [trialOf(1, { score: 0.5 })], {}, ['Trials', 'Curves'], ['trials done 1 of 1']],
    [
      'trials that wait',
      [trialOf(1, { values: { a: 1 } }), trialOf(2, { values: { a: 2 }, state: 'running' })],
      {},
      ['Parameters', 'Trials', 'Importance of the parameters'],
      ['No trial has a score yet. 2 trials of 2 have not ended.', 'Not enough trials: 0 trials can be compared'],
    ],
    [
      'failed trials',
      [trialOf(1, { state: 'failed', reason: 'exit code 3' }), trialOf(2, { state: 'failed' })],
      {},
      ['Trials', 'Trials without a result'],
      ['No trial has a score.', 'failed 1 exit code 3', 'failed 2 training ended with an error'],
    ],
    [
      'scores that are not finite',
      [
        trialOf(1, {
          state: 'done',
          epochs: 2,
          curve: [
            { epoch: 1, value: null },
            { epoch: 2, value: null },
          ],
        }),
      ],
      {},
      ['Trials', 'Curves'],
      ['No trial has a score.', 'trials done 1 of 1'],
    ],
    [
      'halving',
      [1, 2, 3].map((number) => trialOf(number, { score: number / 10, values: { a: number } })),
      { stopping, rungs },
      ['Parameters', 'Trials', 'Curves', 'Importance of the parameters', 'Rungs'],
      ['1 epoch 1 of 3 trials promoted 3 30.00% ↑ 2 20.00% 1 10.00%', '3 epochs 1 trial, the last rung 3 90.00%'],
    ],
  ])('%s', (_name, trials, given, sections, texts) => {
    const page = renderSweep(sweepOf(trials, given))
    expect(titles(page)).toEqual(sections)
    for (const text of texts) has(textOf(page), text)
  })

  it('1,000 trials with values of 10,000 characters is small', () => {
    const trials = Array.from({ length: 1000 }, (_, index) =>
      trialOf(index + 1, { values: { a: 'x'.repeat(10_000), b: index }, label: 'x'.repeat(10_000), score: index }),
    )
    expect(renderSweep(sweepOf(trials, { name: 'n'.repeat(10_000) })).length).toBeLessThan(2e6)
  })

  it('hostile texts shows them as text', () => {
    const trials = [1, 2, 3].map((number) =>
      trialOf(number, {
        values: { [hostileText]: hostileText, [`${hostileText}.b`]: number, rtl: '\u202eabc' },
        label: hostileText,
        state: number === 1 ? 'done' : number === 2 ? 'failed' : 'infeasible',
        ...(number === 1 && { score: 1 }),
        reason: hostileText,
      }),
    )
    const given = {
      name: hostileText,
      command: hostileText,
      specText: hostileText,
      folder: hostileText,
      objective: { metric: hostileText, direction: 'maximize' as const },
    }
    const page = renderSweep(sweepOf(trials, given), { specText: hostileText, difference: hostileText })
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page.includes('<img src=x') || page.includes('onerror="') || page.includes('\u202e')).toBe(false)
    expect(page.match(/&lt;\/script&gt;/g)!.length).toBeGreaterThan(15)
  })
})
