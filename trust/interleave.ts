/**
 * Two transactions of the product, advanced statement by statement in an order that a seed picks.
 *
 * Called by interleavings.ts. Each transaction runs on a connection of its own, under its role, as always; only its statements
 * wait at a gate until they are let through. The last gate stands before the commit.
 *
 *   waiting ──let through──▶ running ──answered──▶ waiting │ done
 *                              ╰──waits for the other's lock──▶ blocked ──the other commits──▶ waiting
 *
 * Invariants:
 *   1. One statement is under way at a time, except one that waits for a lock.
 *   2. Whether it waits is asked of Postgres (`pg_blocking_pids`), never guessed from how long it takes.
 */
import type pg from 'pg'
import type { Transaction } from '../database/connect.ts'
import type { Chance } from '../simulation/chance.ts'

/** Runs a transaction around `work`: `db.asTenant` with its account and its clock. */
export type Begin = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>
export type Operation = (tx: Transaction) => Promise<string>

/** What the operation answered, or the fault that it ended with. */
export type Outcome = { answer: string } | { fault: unknown }
export type Interleaved = { outcomes: [Outcome, Outcome]; order: string; blocked: number }

type Actor = {
  name: string
  state: 'waiting' | 'running' | 'done'
  backend: number
  /** Lets the statement at the gate through. */
  pass: () => void
  /** Called each time the actor arrives at a gate or is done. */
  arrived: () => void
  outcome: Outcome
}

/** Runs both to their ends; `watcher` is a connection that sees who waits for whom. */
export async function interleave(
  [first, second]: readonly [Operation, Operation],
  { begin, chance, watcher }: { begin: Begin; chance: Chance; watcher: pg.Client },
): Promise<Interleaved> {
  const actors = [startActor('A', first, begin), startActor('B', second, begin)] as const
  let [order, blocked] = ['', 0]
  for (const actor of actors) await arrival(actor)
  while (actors.some(({ state }) => state !== 'done')) {
    const ready = actors.filter(({ state }) => state === 'waiting')
    if (ready.length > 0) {
      const actor = chance.pick(ready)
      order += actor.name
      actor.state = 'running'
      actor.pass()
    }
    const running = actors.filter(({ state }) => state === 'running')
    // One that waits for a lock is left to wait, and the other goes on.
    if (running.length > 0 && !(await settled(running, watcher))) blocked += 1
  }
  return { outcomes: [actors[0].outcome, actors[1].outcome], order, blocked }
}

function startActor(name: string, operation: Operation, begin: Begin): Actor {
  const actor: Actor = {
    name,
    state: 'running',
    backend: 0,
    pass: () => {},
    arrived: () => {},
    outcome: { answer: '' },
  }
  const gate = () =>
    new Promise<void>((resolve) => {
      actor.pass = resolve
      actor.state = 'waiting'
      actor.arrived()
    })
  const work = async (tx: Transaction) => {
    const [self] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    actor.backend = self!.pid
    let before: Promise<unknown> = Promise.resolve()
    const gated: Transaction = {
      isSpread: tx.isSpread,
      // Statements that are issued together come to the gate one after another, as Postgres runs them.
      query<Row extends object>(text: string, values?: readonly unknown[]) {
        const answer = before.then(gate).then(() => tx.query<Row>(text, values))
        before = answer.catch(() => {})
        return answer
      },
    }
    const answer = await operation(gated)
    await gate()
    return answer
  }
  begin(work)
    .then(
      (answer) => {
        actor.outcome = { answer }
      },
      (fault: unknown) => {
        actor.outcome = { fault }
      },
    )
    .finally(() => {
      actor.state = 'done'
      actor.arrived()
    })
  return actor
}

function arrival(actor: Actor): Promise<void> {
  if (actor.state !== 'running') return Promise.resolve()
  return new Promise((resolve) => {
    actor.arrived = resolve
  })
}

/** True when one of them has arrived; false when all that run wait for locks, which the other has to give up. */
async function settled(running: readonly Actor[], watcher: pg.Client): Promise<boolean> {
  const arrivals = Promise.race(running.map(arrival)).then(() => true)
  while (running.every(({ state }) => state === 'running')) {
    const isBlocked = async () => {
      const { rows } = await watcher.query<{ waits: boolean }>(
        'select bool_and(cardinality(pg_blocking_pids(pid)) > 0) as waits from unnest($1::integer[]) as pid',
        [running.map(({ backend }) => backend)],
      )
      return rows[0]!.waits
    }
    const soon = new Promise<undefined>((resolve) => setTimeout(resolve, 3))
    if ((await Promise.race([arrivals, soon])) === true) return true
    if (await isBlocked()) return false
  }
  return true
}
