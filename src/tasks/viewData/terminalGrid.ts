/** Encodes a grid of images for a terminal, in one of three graphics protocols. */
import { createSupportsTerminalGraphics } from 'supports-terminal-graphics'
import { drawGrid, type LabelledPicture } from './writeGrid.ts'

export const graphicsProtocols = ['kitty', 'iterm2', 'sixel'] as const

export type GraphicsProtocol = (typeof graphicsProtocols)[number]

/** The best protocol that the terminal supports; undefined if it supports none, or the stream is not a terminal. */
export function detectGraphics(stream: NodeJS.WriteStream): GraphicsProtocol | undefined {
  const known = createSupportsTerminalGraphics(stream)
  return graphicsProtocols.find((protocol) => known[protocol])
}

/** @throws KnownError if the package `sharp` cannot be loaded. */
export async function encodeGrid(pictures: readonly LabelledPicture[], protocol: GraphicsProtocol): Promise<string> {
  const grid = await drawGrid(pictures)
  if (protocol !== 'sixel') {
    const png = await grid.png().toBuffer()
    return protocol === 'kitty' ? inKittyChunks(png.toString('base64')) : asInlineImage(png)
  }
  const { image2sixel } = await import('sixel')
  const { data, info } = await grid.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return `${image2sixel(new Uint8Array(data), info.width, info.height, 256, 1)}\n`
}

/** The most characters of base64 text in one chunk of the kitty protocol. */
const longestChunk = 4096

/** `a=T` draws at once, `f=100` is PNG, `m=1` means that more chunks follow (https://sw.kovidgoyal.net/kitty/graphics-protocol/). */
function inKittyChunks(text: string): string {
  const chunks = Array.from({ length: Math.ceil(text.length / longestChunk) }, (_, index) => {
    const chunk = text.slice(index * longestChunk, (index + 1) * longestChunk)
    const more = (index + 1) * longestChunk < text.length ? 1 : 0
    return `\u001B_G${index === 0 ? 'a=T,f=100,' : ''}m=${more};${chunk}\u001B\\`
  })
  return `${chunks.join('')}\n`
}

/** https://iterm2.com/documentation-images.html */
function asInlineImage(png: Buffer): string {
  return `\u001B]1337;File=inline=1;size=${png.length}:${png.toString('base64')}\u0007\n`
}
