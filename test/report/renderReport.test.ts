/** The page about a run, as text: what is on it, and what cannot get onto it. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Inspection } from '../../src/tasks/inspect/inspection.ts'
import { renderReport } from '../../src/report/run/renderReport.ts'
import { readRun, type RunRecord } from '../../src/report/run/runRecord.ts'
import { writeReport } from '../../src/report/run/writeReport.ts'
import { analyzeRun } from '../../src/report/run/analyzeRun.ts'
import { hostileRun } from './hostileRun.ts'
import { digits, makeSmallRun } from './smallRun.ts'

/** Without the spaces between elements, that no one sees. */
const squeeze = (page: string) => page.replaceAll(/\s*\n\s*/g, '')
const render = (run: RunRecord) => squeeze(renderReport(run, analyzeRun(run)))
/** Pages are too long to be printed by an expectation that fails. */
const has = (page: string, text: string) => expect(page.includes(text), text).toBe(true)
const lacks = (page: string, text: string) => expect(page.includes(text), text).toBe(false)
const count = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].length
const titles = (page: string) => [...page.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, title]) => title)

describe('the page of a run', () => {
  let run: RunRecord
  let written: string
  let page: string
  beforeAll(async () => {
    const folder = await makeSmallRun()
    run = (await readRun(folder))!
    written = readFileSync(await writeReport(run), 'utf8')
    page = squeeze(written)
  })

  it('has all its parts', () => {
    expect(titles(page)).toEqual(['Training', 'Test samples', 'Most confused', 'Network', 'Conditions'])
    has(page, 'small-digits')
    expect(count(page, /test accuracy<\/dt><dd>\d+\.\d\d%/g)).toBe(1)
    has(page, 'of 300 samples')
    expect(count(page, /data-curve="/g)).toBe(2)
    expect(count(page, /<td\s*class="right/g)).toBeGreaterThan(5)
    expect(count(page, /<tr><th scope="row">\d<\/th><td class="(share|none)"/g)).toBe(10)
    expect(count(page, /alt="test sample \d+: \d predicted as \d"/g)).toBeGreaterThan(3)
    expect(count(page, /alt="Weights of filter \d"/g)).toBe(8)
    expect(count(page, /<g class="(input|output|weights|plain)"/g)).toBe(7)
    has(page, 'filters 8, kernelSize 5, same, relu')
    has(page, `wasm, ${run.environment.engine!.detail}`)
    has(page, 'learning rate 0.003')
    has(page, 'training: { epochs: 3, batchSize: 32, seed: 7, validationSplit: 0.2 }')
  })

  it('requests nothing: pictures are embedded, and a policy forbids the rest', () => {
    const urls = [...page.matchAll(/(?:src|href|url)(?:=|\()["']?([^"')\s>]+)/g)].map(([, url]) => url!)
    expect(urls.filter((url) => !/^(data:image\/png;base64,|#)/.test(url))).toEqual([])
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(written)!
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'")
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`'sha256-${createHash('sha256').update(script!).digest('base64')}'`)
  })

  it('says that an interrupted run was not evaluated', () => {
    const { test: _test, inspection: _inspection, ...stopped } = run
    const told = render({ ...stopped, history: run.history.slice(0, 2) })
    has(told, 'This run was stopped after epoch 2 and not evaluated')
    expect(titles(told)).toEqual(['Training', 'Network', 'Conditions'])
    expect(titles(render({ ...stopped, history: [] }))).toEqual(['Network', 'Conditions'])
    has(render(stopped), 'The dataset has no test samples, so this run was not evaluated.')
  })

  it('works without a spec and many other files', () => {
    expect(titles(render({ folder: 'x', name: 'x', environment: {}, history: [], hasModel: false }))).toEqual([
      'Conditions',
    ])
    expect(titles(render({ ...run, specText: 'layers: 3' }))).not.toContain('Network')
  })

  it('shows the network of a missing dataset from the saved model', () => {
    const specText = digits.replace('dataset: mnist', 'dataset: { imageFolder: { path: /nothing/here } }')
    expect(titles(render({ ...run, specText }))).toContain('Network')
    const { sampleShape: _shape, ...unknown } = { ...run, specText }
    expect(titles(render(unknown))).not.toContain('Network')
  })

  it('shows values without classes', () => {
    const inspection: Inspection = {
      version: 1,
      samples: 3,
      outputs: [
        {
          kind: 'values',
          output: 'dense',
          meanAbsoluteError: 0.25,
          rootMeanSquaredError: 0.5,
          r2: 0.875,
          points: [
            [1, 1.5],
            [2, 2],
          ],
        },
      ],
    }
    const told = render({ ...run, inspection })
    expect(titles(told)).toEqual(['Training', 'Test samples', 'Network', 'Conditions'])
    has(told, '<dt>R²</dt><dd>0.8750</dd>')
    expect(count(told, /<circle/g)).toBe(2)
    lacks(told, 'Confusion')
  })

  it('draws a map instead of a table for many classes', () => {
    const classNames = Array.from({ length: 100 }, (_, index) => `class ${index}`)
    const confusion = classNames.map((_, row) =>
      classNames.map((__, column) => (row === column ? 9 : Number(column === row + 1))),
    )
    const [first] = run.inspection!.outputs
    const scores = classNames.map((_, index) => ({ precision: 0.9, recall: index / 100, f1: index / 100, support: 10 }))
    const output = { ...first!, classNames, confusion, scores, mistakes: [] } as Inspection['outputs'][number]
    const told = render({ ...run, inspection: { version: 1, samples: 1000, outputs: [output] } })
    has(told, 'Confusion matrix of 100 classes')
    lacks(told, 'class="matrix')
    expect(told.indexOf('<th scope="row">class 0<')).toBeLessThan(told.indexOf('<th scope="row">class 99<'))
  })
})

it('hostile text is text', async () => {
  const run = (await readRun(await makeSmallRun(digits, { train: 64, test: 20 })))!
  const page = squeeze(renderReport(hostileRun(run), analyzeRun(run)))
  expect(count(page, /&lt;\/title&gt;&lt;\/script&gt;/g)).toBeGreaterThan(60)
  expect(count(page, /<script/g)).toBe(2)
  expect(count(page, /<img src="(?!data:image\/png;base64,)/g)).toBe(0)
  lacks(page, '<img src=x')
  lacks(page, 'onerror="')
})
