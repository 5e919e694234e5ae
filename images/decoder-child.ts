/**
 * The process that reads what strangers send. Forked by `decoder-pool.ts` with an empty environment; one job at a time; ends when its channel closes. If it dies, one job fails.
 */
import type { FromDecoder, ToDecoder } from './decoder-messages.ts'
import type { Failure } from './failure.ts'
import { lockLoaders, readHeader } from './open-image.ts'
import type { Inference } from './photo-facts.ts'
import { runPipeline } from './pipeline.ts'

type Answer = Extract<ToDecoder, { do: 'take_mask' | 'take_faces' | 'take_failure' }>

type Question =
  | { tell: 'ask_mask'; rgb: Uint8Array }
  | { tell: 'ask_faces'; tiles: Uint8Array; count: number }

const waiting = new Map<number, (answer: Answer) => void>()
let asked = 0

function tell(message: FromDecoder): void {
  process.send?.(message)
}

function ask(question: Question): Promise<Answer> {
  const id = ++asked
  return new Promise((resolve) => {
    waiting.set(id, resolve)
    tell({ ...question, id })
  })
}

const inference: Inference = {
  async mask(rgb) {
    const answer = await ask({ tell: 'ask_mask', rgb })
    return answer.do === 'take_mask' ? { ok: true, mask: Buffer.from(answer.mask) } : refusal(answer)
  },
  async faces(tiles, count) {
    const answer = await ask({ tell: 'ask_faces', tiles, count })
    return answer.do === 'take_faces' ? { ok: true, faces: answer.faces } : refusal(answer)
  },
}

function refusal(answer: Answer): Failure {
  if (answer.do !== 'take_failure') throw new Error(`asked for something else than ${answer.do}`)
  return answer.failure
}

async function work(message: ToDecoder): Promise<void> {
  switch (message.do) {
    case 'inspect':
      return tell({ tell: 'inspected', result: await readHeader(message.file) })
    case 'process': {
      const result = await runPipeline(message.job, inference, () => tell({ tell: 'decoded' }))
      // What was asked for and not waited for in the end.
      waiting.clear()
      return tell({ tell: 'processed', result })
    }
    default:
      waiting.get(message.id)?.(message)
      waiting.delete(message.id)
  }
}

lockLoaders()
process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToDecoder) => {
  // An error that no file explains is our bug: this child ends and says why on its way.
  work(message).catch((error) => {
    console.error(error)
    process.exit(70)
  })
})
tell({ tell: 'ready' })
