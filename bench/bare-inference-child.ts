/**
 * The model and nothing else: runs it as often as asked on the same numbers, with all cores, and says how long that took. What the image benches stand beside, in a process of its own as the
 * product's inference is.
 *
 * argv: path of the model, side of its input, name of its input and of its output.
 */
import { availableParallelism } from 'node:os'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const [path = '', side = '0', inputName = '', outputName = ''] = process.argv.slice(2)
const session = await InferenceSession.create(path, {
  intraOpNumThreads: availableParallelism(),
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  enableMemPattern: false,
  logSeverityLevel: 3,
})
const size = Number(side)
const values = Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(i * 0.001) * 0.5)

process.on('message', async (times: number) => {
  const began = performance.now()
  for (let run = 0; run < times; run++)
    await session.run({ [inputName]: new Tensor('float32', values, [1, 3, size, size]) }, [outputName])
  process.send?.(performance.now() - began)
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
