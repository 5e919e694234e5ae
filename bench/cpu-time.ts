/**
 * How much processor time a piece of work takes, in this process and its children and in Postgres: a figure that hardly changes when
 * others use the machine, as the time on the clock does.
 *
 * Called by the benches of booking. Linux only, like the embedded Postgres: it reads /proc.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { Stand } from './stand.ts'

export type Timed = {
  /** How many a second, by the clock. */
  rate: number
  /** Microseconds of processor time for each one. */
  cpu: number
}

/** Runs `work`, which does `count` of something, or, where that is null, answers how many it did; answers how fast it was and what it took. */
export async function measure(
  stand: Pick<Stand, 'backends'>,
  count: number | null,
  work: () => Promise<unknown>,
): Promise<Timed> {
  const before = await takenBy(stand)
  const begin = performance.now()
  const answer = await work()
  const done = count ?? Number(answer)
  if (!done) throw new Error('Nothing was done, so nothing can be measured.')
  const elapsedMs = performance.now() - begin
  const after = await takenBy(stand)
  let cpu = after.own - before.own
  for (const [pid, microseconds] of after.others) cpu += microseconds - (before.others.get(pid) ?? 0)
  return { rate: (done * 1000) / elapsedMs, cpu: cpu / done }
}

/** Microseconds so far: of this process, and of each backend of Postgres and each child. */
async function takenBy(stand: Pick<Stand, 'backends'>) {
  const others = new Map<number, number>()
  for (const pid of await stand.backends()) others.set(pid, microsOf(pid))
  const { user, system } = process.cpuUsage()
  return { own: user + system, others }
}

/** Of all threads of a process; 0 where it has just ended. */
function microsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce(
      (sum, thread) =>
        sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000,
      0,
    )
  } catch {
    return 0
  }
}
