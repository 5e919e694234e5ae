/**
 * `read-billing`: how long GET /v1/billing takes at its slowest (all but one in a hundred), while the same account's usage is booked at
 * full rate through the same server, beside the same on an idle server.
 */
import { alternate, quantile, type Round } from './alternate.ts'
import { type Served, serve } from './serve.ts'
import { openAccounts, type Stand } from './stand.ts'
import { inventUsage, numbersFrom } from './usage-batches.ts'

const ARRAY = 1000
const BOOKERS = 2

export async function readBilling(stand: Stand, size: { reads: number; rounds: number }): Promise<Round[]> {
  const [accountId] = await openAccounts(stand, 1)
  const served = await serve(stand)
  const key = await served.keyOf(accountId!, ['read', 'usage:write'])
  const next = numbersFrom(23)
  const read = () => slowest(served, key, size.reads)
  return alternate(size.rounds, {
    a: async () => {
      let booking = true
      const bookers = Array.from({ length: BOOKERS }, async () => {
        while (booking) {
          const uses = inventUsage([accountId!], ARRAY, next)
          const body = JSON.stringify(
            uses.map(({ key, operation, quantity }) => ({ key, operation, quantity })),
          )
          await served.call({ method: 'POST', path: '/v1/usage', key, body })
        }
      })
      try {
        return await read()
      } finally {
        booking = false
        await Promise.all(bookers)
      }
    },
    b: read,
  })
}

/** Milliseconds within which all but one in a hundred are answered. */
async function slowest(served: Served, key: string, reads: number): Promise<number> {
  const taken: number[] = []
  for (let count = 0; count < reads; count++) {
    const begin = performance.now()
    await served.call({ method: 'GET', path: '/v1/billing', key })
    taken.push(performance.now() - begin)
  }
  return quantile(taken, 0.99)
}
