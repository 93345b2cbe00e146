import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { drawNetwork } from '../../src/report/networkDiagram.ts'
import { reportSvg } from '../../src/report/networkImage.ts'

const zoo = new URL('../../configs/zoo/', import.meta.url)
const specs = readdirSync(zoo).filter((name) => name.endsWith('.yaml'))
const analyse = (name: string) => checkText(readFileSync(new URL(name, zoo), 'utf8'), name)

/** Width of a digit in DejaVu Sans Bold at 13px, the widest that the drawing is made for. */
const digit = 8.7

describe.each(specs)('the drawing of %s', (name) => {
  const { shaped } = analyse(name)
  const { svg, width, height } = drawNetwork(shaped)

  it('holds every card and every bend of a route', () => {
    const start = Number(/viewBox="(-?\d+) 0 /.exec(svg.text)![1])
    const routes = [...svg.text.matchAll(/ d="(M[^"]+)" marker/g)].map(([, path]) => path!)
    const numbers = routes.map((path) => [...path.matchAll(/-?[\d.]+/g)].map(([text]) => Number(text)))
    const cards = [...svg.text.matchAll(/translate\(([-\d.]+) ([\d.]+)\)[^]*?width="(\d+)"/g)]
    expect(cards).toHaveLength(shaped.nodes.length)
    const across = numbers.flatMap((points) => points.filter((_, index) => index % 2 === 0))
    across.push(...cards.flatMap(([, x, , wide]) => [Number(x), Number(x) + Number(wide)]))
    expect(Math.min(...across)).toBeGreaterThanOrEqual(start)
    expect(Math.max(...across)).toBeLessThanOrEqual(start + width)
    expect(Math.max(...cards.map(([, , y]) => Number(y) + 46))).toBeLessThanOrEqual(height)
  })

  it('has room between the name of a layer and its shape', () => {
    const cards = [
      ...svg.text.matchAll(/width="(\d+)"[^]*?class="name"[^>]*>([^<]*)<[^]*?class="shape"[^>]*>([^<]*)</g),
    ]
    const room = cards.slice(1).map(([, wide, label, shape]) => Number(wide) - digit * (label!.length + shape!.length))
    expect(Math.min(...room)).toBeGreaterThan(28 + 10)
  })
})

it('is a file that needs nothing else', () => {
  const text = reportSvg(analyse('lenet-5.yaml'))
  expect(text).toMatch(/^<svg[^>]+xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(text).toContain('<style>')
  expect(text.match(/https?:/g)).toHaveLength(1)
})
