/** The static page in Chromium: its sizes, and each view by mouse and keyboard. Skipped with a message where Chromium or the built page is missing. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { builtPage, canOpen, collectComplaints, launchChromium, linkTo } from './chromium.ts'
import { contrastOf } from './contrast.ts'
import { drawLine, dropImage, pictureOf } from './drawing.ts'
import { smallMnist, spec as digits } from './smallMnist.ts'
import { serveFolder, type StaticServer } from './staticServer.ts'

describe.skipIf(!canOpen)('the static page in Chromium', { timeout: 60_000 }, () => {
  let server: StaticServer
  let browser: Browser
  let page: Page
  /** Holds the rules back. */
  let held: Promise<void> | undefined
  const complaints: string[] = []

  beforeAll(async () => {
    server = await serveFolder(builtPage, (path) => (/\/openSpec-/.test(path) ? held : undefined))
    browser = await launchChromium()
  })
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  const open = async (fragment = '', options: BrowserContextOptions = {}) => {
    await page?.context().close()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options })
    collectComplaints(page, complaints)
    await page.goto(server.url + fragment)
    await page.locator('.problem-summary[data-state]').waitFor({ state: 'attached' })
  }

  it('shows shapes while the rules are still being loaded', async () => {
    await open()
    let release = () => {}
    held = new Promise((done) => (release = done))
    await page.reload()
    await page.getByText('→ 10 · 31,370').waitFor()
    expect(await page.locator('.problem-summary').innerText()).toBe('Loading the checker …')
    release()
    await page.locator('.problem-summary', { hasText: 'No problems' }).waitFor()
  })

  it('undoes a fix in one step, and keeps the text in the address', async () => {
    await open(await linkTo('name: x\ndataset: mnist\nlayers:\n  - flatten\n  - Dense: { units: 10 }\n'))
    await page
      .getByRole('button', { name: /^Fix: / })
      .first()
      .click()
    await page.getByText('→ 10 · 7,850').waitFor()
    await page.locator('.cm-content').press('Control+z')
    expect(await page.locator('.cm-content').innerText()).toContain('- Dense: { units: 10 }')
    await page.waitForURL(/#.*spec=/)
  })

  it('completes a layer that fits', async () => {
    await open(await linkTo('name: x\ndataset: mnist\nlayers:\n  - flatten\n  - '))
    await page.locator('.cm-content').press('Control+End')
    await page.keyboard.type('den')
    await page
      .getByRole('option', { name: /^dense/ })
      .first()
      .waitFor()
  })

  it('explains a layer on hover', async () => {
    await open()
    await page.getByText('flatten', { exact: true }).first().hover()
    await page.locator('.markdown.hover').waitFor()
  })

  it('goes from a card to its line, and from a line to its card', async () => {
    await open()
    await page.getByRole('button', { name: /^dense, / }).click()
    await page.locator('.cm-activeLine', { hasText: 'dense' }).waitFor()
    await page.keyboard.press('ArrowUp')
    await page.locator('.card[aria-pressed=true]', { hasText: 'flatten' }).waitFor()
  })

  it('draws the network again as the text changes, and folds its blocks', async () => {
    await open('#file=zoo/resnet-20.yaml')
    await page.getByRole('button', { name: 'Fold all', exact: true }).click()
    await expect.poll(() => page.locator('.card').count()).toBe(7)
    await page.getByRole('button', { name: /^folded group repeat/ }).press('Enter')
    await expect.poll(() => page.locator('.card').count()).toBeGreaterThan(7)
    await open()
    await page.locator('.cm-line', { hasText: 'flatten' }).click()
    await page.keyboard.press('End')
    await page.keyboard.type('\n- dense: { units: 77 }')
    await page.locator('.edge-shape', { hasText: /^77$/ }).waitFor()
  })

  it.each([
    ['step', 'output 5×5', 25],
    ['stride', 'output 3×3', 9],
    ['padded', 'output 7×7', 49],
  ])('moves the window of %s by keys over %s', async (layer, title, positions) => {
    await open('#file=windows.yaml&view=layer')
    await page.getByRole('combobox', { name: 'Layer' }).selectOption(layer)
    await page.locator('.window-title', { hasText: title }).waitFor()
    const slider = page.getByRole('slider')
    expect(await slider.getAttribute('max')).toBe(String(positions - 1))
    await page.locator('.window-picture').press('ArrowRight')
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^Output row 1, column 2 reads /)
    await page.locator('.window-picture').press('End')
    await expect.poll(() => slider.inputValue()).toBe(String(positions - 1))
    // Nothing moves by itself where less motion is preferred.
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  it('keeps a theme that was chosen', async () => {
    await open('', { colorScheme: 'light' })
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await background()
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark')
    expect(await background()).not.toBe(light)
    await page.reload()
    expect(await background()).not.toBe(light)
  })

  it.each(['light', 'dark'] as const)('has enough contrast in the %s theme', async (colorScheme) => {
    await open('', { colorScheme })
    const onSurfaces = [
      'ink',
      'quiet',
      'accent',
      'error',
      'warning',
      'fine',
      'hint',
      'code-key',
      'code-string',
      'code-comment',
    ]
    const pairs = ['page', 'surface'].flatMap((surface) => onSurfaces.map((text) => [text, surface] as const))
    const low: [string, string, number][] = []
    for (const [text, background] of [...pairs, ['on-accent', 'accent'] as const, ['ink', 'selection'] as const]) {
      const contrast = await contrastOf(page, text, background)
      if (contrast < 4.5) low.push([text, background, contrast])
    }
    expect(low).toEqual([])
  })

  it('is used by keys alone', async () => {
    await open()
    const focused = async () => (await page.evaluate('document.activeElement.textContent')) as string
    for (let steps = 0; steps < 20 && (await focused()) !== 'Network'; steps += 1) await page.keyboard.press('Tab')
    for (const [key, name] of [
      ['End', 'Compare'],
      ['Home', 'Network'],
      ...['Layer', 'Compile', 'Data', 'Train'].map((one) => ['ArrowRight', one] as const),
    ] as const) {
      await page.keyboard.press(key)
      await page.getByRole('tab', { name, selected: true }).waitFor()
    }
    await page.locator('.train-view').waitFor()
    // In the editor, Tab indents; after Escape it leaves.
    const leave = async () => {
      await page.keyboard.press('Escape')
      await page.keyboard.press('Tab')
    }
    for (let steps = 0; steps < 60 && (await page.locator('.controls button:focus').count()) === 0; steps += 1)
      await leave()
    expect(await focused()).toBe('Train')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none')
  })

  it('fits the width of a phone, with the editor as a tab', async () => {
    await open('', { viewport: { width: 390, height: 844 } })
    const tabs = await page.getByRole('tab').allInnerTexts()
    expect(tabs[0]).toBe('Edit')
    for (const name of tabs) {
      await page.getByRole('tab', { name, exact: true }).click()
      await page.locator(`.panes[data-view]`).waitFor()
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect([name, overflow]).toEqual([name, 0])
    }
  })

  it('shows the line of a layer on a phone, and leaves the tab of the editor on a wide screen', async () => {
    await open('#view=layer', { viewport: { width: 390, height: 844 } })
    await page.getByRole('combobox', { name: 'Layer' }).selectOption('dense')
    await page.getByRole('button', { name: 'Show line' }).click()
    await page.locator('.cm-activeLine', { hasText: 'dense' }).waitFor()
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('tab', { name: 'Network', selected: true }).waitFor()
    await page.locator('.card').first().waitFor()
  })

  describe('trains, with files that the user adds', () => {
    const small = smallMnist()
    const tab = (name: string) => page.getByRole('tab', { name }).click()
    const train = async () => {
      await tab('Train')
      await page.getByRole('button', { name: 'Train', exact: true }).click()
    }
    const ended = (how: string) => page.locator(`.status[data-status=${how}]`).waitFor()

    it('shows the data, and the accuracy rise', async () => {
      await open(await linkTo(digits.replace('epochs: 3', 'epochs: 200')))
      await page.locator('.problem', { hasText: 'data' }).first().waitFor()
      await tab('Data')
      const files = readdirSync(join(small, 'data')).map((name) => join(small, 'data', name))
      await page.getByLabel('Add files').setInputFiles(files)
      await page.getByRole('img', { name: 'a sample of 7' }).first().waitFor()
      await page.locator('.problem-summary', { hasText: 'No problems' }).waitFor()
      await train()
      await page.locator('.train-view table.numbers tbody tr').nth(2).waitFor()
      await page.getByRole('button', { name: 'Pause' }).click()
      await ended('paused')
      expect(await page.locator('table.confusion tbody tr').count()).toBe(10)
      const accuracies = (await page.locator('.train-view table.numbers tbody tr').allInnerTexts()).map((row) =>
        Number(/([\d.]+)%/.exec(row)![1]),
      )
      expect(accuracies.at(-1)).toBeGreaterThan(accuracies[0]!)
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('button', { name: 'Stop and save' }).click()
      await ended('stopped')
    })

    it('finds the run when the page is loaded again, and resumes it', async () => {
      await page.reload()
      await ended('stopped')
      const rows = page.locator('.train-view table.numbers tbody tr')
      const before = await rows.count()
      await page.getByRole('button', { name: 'Resume' }).click()
      await rows.nth(before).waitFor()
      await page.getByRole('button', { name: 'Stop and save' }).click()
      await ended('stopped')
    })

    it('predicts a drawing and a dropped image', async () => {
      await tab('Draw')
      await drawLine(page)
      await page.locator('.answer').waitFor()
      expect(await page.locator('.answer strong').innerText()).toBe('1')
      expect(await page.locator('.activations li').count()).toBe(4)
      expect(await page.locator('.filters img').count()).toBe(4)
      await dropImage(page, pictureOf(small))
      await page.locator('.seen img').waitFor()
      await page.locator('.answer', { hasNotText: /^1$/ }).waitFor()
    })

    it('compares two runs, and downloads one', async () => {
      const wide = digits.replace('filters: 4', 'filters: 6').replace('name: digits', 'name: wide')
      const { hash } = new URL(await linkTo(wide.replace('epochs: 3', 'epochs: 1')), server.url)
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
      await page.locator('.cm-content', { hasText: 'name: wide' }).waitFor()
      await train()
      await ended('finished')
      await tab('Compare')
      await page.locator('.diff').first().waitFor()
      expect(await page.locator('.differences').innerText()).toMatch(/conv2d\s+filters 4 → 6/)
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download runs/wide' }).click()
      const files = Object.keys(unzipSync(readFileSync(await (await saved).path())))
      expect(files).toEqual(expect.arrayContaining(['wide/spec.yaml', 'wide/metrics.jsonl', 'wide/model/model.json']))
    })
  })

  it('runs nothing of a spec', async () => {
    const text = 'name: "<img src=x onerror=alert(1)>"\nlayers:\n  - "<script>alert(1)</script>": {}\n'
    await open(await linkTo(text))
    await page.locator('.problem').first().waitFor()
    expect(await page.locator('.problems img, .problems script, .graph script').count()).toBe(0)
  })

  it('allows scripts of its own folder only', async () => {
    await open()
    const ran = await page.evaluate(`new Promise((done) => {
      document.addEventListener('securitypolicyviolation', () => done('refused'), { once: true })
      const script = document.createElement('script')
      script.textContent = 'document.title = "ran"'
      document.head.append(script)
      setTimeout(() => done(document.title), 500)
    })`)
    expect(ran).toBe('refused')
    complaints.length = 0
  })
})
