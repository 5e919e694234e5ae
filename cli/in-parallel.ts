/**
 * Does the same to many things, a few at a time.
 */

/** Results in the order of the things. The first fault is thrown once those under way have ended; no further one is begun. */
export async function inParallel<Thing, Result>(
  things: readonly Thing[],
  atOnce: number,
  work: (thing: Thing, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(things.length)
  let next = 0
  let failed = false
  const worker = async () => {
    while (next < things.length && !failed) {
      const index = next++
      try {
        results[index] = await work(things[index]!, index)
      } catch (fault) {
        failed = true
        throw fault
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  const fault = ended.find((one) => one.status === 'rejected')
  if (fault) throw fault.reason
  return results
}
