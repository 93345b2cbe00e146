import { describe, expect, it } from 'vitest'
import { reportPictureGrid } from '../../src/report/pictureGrid.ts'

const picture = (label: string, width: number, height: number, grey: (x: number, y: number) => number) => ({
  label,
  width,
  height,
  pixels: Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3)
    return grey(pixel % width, Math.floor(pixel / width))
  }),
})

/** Bright at the right, dark at the left. */
const slope = (label: string) => picture(label, 4, 4, (x) => x * 85)

describe('reportPictureGrid', () => {
  it('shades pictures side by side where there are no colours', () => {
    const text = reportPictureGrid([slope('one'), slope('second'), slope('3')], 11)
    expect(text).toBe(['one   sec…', ' -*@   -*@', ' -*@   -*@', '', '3', ' -*@', ' -*@', '', ''].join('\n'))
  })

  it('gives each half of a character the colour of a pixel', () => {
    const tall = picture('x', 1, 3, (_x, y) => y * 100)
    expect(reportPictureGrid([tall], 80, (sequence) => sequence)).toBe(
      'x\n\u001B[38;2;0;0;0m\u001B[48;2;100;100;100m▀\u001B[0m\n\u001B[38;2;200;200;200m\u001B[49m▀\u001B[0m\n\n',
    )
  })

  it('scales wide pictures down by the mean', () => {
    const wide = picture('wide', 64, 64, (x) => (x % 2) * 255)
    const [, line = ''] = reportPictureGrid([wide], 80).split('\n')
    expect(line).toBe(line[0]!.repeat(32))
    expect('=+').toContain(line[0])
  })

  it('fits one picture even where it is wider than the terminal', () => {
    expect(reportPictureGrid([slope('a'), slope('b')], 2).split('\n')[0]).toBe('a')
  })
})
