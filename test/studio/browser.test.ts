/** The studio in a browser, with its server: trains a small MNIST, finds the run after a reload, draws a digit, compares two runs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StudioServer } from '../../src/studio/server/studioServer.ts'
import { writeSweepFolder } from '../report/sweep/sweepFolder.ts'
import { builtPage, canOpen, collectComplaints, launchChromium } from './chromium.ts'
import { drawLine, dropImage, pictureOf } from './drawing.ts'
import { smallMnist, spec } from './smallMnist.ts'
import { openStudio } from './studio.ts'

/** A class name that runs a script if it becomes markup. */
const markup = '<img src=x onerror=alert(1)>'

const classes = `name: classes
dataset: { csv: { path: data/classes.csv, label: class, testSplit: 0.2 } }
layers:
  - dense: { units: 2, activation: softmax }
optimizer: sgd
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 1, batchSize: 8, seed: 1, validationSplit: 0.3 }
`

describe.skipIf(!canOpen)('the studio in Chromium', { timeout: 120_000 }, () => {
  const wide = spec
    .replace('filters: 4', 'filters: 6')
    .replace('name: digits', 'name: wide')
    .replace('epochs: 3', 'epochs: 1')
  const folder = smallMnist({
    'wide.yaml': wide,
    'classes.yaml': classes,
    'data/classes.csv': `size,class\n${Array.from({ length: 60 }, (_, row) => `${row},${row % 2 ? markup : 'plain'}`).join('\n')}\n`,
    '<b onclick=alert(1)>.yaml': spec.replace('name: digits', 'name: markup'),
  })
  const complaints: string[] = []
  let server: StudioServer
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    server = await openStudio(folder, `${builtPage}/`)
    browser = await launchChromium()
    page = await browser.newPage()
    collectComplaints(page, complaints)
    await page.goto(`${server.url}#file=digits.yaml`)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  const train = async () => {
    await tab('Train')
    await page.getByLabel('Engine').selectOption('wasm')
    await page.getByRole('button', { name: /^(Save and train|Train)$/ }).click()
    await page.locator('.status[data-status=finished]').waitFor()
  }

  it('shows the samples of the dataset, and how many each class has', async () => {
    await tab('Data')
    await page.getByRole('img', { name: 'a sample of 7' }).first().waitFor()
    expect(await page.locator('.samples img').count()).toBe(60)
    expect(await page.locator('.bars tr').count()).toBe(10)
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByText('300', { exact: true }).first().waitFor()
  })

  it('trains, and shows the accuracy rise', async () => {
    await train()
    const rows = await page.locator('.train-view table.numbers tbody tr').allInnerTexts()
    const accuracies = rows.map((row) => [...row.matchAll(/([\d.]+)%/g)].map(([, value]) => Number(value)))
    expect(accuracies).toHaveLength(3)
    expect(accuracies[2]![0]).toBeGreaterThan(accuracies[0]![0]!)
    expect(accuracies[2]![1]).toBeGreaterThan(70)
    expect(await page.locator('table.confusion tbody tr').count()).toBe(10)
    expect(await page.locator('.chart canvas').count()).toBe(2)
  })

  it('loses nothing when the page is loaded again', async () => {
    await page.reload()
    await page.locator('.status[data-status=finished]').waitFor()
    expect(await page.locator('.train-view table.numbers tbody tr').count()).toBe(3)
    await tab('Compare')
    await page.getByRole('checkbox', { name: 'runs/digits' }).waitFor()
  })

  it('predicts a digit that is drawn, and shows the activations of each layer', async () => {
    await tab('Draw')
    await drawLine(page)
    await page.locator('.answer').waitFor()
    expect(await page.locator('.answer strong').innerText()).toBe('1')
    expect(await page.locator('.activations li').count()).toBe(4)
    expect(await page.locator('.activations li').first().locator('img').count()).toBe(4)
    expect(await page.locator('.filters img').count()).toBe(4)
    await dropImage(page, pictureOf(folder))
    await page.locator('.seen img').waitFor()
    await page.locator('.answer', { hasNotText: /^1$/ }).waitFor()
  })

  it('compares two runs', async () => {
    await page.locator('header select').first().selectOption('wide.yaml')
    await train()
    await tab('Compare')
    await page.locator('.diff').first().waitFor()
    const text = await page.locator('.differences').innerText()
    expect(text).toContain('runs/digits → runs/wide')
    expect(text).toMatch(/conv2d\s+filters 4 → 6/)
    expect(text).toMatch(/training.epochs\s+3 → 1/)
    expect(readFileSync(join(folder, 'runs/wide/metrics.jsonl'), 'utf8').split('\n')).toHaveLength(2)
  })

  it('shows a sweep as a table of trials, with the best one and links to reports', async () => {
    const sweep = writeSweepFolder(
      [
        { values: { 'vars.width': 16 }, scores: [0.5, 0.6] },
        { values: { 'vars.width': 32 }, scores: [0.7, 0.9] },
        { values: { 'vars.width': 64 }, state: 'infeasible', reason: 'the budget is exceeded' },
      ],
      { root: join(folder, 'runs') },
    )
    writeFileSync(join(sweep, 'report.html'), '<h1>Report</h1><script>document.title = origin</script>')
    await page.reload()
    const trials = page.locator('.trials tbody tr')
    await trials.nth(2).waitFor()
    expect(await trials.nth(1).innerText()).toMatch(/2\s*best\s+done\s+90.00%\s+32/)
    expect(await page.locator('.trials tr[data-best=true]').count()).toBe(1)
    // The newest runs are chosen at first, not the trials, of which there may be many.
    await page.locator('figure', { hasText: 'wide' }).first().waitFor()
    expect(await page.locator('.compare-view input:checked').count()).toBe(2)
    expect(await page.getByRole('checkbox', { name: /^runs\//, checked: true }).count()).toBe(2)
    const named = page.locator('.sweep .u-series').filter({ hasText: 'trial', visible: true })
    expect(await named.allInnerTexts()).toEqual([expect.stringMatching(/^trial 2, the best/)])
    await page.getByRole('checkbox', { name: 'trial 1' }).check()
    await named.nth(1).waitFor()
    expect((await named.allInnerTexts())[0]).toMatch(/^trial 1\s*60%/)
    await page.getByRole('checkbox', { name: 'trial 2' }).check()
    await page.locator('figure', { hasText: 'trials/0002' }).first().waitFor()
    const opening = page.waitForEvent('popup')
    await page.getByRole('link', { name: 'report of the sweep' }).click()
    const report = await opening
    await report.getByRole('heading', { name: 'Report' }).waitFor()
    // It is shown as a page of no origin, which cannot ask the server.
    expect(await report.title()).toBe('null')
    await report.close()
  })

  it('makes no markup of the names of classes and files in any view', async () => {
    await page.locator('header select').first().selectOption('classes.yaml')
    await tab('Data')
    await page.locator('.bars th', { hasText: markup }).waitFor()
    await train()
    await page.locator('table.confusion', { hasText: markup }).waitFor()
    await page.locator('header select').first().selectOption('<b onclick=alert(1)>.yaml')
    for (const name of await page.getByRole('tab').allInnerTexts()) {
      await tab(name)
      expect([name, await page.locator('img[onerror], b[onclick]').count()]).toEqual([name, 0])
    }
    await tab('Train')
    await page.getByText('This is the training of classes.yaml.').waitFor()
  })

  it('fits the width of a phone in each view', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.locator('header select').first().selectOption('digits.yaml')
    for (const name of ['Edit', 'Network', 'Layer', 'Compile', 'Data', 'Train', 'Draw', 'Compare']) {
      await tab(name)
      await page.waitForTimeout(300)
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect([name, await page.evaluate(overflow)]).toEqual([name, 0])
    }
    expect(complaints).toEqual([])
  })
})
