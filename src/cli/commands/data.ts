import { choice, declareCommand, number, on, text, wholeNumber, withDefault } from './declareCommand.ts'
import { data as folder, force, prettyOrJson } from './sharedOptions.ts'

export const data = declareCommand({
  name: 'data',
  help: 'show what a dataset holds: classes, numbers and pictures',
  arguments: [['<dataset>', 'a spec, or the name of a dataset']],
  options: {
    view: number('<n>', 'show so many pictures with their labels', wholeNumber(1)),
    graphics: withDefault(
      choice('<how>', 'how the terminal shows pictures', ['auto', 'blocks', 'kitty', 'iterm2', 'sixel']),
      'auto',
    ),
    output: text('<file>', 'draw the pictures into a PNG file', 'o'),
    force,
    stats: on('mean and standard deviation of each channel, as `normalize` takes them'),
    augmented: on('show the pictures as `augment` changes them'),
    split: withDefault(choice('<split>', 'which samples', ['train', 'validation', 'test']), 'train'),
    data: folder,
    format: prettyOrJson,
  },
  examples: [
    ['data mnist --view 9', 'shows nine digits'],
    ['data model.yaml --augmented -o samples.png', 'draws augmented samples into a file'],
  ],
})
