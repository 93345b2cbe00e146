/** Prints pictures side by side in a terminal. A character shows two pixels: an upper half block in one colour, on a background of the other. */
import { maskControls } from '../system/controlCharacters.ts'

export interface GridPicture {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Uint8Array
  readonly label: string
}

/** The maximum width in pixels; wider pictures are scaled down. */
const widest = 32

/** Characters from dark to bright, for output without colours. */
const shades = ' .:-=+*#%@'

/**
 * @param columns The width of the terminal in characters.
 * @param control Marks a control sequence as safe to print; without it, the output has no colours.
 */
export function reportPictureGrid(
  pictures: readonly GridPicture[],
  columns: number,
  control?: (sequence: string) => string,
): string {
  const shown = pictures.map(shrink)
  const width = shown[0]?.width ?? 1
  const inRow = Math.max(1, Math.floor((columns + 2) / (width + 2)))
  const lines: string[] = []
  for (let first = 0; first < shown.length; first += inRow) {
    const row = shown.slice(first, first + inRow)
    lines.push(
      row
        .map(({ label }) => cut(label, width))
        .join('  ')
        .trimEnd(),
    )
    for (let y = 0; y < row[0]!.height; y += 2) {
      lines.push(
        row
          .map((picture) => (control ? colouredLine(picture, y, control) : shadedLine(picture, y)))
          .join('  ')
          .trimEnd(),
      )
    }
    lines.push('')
  }
  return `${lines.join('\n')}\n`
}

function cut(text: string, width: number): string {
  const label = maskControls(text)
  return (label.length > width ? `${label.slice(0, width - 1)}…` : label).padEnd(width)
}

function colouredLine(picture: GridPicture, y: number, control: (sequence: string) => string): string {
  let line = ''
  for (let x = 0; x < picture.width; x++) {
    const below = y + 1 < picture.height ? `\u001B[48;2;${colourAt(picture, x, y + 1).join(';')}m` : '\u001B[49m'
    line += `${control(`\u001B[38;2;${colourAt(picture, x, y).join(';')}m${below}`)}▀`
  }
  return line + control('\u001B[0m')
}

function shadedLine(picture: GridPicture, y: number): string {
  let line = ''
  for (let x = 0; x < picture.width; x++) {
    const values = [...colourAt(picture, x, y), ...(y + 1 < picture.height ? colourAt(picture, x, y + 1) : [])]
    const bright = values.reduce((sum, value) => sum + value, 0) / values.length / 256
    line += shades[Math.floor(bright * shades.length)]!
  }
  return line
}

function colourAt({ pixels, width }: GridPicture, x: number, y: number): [number, number, number] {
  const from = (y * width + x) * 3
  return [pixels[from]!, pixels[from + 1]!, pixels[from + 2]!]
}

/** Scales a picture down to at most `widest` pixels: each pixel is the mean of a square of pixels. */
function shrink(picture: GridPicture): GridPicture {
  const step = Math.ceil(picture.width / widest)
  if (step === 1) return picture
  const [width, height] = [Math.floor(picture.width / step), Math.floor(picture.height / step)]
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0]
      for (let place = 0; place < step * step; place++) {
        const colour = colourAt(picture, x * step + (place % step), y * step + Math.floor(place / step))
        for (let channel = 0; channel < 3; channel++) sums[channel]! += colour[channel]!
      }
      pixels.set(
        sums.map((sum) => Math.round(sum / (step * step))),
        (y * width + x) * 3,
      )
    }
  }
  return { ...picture, width, height, pixels }
}
