/** Draws and drops images in the view Draw. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'

/** Draws a vertical line, a one. */
export async function drawLine(page: Page): Promise<void> {
  const canvas = page.getByLabel('Draw a digit here')
  await canvas.waitFor()
  const { x, y, width, height } = (await canvas.boundingBox())!
  await page.mouse.move(x + 0.5 * width, y + 0.2 * height)
  await page.mouse.down()
  await page.mouse.move(x + 0.5 * width, y + 0.8 * height, { steps: 8 })
  await page.mouse.up()
}

/** Drops a PNG file on the view, as from a folder of the desktop. */
export async function dropImage(page: Page, png: Uint8Array): Promise<void> {
  const bytes = Buffer.from(png).toString('base64')
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob('${bytes}'), (one) => one.charCodeAt(0))
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([bytes], 'digit.png', { type: 'image/png' }))
    document.querySelector('.draw-view').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }))
  }`)
}

/** The first test image of a small MNIST, three times as large, as a PNG file. */
export function pictureOf(folder: string): Uint8Array {
  const pixels = readFileSync(join(folder, 'data/t10k-images-idx3-ubyte')).subarray(16, 16 + 784)
  const data = Uint8Array.from(
    { length: 84 * 84 },
    (_, at) => pixels[Math.floor(at / 84 / 3) * 28 + Math.floor((at % 84) / 3)]!,
  )
  return encode({ width: 84, height: 84, channels: 1, data })
}
