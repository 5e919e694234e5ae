/**
 * Makes papers in a child process: the parent's side.
 *
 * server.ts opens one; open-papers.ts hands it tasks. Outside any transaction (rule R29): a sheet takes some 20 ms, an e-invoice
 * little more; the first of each up to a second.
 *
 * Invariants:
 *   1. One child, started when it is first needed and ended when it was not needed for a while: the typesetter and its fonts are
 *      some 100 MB that most minutes nobody uses.
 *   2. A child that dies or takes too long is replaced; its task is an outage, and is thrown with its cause.
 *   3. Tasks are done one after another, in the order in which they came.
 */
import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { startChild } from '../images/child-process.ts'
import type { FromTypesetter, ToTypesetter, TypesetTask } from './typeset-messages.ts'

export type Typesetter = {
  /** The file of a task. Throws where it cannot be made. */
  make(task: TypesetTask): Promise<Uint8Array>
  close(): Promise<void>
}

/** A receipt of ten thousand photos takes 3 s. */
const LONGEST_MS = 60_000
const IDLE_MS = 120_000
const HEAP_MB = 512

type Waiting = { resolve: (file: Uint8Array) => void; reject: (fault: Error) => void }

export function openTypesetter(): Typesetter {
  let child: ChildProcess | null = null
  let last: Promise<unknown> = Promise.resolve()
  let jobs = 0
  let closed = false
  const waiting = new Map<number, Waiting>()
  let idle: NodeJS.Timeout | undefined

  function start(): ChildProcess {
    const started = startChild({
      entry: new URL('./typeset-child.ts', import.meta.url),
      heapMb: HEAP_MB,
      folder: tmpdir(),
    })
    let lastWords = ''
    started.stderr?.on('data', (text: Buffer) => {
      lastWords = (lastWords + text.toString()).slice(-2000)
    })
    started.on('message', (message: FromTypesetter) => {
      const asker = waiting.get(message.job)
      waiting.delete(message.job)
      if ('bytes' in message) asker?.resolve(message.bytes)
      else asker?.reject(new Error(`A paper could not be made: ${message.fault}`))
    })
    const end = (why: string) => {
      if (child === started) child = null
      for (const { reject } of waiting.values())
        reject(new Error(`The typesetter ended: ${why}\n${lastWords}`))
      waiting.clear()
    }
    started.once('error', (fault) => end(fault.message))
    started.once('exit', (code, signal) => end(`code ${code}, signal ${signal}`))
    return started
  }

  async function makeOne(task: TypesetTask): Promise<Uint8Array> {
    if (closed) throw new Error('The server is stopping.')
    clearTimeout(idle)
    child ??= start()
    const working = child
    const job = ++jobs
    const late = setTimeout(() => working.kill('SIGKILL'), LONGEST_MS)
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        waiting.set(job, { resolve, reject })
        const message: ToTypesetter = { job, task }
        working.send(message, (fault) => fault && reject(fault))
      })
    } finally {
      clearTimeout(late)
      idle = setTimeout(() => child?.disconnect(), IDLE_MS).unref()
    }
  }

  return {
    make(task) {
      const made = last.then(() => makeOne(task))
      last = made.catch(() => undefined)
      return made
    },
    async close() {
      closed = true
      clearTimeout(idle)
      await last
      const ending = child
      if (!ending) return
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill()
      await ended
    },
  }
}
