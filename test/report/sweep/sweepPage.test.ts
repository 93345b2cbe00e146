/** The page of a sweep in a browser, used with mouse and keyboard. Skipped, and said so, if Chromium is missing. */
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { renderSweep } from '../../../src/report/sweep/renderSweep.ts'
import type { SweepSummary } from '../../../src/report/sweep/sweepSummary.ts'
import { findChromium } from '../chromium.ts'
import { openSession, type PageSession, type SessionOptions } from '../chromiumSession.ts'
import { hostileText } from '../hostileRun.ts'
import { gridSweep, sweepOf, trialOf } from './sweepFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const chromium = findChromium()
if (chromium === undefined) process.stderr.write('SKIPPED: no Chromium is installed (`apt-get install chromium`)\n')

const details = { specText: 'name: best\nlayers: [flatten]\n' }

describe.skipIf(chromium === undefined)('the page of a sweep in Chromium', { timeout: 120_000 }, () => {
  let page: PageSession
  afterEach(() => page.close())

  async function open(sweep: SweepSummary = gridSweep(), options: SessionOptions = {}): Promise<void> {
    const path = join(temporaryFolder({ 'report.html': renderSweep(sweep, details) }), 'report.html')
    page = await openSession(chromium!, path, options)
  }
  const column = (index: number) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('#trials tbody tr:not([hidden])')].map((row) => row.cells[${index}].innerText.split(/\\s/)[0])`,
    )
  const sortOf = (index: number) =>
    page.evaluate<string | null>(`document.querySelectorAll('#trials thead th')[${index}].getAttribute('aria-sort')`)
  const pointed = () => page.evaluate<string>(`document.querySelector('.pointed').innerText`)
  const lineCount = (names: string) =>
    page.evaluate<number>(`document.querySelectorAll('#parallel .trial${names}').length`)

  it.each<[string, SessionOptions]>([
    ['in the light theme', {}],
    ['in the dark theme', { dark: true }],
    ['on a phone', { mobile: true, width: 390, height: 800 }],
  ])('draws all trials and is as wide as the window %s', async (_name, options) => {
    await open(gridSweep(), options)
    expect(page.complaints).toEqual([])
    expect(await lineCount(':not(.pointed-at)')).toBe(24)
    expect(await lineCount('.unscored')).toBe(6)
    expect(await page.evaluate(`document.querySelectorAll('#trial-curves canvas').length`)).toBe(1)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
  })

  it('sorts by a click, in the other direction by a second one, and by keys', async () => {
    await open()
    await page.click(await page.centreOf('#trials thead th:nth-child(3) button'))
    expect([await sortOf(2), (await column(0)).slice(0, 3)]).toEqual(['descending', ['12', '4', '11']])
    await page.click(await page.centreOf('#trials thead th:nth-child(3) button'))
    expect([await sortOf(2), (await column(2)).slice(0, 2), (await column(2)).at(-1)]).toEqual([
      'ascending',
      ['93.83%', '93.92%'],
      '',
    ])
    await page.evaluate(`document.querySelector('#trials thead th:nth-child(2) button').focus()`)
    await page.press('Tab')
    await page.press('Tab')
    await page.press('Enter')
    expect([await sortOf(2), await sortOf(3)]).toEqual([null, 'ascending'])
    await page.press('Enter')
    expect((await column(3)).slice(0, 8)).toEqual(Array.from({ length: 8 }, () => '64'))
  })

  it('highlights the trial of a row, of its link at the keyboard focus, and of a line', async () => {
    await open()
    await page.move(await page.centreOf('#trial-7 td:nth-child(5)'))
    expect([await pointed(), await page.evaluate(`document.querySelector('#trial-7').className`)]).toEqual([
      'Trial 7 · val_accuracy 93.92% · width=16 learningRate=0.01 depth=1',
      'pointed-at',
    ])
    expect(
      await page.evaluate(`document.querySelector('#parallel .trial.pointed-at').getAttribute('d').length`),
    ).toBeGreaterThan(50)
    expect(await page.evaluate(`document.querySelector('#trial-curves .highlight path').getAttribute('d')`)).toMatch(
      /^M[\d. ]+(L[\d. ]+){9}$/,
    )
    await page.evaluate(`document.querySelector('#trial-9 a').focus()`)
    expect(await pointed()).toContain('Trial 9')
    await page.evaluate(`document.activeElement.blur()`)
    const { x, y } = await page.evaluate<{ x: number; y: number }>(`(() => {
      const svg = document.querySelector('#parallel svg')
      svg.scrollIntoView({ block: 'center', behavior: 'instant' })
      const path = document.querySelectorAll('#parallel .trial')[20]
      const point = path.getPointAtLength(path.getTotalLength() * 0.94)
      const { left, top } = svg.getBoundingClientRect()
      return { x: left + point.x, y: top + point.y }
    })()`)
    await page.move({ x, y })
    const name = /Trial \d+/.exec(await pointed())?.[0]
    expect(name).toBeDefined()
    await page.click({ x, y })
    await page.move({ x: 5, y: 5 })
    expect(await pointed()).toContain(name)
    await page.press('Escape')
    expect(await pointed()).toContain('Point at a line')
  })

  it('filters by a drag along an axis, and shows all again', async () => {
    await open()
    const { x, y } = await page.centreOf('#parallel .axis:nth-of-type(3) .grip')
    await page.drag({ x, y: y - 70 }, { x, y: y + 140 })
    const rates = await column(4)
    expect([...new Set(rates)]).toEqual(['0.1', '0.03', '0.01'])
    expect(await page.evaluate(`document.querySelector('#shown span').innerText`)).toBe(
      '18 of 24 trials are in the ranges chosen above.',
    )
    expect(await lineCount('.hiding')).toBe(6)
    await page.click(await page.centreOf('#shown button'))
    expect([(await column(0)).length, await lineCount('.hiding')]).toEqual([24, 0])
  })

  it('filters by the keys of a handle, which says its value', async () => {
    await open()
    const handle = `document.querySelector('#parallel [aria-label="lowest vars.width"]')`
    await page.evaluate(`${handle}.focus()`)
    await page.press('ArrowUp')
    expect(await page.evaluate(`[${handle}.getAttribute('role'), ${handle}.getAttribute('aria-valuetext')]`)).toEqual([
      'slider',
      '32',
    ])
    expect([...new Set(await column(3))]).toEqual(['32', '64'])
    await page.press('End')
    expect([...new Set(await column(3))]).toEqual(['64'])
    await page.press('Home')
    expect(await column(3)).toHaveLength(24)
  })

  it('hides trials without a score in a range of scores', async () => {
    await open()
    await page.evaluate(`document.querySelector('#parallel [aria-label="lowest val_accuracy"]').focus()`)
    await page.press('ArrowUp')
    expect([...new Set(await column(1))]).toEqual(['done'])
    expect(await column(1)).toHaveLength(17)
  })

  it('copies the best spec', async () => {
    await open()
    await page.click(await page.centreOf('.copy button'))
    const status = `document.querySelector('.copy [role=status]').innerText`
    await expect.poll(() => page.evaluate(status)).toMatch(/^(Copied|Selected: copy it with Ctrl-C)$/)
    if ((await page.evaluate(status)) !== 'Copied')
      expect(await page.evaluate('getSelection().toString()')).toContain('name: best')
  })

  it.each<[string, SweepSummary]>([
    ['no trials', sweepOf([])],
    ['one trial', sweepOf([trialOf(1, { score: 0.5, values: { a: 1 } })])],
    [
      'no scores',
      sweepOf([
        trialOf(1, { values: { a: 1 } }),
        trialOf(2, { state: 'failed', values: { a: 2 }, curve: [{ epoch: 1, value: null }] }),
      ]),
    ],
    ['1,000 trials', gridSweep({ count: 1000 })],
    [
      '14 parameters of 10,000 characters',
      sweepOf(
        [1, 2].map((number) =>
          trialOf(number, {
            score: number,
            values: Object.fromEntries(
              Array.from({ length: 14 }, (_, index) => [
                `vars.${'v'.repeat(9000)}${index}`,
                'x'.repeat(10_000) + number,
              ]),
            ),
          }),
        ),
      ),
    ],
    [
      'markup in names and values',
      sweepOf([trialOf(1, { score: 1, label: hostileText, values: { [hostileText]: hostileText } })], {
        name: hostileText,
      }),
    ],
  ])('shows %s', async (_name, sweep) => {
    await open(sweep)
    expect(page.complaints).toEqual([])
    expect(await column(0)).toHaveLength(sweep.trials.length)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(await page.evaluate('document.title')).not.toBe('run')
  })
})
