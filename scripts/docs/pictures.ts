/** The pictures of docs/pictures, and the layers whose reference shows one. */
import { shapesPicture } from './shapesPicture.ts'
import { convolutions, describePanels, poolings, windowPicture } from './windowPictures.ts'

/** Returns the pictures by file name. */
export function pictures(): Readonly<Record<string, string>> {
  return {
    'shapes.svg': shapesPicture(),
    'convolution.svg': windowPicture(convolutions, describePanels(convolutions)),
    'pooling.svg': windowPicture(poolings, describePanels(poolings)),
  }
}

const note =
  'Blue and orange are two neighbouring positions of the window, and what they give. Dashed cells are padding; pale cells are read by no position.'

/** Returns the picture of a layer as Markdown for a page of docs/reference; most layers have none. */
export function pictureOf(type: string): string {
  const panels = type === 'conv2d' ? convolutions : /^(max|average|min)Pooling2d$/.test(type) ? poolings : undefined
  if (panels === undefined) return ''
  const file = panels === convolutions ? 'convolution' : 'pooling'
  return `![${describePanels(panels)}](../pictures/${file}.svg)\n\n${note}`
}
