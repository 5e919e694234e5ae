/**
 * The parent's side of the decoder children: starts them, hands each one job at a time, watches clock and memory, replaces those that died or are worn.
 *
 * Invariants
 *  1. At most `decoders` children; jobs beyond wait in the order they came.
 *  2. A child over its memory or its time is killed; its job fails, and no other job notices.
 *  3. The clock of a job stands still while it waits for inference.
 */
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readSync } from 'node:fs'
import { startChild } from './child-process.ts'
import type { FromDecoder, ToDecoder } from './decoder-messages.ts'
import { type Failure, failed } from './failure.ts'
import { limits } from './limits.ts'

export type DecoderTask<Result> = {
  send: ToDecoder
  /** Answers a question of the child; the clock stands while it does. */
  onQuestion(question: Extract<FromDecoder, { tell: 'ask_mask' | 'ask_faces' }>): Promise<ToDecoder>
  /** The result in a message, or undefined when it holds none. */
  resultIn(message: FromDecoder): Result | Failure | undefined
  signal?: AbortSignal
}

export interface DecoderPool {
  run<Result extends { ok: true }>(task: DecoderTask<Result>): Promise<Result | Failure>
  /** Resolves when a child waits for work. */
  warmUp(): Promise<void>
  /** Process ids of the children alive, for tests and operators. */
  pids(): number[]
  close(): Promise<void>
}

type Decoder = {
  child: ChildProcess
  ready: Promise<void>
  jobs: number
  lastWords: string
  /** Where the kernel says how much memory it holds; closed when it has ended. */
  memoryFile: number | undefined
}

type Log = (event: { event: string; [detail: string]: unknown }) => void

const messages = {
  timeout: 'This picture takes too long to read or to work on. Export it again, smaller, and send that.',
  memory: 'This picture needs more memory than one may take. Send a smaller one.',
  crashed:
    'The process that worked on this picture ended unexpectedly. Try again; if it happens again, export the picture anew.',
  cancelled: 'This was cancelled.',
}

/** How often memory is looked at; a decoder fills 768 MB in no less than 200 ms. */
const watchMs = 30

