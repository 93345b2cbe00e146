/** Prepares a drawing as the images of MNIST were: scaled to 20 of 28 pixels, with its centre of mass in the middle. */

/** The side of an MNIST image, and that of the digit in it. */
const [side, inner] = [28, 20]

export async function placeDrawing(canvas: HTMLCanvasElement): Promise<Blob | undefined> {
  const box = boundsOf(canvas)
  if (box === undefined) return undefined
  const scale = inner / Math.max(box.width, box.height)
  const [width, height] = [box.width * scale, box.height * scale]
  const small = draw((context) =>
    context.drawImage(
      canvas,
      box.left,
      box.top,
      box.width,
      box.height,
      (side - width) / 2,
      (side - height) / 2,
      width,
      height,
    ),
  )
  const [x, y] = centreOf(small)
  const [right, down] = [Math.round(side / 2 - x), Math.round(side / 2 - y)]
  const centred = draw((context) => context.drawImage(small, right, down))
  return await new Promise((done) => centred.toBlob((blob) => done(blob ?? undefined), 'image/png'))
}

function draw(paint: (context: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side
  const context = canvas.getContext('2d')!
  context.fillStyle = '#000'
  context.fillRect(0, 0, side, side)
  context.imageSmoothingQuality = 'high'
  paint(context)
  return canvas
}

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The smallest box around the ink; undefined without ink. */
function boundsOf(canvas: HTMLCanvasElement): Box | undefined {
  const { width, height } = canvas
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height)
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[(y * width + x) * 4]! < 64) continue
      ;[left, right] = [Math.min(left, x), Math.max(right, x)]
      ;[top, bottom] = [Math.min(top, y), Math.max(bottom, y)]
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

function centreOf(canvas: HTMLCanvasElement): [number, number] {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, side, side)
  let [mass, x, y] = [0, 0, 0]
  for (let index = 0; index < side * side; index += 1) {
    const ink = data[index * 4]!
    mass += ink
    x += ink * (index % side)
    y += ink * Math.floor(index / side)
  }
  return mass === 0 ? [side / 2, side / 2] : [x / mass + 0.5, y / mass + 0.5]
}
