import { declareCommand, text, withDefault } from './declareCommand.ts'
import { force, prettyOrJson } from './sharedOptions.ts'

export const importNetwork = declareCommand({
  name: 'import',
  help: 'write the network of a Keras, TensorFlow.js or ONNX file as a spec, with its weights',
  arguments: [['<file>', 'a .keras, .h5 or config.json file of Keras, model.json of TensorFlow.js, or an ONNX file']],
  options: {
    out: withDefault(text('<folder>', 'the output folder', 'o'), '.'),
    name: text('<name>', 'the name of the spec and its files; the default is that of the model'),
    format: prettyOrJson,
    force,
  },
  examples: [
    ['import resnet50.keras', 'writes resnet50.yaml and resnet50.safetensors'],
    ['import runs/mnist-cnn/model/model.json --out imported', 'writes them into a folder'],
  ],
})
