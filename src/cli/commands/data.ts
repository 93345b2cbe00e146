import { choice, declareCommand, number, on, text, wholeNumber, withDefault } from './declareCommand.ts'
import { data as folder, force, prettyOrJson } from './sharedOptions.ts'

export const data = declareCommand({
  name: 'data',
  help: 'show the content of a dataset: classes, statistics and images',
  arguments: [['<dataset>', 'a spec, or the name of a dataset']],
  options: {
    view: number('<n>', 'show this many images with their labels', wholeNumber(1)),
    graphics: withDefault(
      choice('<how>', 'how to show images in the terminal', ['auto', 'blocks', 'kitty', 'iterm2', 'sixel']),
      'auto',
    ),
    output: text('<file>', 'write the images to a PNG file', 'o'),
    force,
    stats: on('compute the mean and standard deviation of each channel, as for `normalize`'),
    augmented: on('show the images after `augment`'),
    split: withDefault(choice('<split>', 'the split to show', ['train', 'validation', 'test']), 'train'),
    data: folder,
    format: prettyOrJson,
  },
  examples: [
    ['data mnist --view 9', 'shows nine digits'],
    ['data model.yaml --augmented -o samples.png', 'writes augmented samples to a file'],
  ],
})
