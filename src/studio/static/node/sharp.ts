/** Takes the place of the package sharp in the workers of the static page: as much of it as they use, on a canvas. */

interface RawPixels {
  readonly raw: { readonly height: number; readonly width: number; readonly channels: 1 | 3 | 4 }
}

interface Size {
  readonly height: number
  readonly width: number
}

type Picture = OffscreenCanvas

class Sharp {
  readonly #open: () => Promise<Picture>
  /** Whether the result has opacity. */
  readonly #hasOpacity: boolean

  constructor(open: () => Promise<Picture>, hasOpacity: boolean) {
    this.#open = open
    this.#hasOpacity = hasOpacity
  }

  async metadata() {
    const { height, width } = await this.#open()
    return { autoOrient: { height, width }, hasAlpha: this.#hasOpacity }
  }

  removeAlpha(): Sharp {
    return new Sharp(this.#open, false)
  }

  ensureAlpha(): Sharp {
    return new Sharp(this.#open, true)
  }

  /** @param to The exact size, or the width of a box into which the image is shrunk. */
  resize(to: Size | number, boxHeight = Infinity): Sharp {
    const sizeOf = ({ height, width }: Size): Size => {
      if (typeof to === 'object') return to
      const scale = Math.min(to / width, boxHeight / height)
      return { height: Math.round(height * scale), width: Math.round(width * scale) }
    }
    return this.#draw(sizeOf, (context, picture) => {
      context.imageSmoothingQuality = 'high'
      context.drawImage(picture, 0, 0, context.canvas.width, context.canvas.height)
    })
  }

  extract({ top, left, ...size }: Size & { readonly top: number; readonly left: number }): Sharp {
    return this.#draw(
      () => size,
      (context, picture) => context.drawImage(picture, -left, -top),
    )
  }

  /** Adds black margins of the same size at opposite edges. */
  extend({ top, left }: { readonly top: number; readonly left: number }): Sharp {
    const sizeOf = ({ height, width }: Size) => ({ height: height + 2 * top, width: width + 2 * left })
    return this.#draw(sizeOf, (context, picture) => {
      context.fillStyle = '#000'
      context.fillRect(0, 0, context.canvas.width, context.canvas.height)
      context.clearRect(left, top, picture.width, picture.height)
      context.drawImage(picture, left, top)
    })
  }

  toColourspace(): this {
    return this
  }

  raw(): this {
    return this
  }

  png() {
    const encode = async () => {
      const picture = await this.#open()
      const { width, height } = picture
      return { data: Buffer.from(await (await picture.convertToBlob()).arrayBuffer()), info: { width, height } }
    }
    return { toBuffer: encode }
  }

  async toBuffer() {
    const picture = await this.#open()
    const { height, width } = picture
    const { data } = picture.getContext('2d')!.getImageData(0, 0, width, height)
    const channels = this.#hasOpacity ? 4 : 3
    const kept = this.#hasOpacity ? Uint8Array.from(data) : Uint8Array.from(data.filter((_, at) => at % 4 !== 3))
    return { data: kept, info: { height, width, channels } }
  }

  #draw(
    sizeOf: (from: Size) => Size,
    paint: (context: OffscreenCanvasRenderingContext2D, picture: Picture) => void,
  ): Sharp {
    return new Sharp(async () => {
      const picture = await this.#open()
      const { width, height } = sizeOf(picture)
      const canvas = new OffscreenCanvas(width, height)
      paint(canvas.getContext('2d')!, picture)
      return canvas
    }, this.#hasOpacity)
  }
}

/** @param source The bytes of an image file, or pixels. */
function openImage(source: Uint8Array<ArrayBuffer>, options?: Partial<RawPixels>): Sharp {
  let opened: Promise<Picture> | undefined
  const { raw } = options ?? {}
  const open = () => (opened ??= raw ? drawPixels(source, raw) : decode(source))
  return new Sharp(open, raw === undefined)
}

async function decode(file: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const image = await createImageBitmap(new Blob([file]), { imageOrientation: 'from-image' })
  const canvas = new OffscreenCanvas(image.width, image.height)
  canvas.getContext('2d')!.drawImage(image, 0, 0)
  image.close()
  return canvas
}

async function drawPixels(pixels: Uint8Array, { height, width, channels }: RawPixels['raw']): Promise<Picture> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  const image = context.createImageData(width, height)
  for (let at = 0; at < width * height; at += 1) {
    for (let channel = 0; channel < 3; channel += 1)
      image.data[at * 4 + channel] = pixels[at * channels + (channels === 1 ? 0 : channel)]!
    image.data[at * 4 + 3] = channels === 4 ? pixels[at * 4 + 3]! : 255
  }
  context.putImageData(image, 0, 0)
  return canvas
}

const settings = { concurrency: () => undefined, cache: () => undefined }
const sharp = Object.assign(openImage, settings)
export { sharp as default }
