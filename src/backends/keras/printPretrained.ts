/** Prints how a script for Keras starts from trained weights. */
import type { Pretrained } from '../python/pretrained.ts'
import { quotePython } from '../python/printLiteral.ts'

/** The errors of a file that is missing, damaged or of another network. */
const errors = ['OSError', 'LookupError', 'TypeError', 'ValueError'] as const

/**
 * Prints `load_pretrained`.
 *
 * @param nameOf Returns the name of a layer in Keras.
 */
export function printPretrained({ format, file, layers }: Pretrained, nameOf: (layer: string) => string): string {
  const path = quotePython(file)
  const lines =
    format === 'keras'
      ? [
          `trained = keras.models.load_model(${path}, compile=False)`,
          `for name in [${layers.map(({ name }) => quotePython(nameOf(name))).join(', ')}]:`,
          '    model.get_layer(name).set_weights(trained.get_layer(name).get_weights())',
        ]
      : [
          `arrays = ${format === 'tfjs' ? 'read_tfjs' : 'read_tensors'}(Path(${path}))`,
          `names = {${layers.map(({ name, arrays }) => `${quotePython(nameOf(name))}: [${arrays.map(quotePython).join(', ')}]`).join(', ')}}`,
          'for layer, own in names.items():',
          '    model.get_layer(layer).set_weights([arrays[name] for name in own])',
        ]
  return [
    'def load_pretrained(model: keras.Model) -> None:',
    '    """Gives layers their trained weights."""',
    ...lines.map((line) => `    ${line}`),
  ].join('\n')
}

/** Prints the lines of `main` that call it. */
export function printLoading({ format, file }: Pretrained): readonly string[] {
  const caught = format === 'safetensors' ? [...errors, 'SafetensorError'] : errors
  return [
    'if not args.weights:',
    '    try:',
    '        load_pretrained(model)',
    `    except (${caught.join(', ')}) as error:`,
    `        print(${quotePython(`error: weights cannot be taken from ${file}:`)}, str(error).partition("\\n")[0], file=sys.stderr)`,
    '        return 2',
  ]
}
