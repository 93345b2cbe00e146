import { choice, declareCommand, text, withDefault } from './declareCommand.ts'
import { checkpoint, force, runArgument } from './sharedOptions.ts'

export const exportRun = declareCommand({
  name: 'export',
  help: 'export the network of a saved run to TensorFlow.js, Keras, PyTorch or ONNX',
  arguments: [runArgument],
  options: {
    format: withDefault(
      choice(
        '<format>',
        'a folder for tf.loadLayersModel, a Python module for Keras 3 with its weights, a .keras file for keras.models.load_model, the weights for the script of compile --target pytorch, an ONNX file, or the weights alone',
        ['tfjs', 'keras', 'keras-file', 'pytorch', 'onnx', 'safetensors'],
      ),
      'tfjs',
    ),
    checkpoint,
    out: text('<folder>', 'the output folder; the default is export/<format> in the run folder', 'o'),
    force,
  },
  examples: [
    ['export runs/mnist-cnn --format keras', 'writes a Keras module with the trained weights'],
    ['export runs/mnist-cnn --format onnx', 'writes a file for ONNX Runtime and other engines'],
  ],
})
