/** Files that are damaged, or made to do harm, must be refused with an error that names them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isKnownError } from '../../../src/system/knownError.ts'
import { Hdf5File } from '../../../src/tasks/import/keras/hdf5.ts'
import { readNetwork } from '../../../src/tasks/import/readNetwork.ts'
import { archive, bytes, config, json, tfjs, type Write } from './hostileFiles.ts'
import { functional, hdf5Of, inputLayer, layer, sequential, writeZip } from './kerasFiles.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

/** A model that applies the model inside of it twice, to any depth. */
function doubled(depth: number): object {
  let model = { ...sequential([inputLayer([3]), layer('ReLU')]), name: 'm0' } as Record<string, unknown>
  for (let level = 1; level <= depth; level += 1) {
    const inner = `m${level - 1}`
    const nodes = [[['fed', 0, 0, {}]], [[inner, 0, 0, {}]]]
    const layers = [
      {
        class_name: 'InputLayer',
        name: 'fed',
        config: { name: 'fed', batch_input_shape: [null, 3] },
        inbound_nodes: [],
      },
      { ...model, name: inner, inbound_nodes: nodes },
    ]
    const own = { name: `m${level}`, layers, input_layers: [['fed', 0, 0]], output_layers: [[inner, 1, 0]] }
    model = { class_name: 'Functional', name: `m${level}`, config: own }
  }
  return model
}

const refused: Readonly<Record<string, readonly [write: Write, message: RegExp]>> = {
  'a pickle': [bytes('model.bin', [0x80, 0x04, 0x95, 0, 0]), /pickle/],
  'a pickle by its name': [bytes('model.pkl', 'cos\nsystem\n'), /pickle/],
  'a model of torch.save': [(folder) => writeZip(folder, { 'archive/data.pkl': 'x' }), /pickle/],
  'an empty file': [bytes('model.keras', ''), /no format/],
  'unknown bytes': [bytes('model.h5', [1, 2, 3, 4]), /no format/],
  'text that is not JSON': [bytes('config.json', '{"class_name": '), /not JSON/],
  'JSON without a model': [json({ layers: [] }), /describes no model/],
  'JSON of 100,000 levels': [bytes('config.json', '['.repeat(100_000)), /more than 200 levels deep/],
  'a subclassed model': [json({ class_name: 'MyModel', config: {} }), /MyModel/],
  'a model without layers': [json(sequential([])), /no layers/],
  'layers that are not a list': [json({ class_name: 'Sequential', config: { layers: { length: 1e9 } } }), /not a list/],
  'a cycle': [
    json(
      functional([[inputLayer([3])], [layer('ReLU', { name: 'a' }), 'b'], [layer('ReLU', { name: 'b' }), 'a']], ['a']),
    ),
    /cycle/,
  ],
  'a layer that is missing': [
    json(functional([[inputLayer([3])], [layer('ReLU', { name: 'a' }), '__proto__']], ['a'])),
    /no layer `__proto__`/,
  ],
  'a model of 2^60 layers': [json(doubled(60)), /more than 20,000 layers/],
  'a zip archive that is cut off': [bytes('model.keras', [0x50, 0x4b, 3, 4, 0, 0]), /damaged/],
  'a zip archive without a config': [(folder) => writeZip(folder, { 'a.txt': 'x' }), /without `config.json`/],
  'weights that unpack to more than the model needs': [
    (folder) => writeZip(folder, { 'config.json': config, 'model.weights.h5': Buffer.alloc(40e6) }),
    /unpacks to 40,000,000 bytes, more than the 16,000,512/,
  ],
  'a checksum that is wrong': [
    async (folder) => {
      const path = await writeZip(folder, { 'config.json': config })
      const { readFileSync } = await import('node:fs')
      const content = readFileSync(path)
      content[45]! ^= 1
      writeFileSync(path, content)
      return path
    },
    /damaged/,
  ],
  'HDF5 without content': [bytes('model.h5', [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, 0, 0, 0]), /damaged/],
  'HDF5 with weights only': [
    async (folder) => {
      const path = join(folder, 'weights.h5')
      writeFileSync(path, await hdf5Of((file) => file.create_group('dense')))
      return path
    },
    /no model/,
  ],
  'a group that is a link to another file': [
    archive((file) => file.create_group('layers').create_external_link('/etc/passwd', '/', 'dense')),
    /`\/layers\/dense` is a link/,
  ],
  'an array that is a link': [
    archive((file) => {
      const vars = file.create_group('layers').create_group('dense').create_group('vars')
      file.create_dataset({ name: 'other', data: new Float32Array(6), shape: [3, 2] })
      vars.create_soft_link('/other', '0')
    }),
    /is a link/,
  ],
  'an array of texts': [
    archive((file) => {
      const vars = file.create_group('layers').create_group('dense').create_group('vars')
      vars.create_dataset({ name: '0', data: ['a', 'b'] })
    }),
    /not an array of numbers/,
  ],
  'weights outside of the folder': [tfjs('../outside.bin'), /not in its folder/],
  'weights at an absolute path': [tfjs('/etc/passwd'), /not in its folder/],
  'weights at an address': [tfjs('https://example.com/w.bin'), /not in its folder/],
  'weights at a link out of the folder': [tfjs('weights.bin', { place: 'link' }), /not in its folder/],
  'weights that are missing': [tfjs('other.bin'), /`other.bin`, which is missing/],
  'weights that are cut off': [tfjs('weights.bin', { length: 31 }), /needs 32 bytes.*there are 31/],
  'a graph instead of layers': [json({ format: 'graph-model', modelTopology: {} }), /graph of operations/],
}

