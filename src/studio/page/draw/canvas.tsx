/** A square to draw on with a mouse, a pen or a finger: light ink on black, as the digits of MNIST. */
import { useEffect, useRef } from 'preact/hooks'
import { placeDrawing } from './placeDrawing.ts'

/** The sides of the square in pixels, and the width of the pen. */
const [side, pen] = [280, 20]

export interface CanvasProps {
  /** Called after each stroke with the drawing as a PNG, and with undefined once it is cleared. */
  onDrawing(image: Blob | undefined): void
}

export function Canvas({ onDrawing }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const clear = () => {
    const context = canvas.current!.getContext('2d')!
    context.fillStyle = '#000'
    context.fillRect(0, 0, side, side)
    onDrawing(undefined)
  }
  useEffect(() => {
    clear()
    return followPointer(canvas.current!, () => void placeDrawing(canvas.current!).then(onDrawing))
  }, [])
  return (
    <div class="drawing">
      <canvas ref={canvas} width={side} height={side} tabIndex={0} aria-label="Draw a digit here" />
      <button type="button" onClick={clear}>
        Clear
      </button>
    </div>
  )
}

/** Draws lines along the pointer. @returns A function that ends it. */
function followPointer(canvas: HTMLCanvasElement, onStroke: () => void): () => void {
  const context = canvas.getContext('2d')!
  const ended = new AbortController()
  const { signal } = ended
  const at = ({ clientX, clientY }: PointerEvent): [number, number] => {
    const { left, top, width, height } = canvas.getBoundingClientRect()
    return [((clientX - left) / width) * side, ((clientY - top) / height) * side]
  }
  canvas.addEventListener(
    'pointerdown',
    (event) => {
      canvas.setPointerCapture(event.pointerId)
      Object.assign(context, { strokeStyle: '#fff', lineWidth: pen, lineCap: 'round', lineJoin: 'round' })
      context.beginPath()
      context.moveTo(...at(event))
      context.lineTo(...at(event))
      context.stroke()
    },
    { signal },
  )
  canvas.addEventListener(
    'pointermove',
    (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return
      context.lineTo(...at(event))
      context.stroke()
    },
    { signal },
  )
  canvas.addEventListener('pointerup', onStroke, { signal })
  return () => ended.abort()
}
