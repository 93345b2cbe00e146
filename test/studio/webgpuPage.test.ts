/** Training on the static page by WebGPU, with the adapter in software that comes with Chromium. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { repository } from '../cli/runCli.ts'
import { builtPage, canOpen, collectComplaints, launchChromium, linkTo } from './chromium.ts'
import { serveFolder, type StaticServer } from './staticServer.ts'

const isInstalled = existsSync(join(repository, 'node_modules/@tensorflow/tfjs-backend-webgpu'))
if (!isInstalled) process.stderr.write('SKIPPED: @tensorflow/tfjs-backend-webgpu is not installed (`npm ci`)\n')

const spec = `name: blobs
dataset: { synthetic: { shape: [8], classes: 2, train: 256, test: 64, noise: 0.5, seed: 1 } }
layers:
  - dense: { units: 8, activation: relu }
  - dense: { units: 2, activation: softmax }
optimizer: { adam: { learningRate: 0.05 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 3, batchSize: 32, seed: 1 }
`

describe.skipIf(!canOpen || !isInstalled)('webgpu on the static page', { timeout: 120_000 }, () => {
  const complaints: string[] = []
  let server: StaticServer
  let browser: Browser | undefined
  beforeAll(async () => {
    server = await serveFolder(builtPage)
  })
  afterEach(async () => {
    await browser?.close()
    expect(complaints.splice(0)).toEqual([])
  })
  afterAll(() => server.close())

  const openTrain = async (args: readonly string[]): Promise<Page> => {
    browser = await launchChromium(args)
    const page = await browser.newPage()
    collectComplaints(page, complaints)
    await page.goto(server.url + (await linkTo(spec)))
    await page.getByRole('tab', { name: 'Train' }).click()
    return page
  }

  it('trains', async () => {
    const page = await openTrain(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'])
    await page.getByLabel('Engine').selectOption('webgpu')
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await page.locator('.status[data-status=finished]').or(page.locator('.notice')).waitFor()
    expect(await page.locator('.notice').allInnerTexts()).toEqual([])
    const rows = await page.locator('.train-view table.numbers tbody tr').allInnerTexts()
    const accuracies = rows.map((row) => Number(/([\d.]+)%/.exec(row)![1]))
    expect(accuracies.at(-1)).toBeGreaterThan(accuracies[0]!)
    expect(await page.locator('.figures').innerText()).toContain('webgpu')
  })

  it('says why it cannot be chosen', async () => {
    const page = await openTrain(['--disable-features=WebGPU', '--disable-gpu'])
    await page.getByText(/^webgpu: This browser (has no WebGPU|finds no graphics card for WebGPU)\.$/).waitFor()
    expect(await page.getByRole('option', { name: 'webgpu' }).isDisabled()).toBe(true)
  })
})