it.each(Object.entries(refused))('refuses %s', async (_name, [write, message]) => {
  const error: unknown = await readNetwork(await write(temporaryFolder())).catch((thrown: unknown) => thrown)
  expect(isKnownError(error) ? error.message : error).toMatch(message)
})

it('ends the HDF5 library if it does not return from a damaged file, and reads the next file', async () => {
  const sound = Buffer.from(await hdf5Of((file) => file.create_attribute('names', ['a'])))
  const damaged = Buffer.from(sound)
  // The first object of a heap becomes free space of 0 bytes, which the library passes over without end.
  const heap = damaged.indexOf('GCOL')
  damaged.fill(0, heap + 16, heap + 32)
  const attributeOf = async (content: Uint8Array, seconds?: number) => {
    const file = await Hdf5File.open(content, 'net.h5', seconds)
    try {
      return file.attribute('', 'names')
    } finally {
      file.close()
    }
  }
  await expect(attributeOf(damaged, 0.2)).rejects.toThrow('net.h5 could not be read as HDF5 within 0.2 s')
  expect(await Promise.all([attributeOf(sound), attributeOf(sound)])).toEqual([['a'], ['a']])
})

const code = { class_name: 'function', config: 'evil', module: 'builtins', registered_name: 'function' }
const dense = { name: 'dense', units: 2 }
const reported: Readonly<Record<string, readonly [write: Write, problems: readonly (readonly [string, RegExp])[]]>> = {
  'each layer without a form': [
    json(sequential([inputLayer([3]), layer('Lambda', { function: code }), layer('Attention'), layer('Dense', dense)])),
    [
      ['layers[1] (lambda)', /Python code, which is never run/],
      ['layers[2] (attention)', /no layer like `Attention`/],
    ],
  ],
  'a layer without a form, but not the layers after it whose form depends on its shape': [
    json(
      sequential([
        inputLayer([8, 8, 4]),
        layer('GroupNormalization', { name: 'groups' }),
        layer('Normalization', { name: 'moments', axis: [3] }),
        layer('LayerScale', { name: 'scale', init_values: 0.1, projection_dim: 4 }, 'keras.src.applications.convnext'),
        layer('Conv2D', { name: 'each', filters: 4, kernel_size: [3, 3], groups: 4 }),
        layer('GlobalAveragePooling2D', { name: 'mean', keepdims: true }),
      ]),
    ),
    [['layers[1] (groups)', /no layer like `GroupNormalization`/]],
  ],
  'a class of the owner with a name of Keras': [
    json(sequential([inputLayer([3]), layer('Dense', dense, 'my_layers')])),
    [['layers[1] (dense)', /no layer like `Dense`/]],
  ],
  'a class that is a property of all objects': [
    json(sequential([inputLayer([3]), layer('constructor'), layer('__proto__')])),
    [
      ['layers[1] (constructor)', /no layer/],
      ['layers[2] (__proto__)', /no layer/],
    ],
  ],
  'an activation that is Python code': [
    json(sequential([inputLayer([3]), layer('Dense', { ...dense, activation: code })])),
    [['layers[1] (dense): activation', /no activation like `evil`/]],
  ],
  'options of all layers': [
    json(
      sequential([
        inputLayer([4, 4, 3]),
        layer('Conv2D', { name: 'a', filters: 3, kernel_size: [1, 1], groups: 9, activation: 'log_softmax' }),
        layer('Conv2D', { name: 'b', filters: 0, kernel_size: [1, 1] }),
        layer('UpSampling2D', { name: 'c', interpolation: 'lanczos3' }),
      ]),
    ),
    [
      ['layers[1] (a): groups', /no option for 9/],
      ['layers[1] (a): activation', /log_softmax/],
      ['layers[2] (b): filters', /minimum 1/],
      ['layers[3] (c): interpolation', /lanczos3/],
    ],
  ],
  'activations inside of a cell that are only layers': [
    json(
      sequential([
        inputLayer([4, 3]),
        layer('LSTM', { name: 'a', units: 2, activation: 'leaky_relu', recurrent_activation: 'hard_sigmoid' }),
      ]),
    ),
    [
      ['layers[1] (a): activation', /`leaky_relu`/],
      ['layers[1] (a): recurrent_activation', /slope of 1\/6/],
    ],
  ],
  'a factor for each channel of a vector': [
    json(sequential([inputLayer([3]), layer('LayerScale', { init_values: 1, projection_dim: 3 })])),
    [['layers[1] (layerscale)', /of an image can be imported/]],
  ],
  'names of properties of all objects': [
    json(
      sequential([inputLayer([3]), layer('Dense', { ...dense, kernel_regularizer: { class_name: 'constructor' } })]),
    ),
    [['layers[1] (dense): kernel_regularizer', /no regularizer like `constructor`/]],
  ],
  'normalizations that no layer computes': [
    json(
      sequential([
        inputLayer([4, 3]),
        layer('Normalization', { name: 'a', axis: null, invert: true, mean: null }),
        layer('Normalization', { name: 'b', axis: [2], mean: [1, 2, 3], variance: [1, 1, 1] }),
      ]),
    ),
    [
      ['layers[1] (a): axis', /for each value of the last axis/],
      ['layers[1] (a): invert', /no option for true/],
      ['layers[2] (b): mean', /the file has no weights/],
    ],
  ],
  'a shape that does not fit': [
    json(sequential([inputLayer([3]), layer('Conv2D', { filters: 2, kernel_size: [3, 3] })])),
    [['layers[1] (conv2d)', /conv2d/]],
  ],
  'an input without a shape': [
    json(sequential([layer('Dense', dense)])),
    [['layers[0]', /shape of the input is not known/]],
  ],
  'masks that are read only in Keras': [
    json(
      sequential([
        inputLayer([4]),
        layer('Embedding', { input_dim: 5, output_dim: 3, mask_zero: true }),
        layer('ELU', { alpha: 1 }),
        layer('LSTM', { units: 2, return_sequences: true }),
        layer('GlobalAveragePooling1D'),
      ]),
    ),
    [
      ['layers[3] (lstm)', /Keras skips masked steps here/],
      ['layers[4] (globalaveragepooling1d)', /Keras skips masked steps here/],
    ],
  ],
  'a mask that no layer makes': [
    json(
      functional(
        [
          [inputLayer([4, 3])],
          [{ class_name: 'NotEqual', config: { name: 'mask' } }, ['fed', { y: 0 }]],
          [layer('LSTM', { name: 'last', units: 2 }), ['fed', { mask: ['mask', 0, 0] }]],
        ],
        ['last'],
      ),
    ),
    [['layers[2] (last): mask', /no option for this argument/]],
  ],
  'an array of another shape': [
    archive((file) => {
      const vars = file.create_group('layers').create_group('dense').create_group('vars')
      vars.create_dataset({ name: '0', data: new Float32Array(6), shape: [2, 3] })
      vars.create_dataset({ name: '1', data: new Float32Array(2), shape: [2] })
    }),
    [['layers[1] (dense)', /`kernel` has the shape 3x2, but the array in the file 2x3/]],
  ],
  'arrays that are missing': [
    archive((file) => file.create_group('layers')),
    [['layers[1] (dense)', /0 arrays for it, but it has 2 weights/]],
  ],
}

describe('reports, with the place in the file,', () => {
  it.each(Object.entries(reported))('%s', async (_name, [write, wanted]) => {
    const { problems } = await readNetwork(await write(temporaryFolder()))
    expect(problems.map(({ place }) => place)).toEqual(wanted.map(([place]) => place))
    for (const [index, [, message]] of wanted.entries()) expect(problems[index]!.message).toMatch(message)
  })
})
