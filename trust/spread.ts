/**
 * Spreads work over the cores: as many processes of share-child.ts as there are cores, each with one share at a time.
 *
 * Called by the checks whose work is pure. Shares are handed out in order; answers come back as they are done.
 *
 * Invariants:
 *   1. A share that fails, and a process that ends early, fail the whole.
 *   2. When this returns no process is left.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Shares } from './shares.ts'

type Name = keyof Shares

/** A function of shares.ts and what it is given: what crosses to the process, and so plain data. */
export type Share<Of extends Name> = { of: Of; given: Parameters<Shares[Of]>[0] }
export type ShareAnswer<Of extends Name> = Awaited<ReturnType<Shares[Of]>>

/** Works through the shares until there are none, or until `onAnswer` says that it has seen enough. */
export async function spread<Of extends Name>(
  shares: Iterable<Share<Of>>,
  onAnswer: (answer: ShareAnswer<Of>, share: Share<Of>) => 'enough' | undefined,
): Promise<void> {
  const waiting = shares[Symbol.iterator]()
  let isEnough = false
  async function work(child: ChildProcess): Promise<void> {
    while (!isEnough) {
      const { value: share, done } = waiting.next()
      if (done) return
      const answer = (await ask(child, share)) as ShareAnswer<Of>
      if (onAnswer(answer, share) === 'enough') isEnough = true
    }
  }
  const children = Array.from({ length: availableParallelism() }, startChild)
  try {
    await Promise.all(children.map(work))
  } finally {
    for (const child of children) child.kill()
  }
}

function startChild(): ChildProcess {
  const entry = fileURLToPath(new URL('share-child.ts', import.meta.url))
  return fork(entry, [], { execArgv: ['--import', 'tsx'], serialization: 'advanced' })
}

function ask(child: ChildProcess, share: Share<Name>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: { answer: unknown } | { fault: string }) => {
      child.off('exit', onExit)
      if ('fault' in message) reject(new Error(message.fault))
      else resolve(message.answer)
    }
    const onExit = (code: number | null) => {
      child.off('message', onMessage)
      reject(new Error(`The process of a share of ${share.of} ended with ${code}`))
    }
    child.once('message', onMessage)
    child.once('exit', onExit)
    child.send(share)
  })
}
