/**
 * `book-http` and `book-http-lines`: usage sent to POST /v1/usage by a program on the same machine, as arrays of 1,000 or as lines of JSON,
 * beside COPY of the rows that came of it.
 *
 * The server is a process of its own; the texts are made before the clock starts, and every answer is read whole.
 */
import { alternate, type Round } from './alternate.ts'
import { openCopySide } from './copy-rows.ts'
import { measure } from './cpu-time.ts'
import { type Served, serve } from './serve.ts'
import { openAccounts, type Stand } from './stand.ts'
import { inventUsage, numbersFrom } from './usage-batches.ts'

const ARRAY = 1000
const LINES = 10_000
const BATCH = 5000
/** Requests under way at the same time. */
const CALLERS = 4

export async function bookHttp(
  stand: Stand,
  size: { records: number; rounds: number; as: 'arrays' | 'lines' },
): Promise<Round[]> {
  const { records, as } = size
  const [accountId] = await openAccounts(stand, 1)
  const served = await serve(stand)
  const key = await served.keyOf(accountId!, ['usage:write'])
  const copySide = await openCopySide(stand)
  const next = numbersFrom(19)
  const length = as === 'arrays' ? ARRAY : LINES
  return alternate(size.rounds, {
    a: async () => {
      const texts = Array.from({ length: records / length }, () => {
        const uses = inventUsage([accountId!], length, next).map(({ key, operation, quantity }) => ({
          key,
          operation,
          quantity,
        }))
        return as === 'arrays' ? JSON.stringify(uses) : uses.map((use) => `${JSON.stringify(use)}\n`).join('')
      })
      return measure(stand, records, () => sendAll(served, key, texts, as))
    },
    b: async () => {
      const batches = await copySide.takeBooked(BATCH)
      return measure(stand, records, () => copySide.copy(batches, 1))
    },
  })
}

async function sendAll(served: Served, key: string, texts: string[], as: 'arrays' | 'lines'): Promise<void> {
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (let body = texts.pop(); body !== undefined; body = texts.pop()) {
        const type = as === 'arrays' ? 'application/json' : 'application/x-ndjson'
        const answer = await served.call({ method: 'POST', path: '/v1/usage', key, type, body })
        if (as === 'lines' && answer.includes('"problem"')) throw new Error(`A line was refused: ${answer}`)
      }
    }),
  )
}
