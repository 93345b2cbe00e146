/** Measures the contrast of the colours of the page, by the formula of WCAG 2.2. */
import type { Page } from 'playwright-core'

/**
 * The contrast of two custom properties of the style sheet as they are computed, from 1 to 21.
 *
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export async function contrastOf(page: Page, text: string, background: string): Promise<number> {
  const [one, other] = (await page.evaluate(`{
    const probe = document.createElement('i')
    document.body.append(probe)
    const colours = ['${text}', '${background}'].map((name) => {
      probe.style.color = 'var(--' + name + ')'
      return getComputedStyle(probe).color
    })
    probe.remove()
    colours
  }`)) as [string, string]
  const [light, dark] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The relative luminance of `rgb(1, 2, 3)`. */
function luminanceOf(colour: string): number {
  const [red, green, blue] = colour.match(/[\d.]+/g)!.map((value) => {
    const share = Number(value) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
