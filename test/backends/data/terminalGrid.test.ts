import sharp from 'sharp'
import { decode } from 'sixel'
import { describe, expect, it } from 'vitest'
import { encodeGrid, graphicsProtocols, type GraphicsProtocol } from '../../../src/tasks/viewData/terminalGrid.ts'
import { drawGrid } from '../../../src/tasks/viewData/writeGrid.ts'

/** Large enough for several chunks: noise does not compress. */
const noise = { width: 40, height: 40, label: 'noise' }
const pictures = [
  {
    ...noise,
    pixels: Uint8Array.from({ length: 40 * 40 * 3 }, (_, index) => (Math.imul(index, 0x9e3779b1) >>> 13) & 255),
  },
  {
    width: 40,
    height: 40,
    label: 'red',
    pixels: Uint8Array.from({ length: 40 * 40 * 3 }, (_, i) => (i % 3 ? 0 : 255)),
  },
]

interface Seen {
  readonly width: number
  readonly height: number
  /** Red, green and blue. */
  readonly pixels: Uint8Array
}

async function readPng(bytes: Buffer): Promise<Seen> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) }
}

/** With signs for its control characters. */
const visible = (sent: string) => sent.replaceAll('\u001B', '␛').replaceAll('\u0007', '␇')

/** What a terminal would show, by the specification of each protocol. */
const terminals: Readonly<Record<GraphicsProtocol, (sent: string) => Promise<Seen>>> = {
  kitty(sent) {
    const chunks = [...visible(sent).matchAll(/␛_G([^;]*);([^␛]*)␛\\/g)]
    expect(chunks.map(([, keys]) => keys)).toEqual(
      chunks.map((_chunk, index) => `${index === 0 ? 'a=T,f=100,' : ''}m=${index + 1 < chunks.length ? 1 : 0}`),
    )
    expect(chunks.length).toBeGreaterThan(1)
    for (const [, , text] of chunks) expect(text!.length).toBeLessThanOrEqual(4096)
    return readPng(Buffer.from(chunks.map(([, , text]) => text).join(''), 'base64'))
  },
  iterm2(sent) {
    const [, size, text] = /^␛\]1337;File=inline=1;size=(\d+):([^␇]*)␇\n$/.exec(visible(sent))!
    const bytes = Buffer.from(text!, 'base64')
    expect(bytes).toHaveLength(Number(size))
    return readPng(bytes)
  },
  sixel(sent) {
    const { width, height, data32 } = decode(sent)
    const colours = new Uint8Array(data32.buffer, data32.byteOffset, width * height * 4)
    return Promise.resolve({ width, height, pixels: colours.filter((_value, index) => index % 4 < 3) })
  },
}

describe.each(graphicsProtocols)('encodeGrid for %s', (protocol) => {
  it('sends what the PNG file would hold', async () => {
    const drawn = await readPng(await (await drawGrid(pictures)).png().toBuffer())
    const shown = await terminals[protocol](await encodeGrid(pictures, protocol))
    // A sixel picture is as wide as the next four pixels.
    const width = protocol === 'sixel' ? Math.ceil(drawn.width / 4) * 4 : drawn.width
    expect([shown.width, shown.height]).toEqual([width, drawn.height])
    const differences = drawn.pixels.map((value, index) => {
      const [pixel, colour] = [Math.floor(index / 3), index % 3]
      const place = Math.floor(pixel / drawn.width) * shown.width + (pixel % drawn.width)
      return Math.abs(value - shown.pixels[place * 3 + colour]!)
    })
    // 256 colours for a picture of noise, each of its parts in hundredths: near, on the whole.
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
    expect(mean).toBeLessThan(protocol === 'sixel' ? 12 : 0.001)
  })
})