export function startDecoderPool(options: { decoders: number; folder: string; log: Log }): DecoderPool {
  const idle: Decoder[] = []
  const alive = new Set<Decoder>()
  const queue: (() => void)[] = []
  let busy = 0
  let closed = false

  function start(): Decoder {
    const child = startChild({
      entry: new URL('./decoder-child.ts', import.meta.url),
      heapMb: 256,
      folder: options.folder,
    })
    const decoder: Decoder = {
      child,
      jobs: 0,
      lastWords: '',
      ready: Promise.resolve(),
      memoryFile: openMemoryFile(child.pid),
    }
    decoder.ready = new Promise((resolve) => {
      child.once('message', () => resolve())
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    child.stderr?.on('data', (text: Buffer) => {
      decoder.lastWords = (decoder.lastWords + text.toString()).slice(-2_000)
    })
    child.on('error', (error) => {
      decoder.lastWords += error.message
    })
    child.once('exit', () => {
      alive.delete(decoder)
      if (decoder.memoryFile !== undefined) closeSync(decoder.memoryFile)
      decoder.memoryFile = undefined
      const at = idle.indexOf(decoder)
      if (at >= 0) idle.splice(at, 1)
    })
    alive.add(decoder)
    return decoder
  }

  async function take(): Promise<Decoder> {
    if (busy >= options.decoders) await new Promise<void>((resolve) => queue.push(resolve))
    else busy++
    const decoder = idle.pop() ?? start()
    await decoder.ready
    return decoder
  }

  function giveBack(decoder: Decoder): void {
    decoder.jobs++
    if (isAlive(decoder)) {
      if (closed || decoder.jobs >= limits.jobsPerChild) decoder.child.disconnect()
      else idle.push(decoder)
    }
    const next = queue.shift()
    if (next) next()
    else busy--
  }

  return {
    async run(task) {
      if (closed || task.signal?.aborted) return failed('cancelled', messages.cancelled)
      const decoder = await take()
      try {
        if (closed || task.signal?.aborted) return failed('cancelled', messages.cancelled)
        return await runOn(decoder, task, options.log)
      } finally {
        giveBack(decoder)
      }
    },
    async warmUp() {
      if (closed || alive.size > 0) return
      const decoder = start()
      // A job that comes meanwhile takes it, and waits for it like this.
      idle.push(decoder)
      await decoder.ready
    },
    pids: () => [...alive].flatMap(({ child }) => child.pid ?? []),
    async close() {
      closed = true
      for (const { child } of alive) child.kill('SIGKILL')
      await Promise.all([...alive].map(({ child }) => exited(child)))
    },
  }
}

const isAlive = ({ child }: Decoder) =>
  child.exitCode === null && child.signalCode === null && child.connected

function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** One job on one child. Whatever stops it, the child is dead or free when the promise settles. */
function runOn<Result extends { ok: true }>(
  decoder: Decoder,
  task: DecoderTask<Result>,
  log: Log,
): Promise<Result | Failure> {
  const { child } = decoder
  const clock = stopwatch()
  let allowedMs: number = limits.decodeMs
  return new Promise((resolve) => {
    let stopped: Failure | undefined
    let finished = false
    const stop = (failure: Failure, why: string) => {
      if (stopped) return
      stopped = failure
      log({ event: 'decoder_stopped', pid: child.pid, why, ms: Math.round(clock.read()) })
      child.kill('SIGKILL')
    }
    const onAbort = () => stop(failed('cancelled', messages.cancelled), 'cancelled')
    const finish = (result: Result | Failure) => {
      finished = true
      clearInterval(watch)
      child.off('message', onMessage)
      child.off('exit', onExit)
      task.signal?.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const onExit = (code: number | null, signal: string | null) => {
      if (!stopped)
        log({ event: 'decoder_crashed', pid: child.pid, code, signal, last_words: decoder.lastWords })
      finish(stopped ?? failed('crashed', messages.crashed))
    }
    const onMessage = (message: FromDecoder) => {
      if (stopped) return
      if (message.tell === 'decoded') {
        clock.reset()
        allowedMs = limits.workMs
      } else if (message.tell === 'ask_mask' || message.tell === 'ask_faces') {
        clock.pause()
        task.onQuestion(message).then(
          (answer) => {
            clock.resume()
            if (!finished && child.connected) child.send(answer)
          },
          (error: unknown) => {
            if (!finished) stop(failed('crashed', messages.crashed), `no answer: ${String(error)}`)
          },
        )
      } else {
        const result = task.resultIn(message)
        if (result !== undefined) finish(result)
      }
    }
    const watch = setInterval(() => {
      if (clock.read() > allowedMs) return stop(failed('timeout', messages.timeout), 'timeout')
      const bytes = residentBytes(decoder)
      if (bytes !== undefined && bytes > limits.memoryBytes)
        stop(failed('out_of_memory', messages.memory), `memory ${Math.round(bytes / 1e6)} MB`)
    }, watchMs)
    child.on('message', onMessage)
    child.once('exit', onExit)
    task.signal?.addEventListener('abort', onAbort, { once: true })
    if (!isAlive(decoder)) return onExit(child.exitCode, child.signalCode)
    child.send(task.send, (error) => {
      if (error) child.kill('SIGKILL')
    })
  })
}

function stopwatch() {
  let spent = 0
  let since: number | undefined = performance.now()
  return {
    read: () => spent + (since === undefined ? 0 : performance.now() - since),
    pause() {
      if (since !== undefined) spent += performance.now() - since
      since = undefined
    },
    resume() {
      since ??= performance.now()
    },
    reset() {
      spent = 0
      since = performance.now()
    },
  }
}

const statm = Buffer.alloc(128)

/**
 * Resident memory of a child, from the kernel. Undefined where there is no /proc, and of a child that has just ended; there only the clock guards. One call to the kernel on a file that stays
 * open: opened anew each time, looking took three hundredths of a core.
 */
function residentBytes({ memoryFile }: Decoder): number | undefined {
  if (memoryFile === undefined) return undefined
  try {
    const text = statm.toString('latin1', 0, readSync(memoryFile, statm, 0, statm.length, 0))
    return Number(text.split(' ')[1]) * 4096
  } catch {
    return undefined
  }
}

function openMemoryFile(pid: number | undefined): number | undefined {
  try {
    return openSync(`/proc/${pid}/statm`, 'r')
  } catch {
    return undefined
  }
}
