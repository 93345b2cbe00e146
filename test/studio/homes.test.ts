/** What both homes of the studio do alike, in Chromium: the same steps in the local studio and on the static page. */
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canOpen, collectComplaints, launchChromium } from './chromium.ts'
import { homes, type OpenHome } from './homes.ts'
import { spec as digits } from './smallMnist.ts'

const specs = {
  'mistake.yaml': 'name: x\ndataset: mnist\nlayers:\n  - flatten\n  - Dense: { units: 10 }\n',
  'digits.yaml': digits.replace('dataset: { idx: { path: data } }', 'dataset: mnist'),
  // Of the same name as an example of the static page.
  'mnist-cnn.yaml': digits.replace('dataset: { idx: { path: data } }', 'dataset: mnist'),
  'child.yaml': 'name: child\nextends: ./mnist-cnn.yaml\n',
  'parts.yaml': `name: parts
dataset: mnist
blocks:
  unit:
    layers:
      - dense: { units: 12 }
layers:
  - flatten
  - unit
  - repeat:
      times: 2
      layers:
        - dense: { units: 8 }
  - dense: { units: 9, useBias: true }
  - batchNormalization
  - dense: { units: 10, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
`,
}

describe.skipIf(!canOpen).each(homes)('the %s in Chromium', { timeout: 120_000 }, (_name, openHome) => {
  const complaints: string[] = []
  let home: OpenHome
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    home = await openHome(specs)
    browser = await launchChromium()
    page = await browser.newPage({ permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce' })
    collectComplaints(page, complaints)
  })
  afterAll(async () => {
    expect(complaints).toEqual([])
    await browser?.close()
    await home?.close()
  })
  const open = async (file: keyof typeof specs) => {
    await page.goto(await home.addressOf(file))
    const [name] = specs[file].split('\n')
    await page.locator('.editor .cm-line', { hasText: name! }).first().waitFor()
  }
  const line = (text: string) => page.locator('.editor .cm-line', { hasText: text })

  it('shows shapes, a mistake, the shapes after its fix, and those after another layer', async () => {
    await open('mistake.yaml')
    await page.getByText('→ 784').waitFor()
    await page.locator('.cm-lintRange-error', { hasText: 'Dense' }).waitFor()
    await page
      .getByRole('button', { name: /^Fix: / })
      .first()
      .click()
    await page.getByText('→ 10 · 7,850').waitFor()
    await line('- flatten').click()
    await page.keyboard.press('End')
    await page.keyboard.type('\n- dense: { units: 20 }')
    await page.getByText('→ 20 · 15,700').waitFor()
    await page.getByText('→ 10 · 210').waitFor()
    await page.locator('.edge-shape', { hasText: /^20$/ }).waitFor()
  })

  it.each([
    ['expect 12 here', '- unit', '', '- unit: { expect: [12] }', undefined],
    ['extract to the block block', '- flatten', 'Shift+ArrowDown', 'block:', undefined],
    ['inline this call of unit', '- unit', '', '- dense: { units: 12 }', '- unit'],
    ['expand this repeat to 2 iterations', '- repeat', '', '- dense: { units: 8 }', '- repeat'],
    ['ignore meaning/redundant-bias in this spec', 'useBias', '', 'ignore: [', undefined],
  ])('offers to %s', async (title, place, select, written, gone) => {
    await open('parts.yaml')
    await page.getByText('→ 784').waitFor()
    await line(place).first().click()
    await page.keyboard.press('Home')
    if (select !== '') await page.keyboard.press(select)
    await page.keyboard.press('Control+.')
    const items = page.getByRole('menuitem')
    await items.first().waitFor()
    const titles = await items.allInnerTexts()
    expect(titles).toContain(title)
    for (let at = 0; at < titles.indexOf(title); at += 1) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await line(written).first().waitFor()
    if (gone !== undefined) await line(gone).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    if (gone === undefined) await line(written).waitFor({ state: 'detached' })
    else await line(gone).first().waitFor()
  })

  it.each([
    ['ts', 'digits.ts', 'tf.layers.conv2d('],
    ['js', 'digits.mjs', 'tf.layers.conv2d('],
    ['pytorch', 'digits_pytorch.py', 'nn.Conv2d('],
    ['keras', 'digits_keras.py', 'layers.Conv2D('],
  ])('compiles to %s, and copies and downloads %s', async (target, fileName, code) => {
    await open('digits.yaml')
    await page.getByRole('tab', { name: 'Compile' }).click()
    await page.getByLabel('Target').selectOption(target)
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: `Download ${fileName}` }).click()
    const text = readFileSync(await (await saved).path(), 'utf8')
    expect(text).toContain(' Compiled from digits.yaml')
    expect(text).toContain(code)
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(text)
  })

  it('writes the script again as the text changes', async () => {
    const script = page.locator('.script .cm-content')
    await line('name: digits').click()
    await page.keyboard.press('End')
    await page.keyboard.type('x')
    await script.getByText('digitsx').first().waitFor()
    await page.keyboard.press('Control+z')
    await script.getByText('digitsx').first().waitFor({ state: 'detached' })
  })

  it('goes to the definition of a block', async () => {
    await open('parts.yaml')
    await page.locator('.problem-summary[role=status]').waitFor()
    await line('- unit').first().click()
    await page.keyboard.press('F12')
    await page.locator('.cm-activeLine', { hasText: 'unit:' }).waitFor()
  })

  it('opens the spec whose path is at the cursor', async () => {
    await open('child.yaml')
    await page.locator('.problem-summary[role=status]').waitFor()
    await line('extends').click()
    await page.keyboard.press('F12')
    await line('optimizer').first().waitFor()
    expect(await page.locator('.header select').first().inputValue()).toBe('mnist-cnn.yaml')
  })
})
