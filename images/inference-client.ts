/**
 * The link from one process to the machine's inference child. Starts the child when nobody answers, finds it again after it died, and asks again what was under way: inference has no effect but its
 * answer, so repeating it is safe.
 *
 * Used by `image-work.ts` alone.
 */
import { closeSync, openSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from './child-process.ts'
import type { Face } from './faces.ts'
import {
  frameMessage,
  type InferenceAnswer,
  type InferenceRequest,
  messageReader,
} from './inference-messages.ts'
import { inferenceSocket } from './inference-socket.ts'
import type { FaceModel, SegmentationModel } from './models.ts'

export interface InferenceClient {
  mask(model: SegmentationModel, rgb: Buffer, signal: AbortSignal): Promise<{ mask: Buffer; ms: number }>
  faces(
    model: FaceModel,
    tiles: { data: Buffer; count: number },
    signal: AbortSignal,
  ): Promise<{ faces: Face[][]; ms: number }>
  /** Resolves when the child has these models loaded. */
  load(models: (SegmentationModel | FaceModel)[], signal: AbortSignal): Promise<void>
  /** Process id of the child this client speaks to, for tests and operators. */
  childPid(): number | undefined
  close(): void
}

/** The child did not do it, three times over. */
export class InferenceFailed extends Error {}

/** Asked again after the child died under it; a fourth death is no accident. */
const mostTries = 3

/** The child speaks at least between runs; a run of the largest model takes seconds, ten under load. */
const silenceMs = 120_000

const idleMs = 5_000

type Question = {
  header: InferenceRequest
  bytes: Buffer
  tries: number
  resolve(answer: { answer: InferenceAnswer; bytes: Buffer }): void
  reject(error: Error): void
}

export function startInferenceClient(
  folder: string,
  log: (event: { event: string; [detail: string]: unknown }) => void,
): InferenceClient {
  const path = inferenceSocket(folder)
  const questions = new Map<number, Question>()
  let socket: Socket | undefined
  let connecting: Promise<void> | undefined
  let childPid: number | undefined
  let nextId = 1
  let closed = false
  let heardAt = 0

  const watch = setInterval(() => {
    if (questions.size === 0 || socket === undefined || performance.now() - heardAt < silenceMs) return
    log({ event: 'inference_child_hangs', pid: childPid })
    if (childPid !== undefined) stop(childPid)
    socket.destroy()
  }, 5_000)
  watch.unref()

  function send(question: Question): void {
    if (socket === undefined) return
    if (questions.size === 1) heardAt = performance.now()
    for (const part of frameMessage(question.header, question.bytes)) socket.write(part)
  }

  function hear(answer: InferenceAnswer, bytes: Buffer): void {
    heardAt = performance.now()
    if (answer.tell === 'hello') {
      childPid = answer.pid
      return
    }
    const question = questions.get(answer.id)
    if (question === undefined) return
    questions.delete(answer.id)
    if (answer.tell === 'failed') question.reject(new InferenceFailed(answer.message))
    else question.resolve({ answer, bytes: Buffer.from(bytes) })
  }

  function attach(opened: Socket): void {
    socket = opened
    heardAt = performance.now()
    opened.on('data', messageReader<InferenceAnswer>(hear))
    opened.on('error', () => {})
    opened.on('close', () => {
      socket = undefined
      if (closed) return
      for (const [id, question] of questions) {
        question.tries++
        if (question.tries < mostTries) continue
        questions.delete(id)
        question.reject(new InferenceFailed('the inference child ended three times during the same work'))
      }
      if (questions.size > 0) {
        log({ event: 'inference_child_lost', pid: childPid, asked_again: questions.size })
        void reach()
      }
    })
    for (const question of questions.values()) send(question)
  }

  /** Connects, and starts a child as often as it takes. */
  function reach(): Promise<void> {
    connecting ??= (async () => {
      for (let attempt = 0; attempt < 8 && !closed; attempt++) {
        const opened = await open(path)
        if (opened) {
          attach(opened)
          return
        }
        const started = performance.now()
        await startInferenceChild(path)
        log({ event: 'inference_child_started', ms: Math.round(performance.now() - started) })
      }
      throw new InferenceFailed('the inference child does not start')
    })()
      .catch((error: unknown) => {
        const reason =
          error instanceof InferenceFailed ? error : new InferenceFailed(String(error), { cause: error })
        for (const question of questions.values()) question.reject(reason)
        questions.clear()
      })
      .finally(() => {
        connecting = undefined
      })
    return connecting
  }

  async function ask(
    request:
      | Omit<Extract<InferenceRequest, { ask: 'mask' }>, 'id'>
      | Omit<Extract<InferenceRequest, { ask: 'faces' }>, 'id'>
      | Omit<Extract<InferenceRequest, { ask: 'load' }>, 'id'>,
    bytes: Buffer,
    signal: AbortSignal,
  ) {
    signal.throwIfAborted()
    const id = nextId++
    const answered = new Promise<{ answer: InferenceAnswer; bytes: Buffer }>((resolve, reject) => {
      questions.set(id, { header: { id, ...request }, bytes, tries: 0, resolve, reject })
    })
    const forget = () => {
      questions.get(id)?.reject(new InferenceFailed('no longer wanted'))
      questions.delete(id)
      if (socket) for (const part of frameMessage({ id, ask: 'forget' })) socket.write(part)
    }
    signal.addEventListener('abort', forget, { once: true })
    if (socket) send(questions.get(id)!)
    else void reach()
    try {
      return await answered
    } finally {
      signal.removeEventListener('abort', forget)
    }
  }

  return {
    async mask(model, rgb, signal) {
      const { answer, bytes } = await ask({ ask: 'mask', model }, rgb, signal)
      if (answer.tell !== 'mask') throw new InferenceFailed('the inference child answered something else')
      return { mask: bytes, ms: answer.ms }
    },
    async faces(model, tiles, signal) {
      const { answer } = await ask({ ask: 'faces', model, tiles: tiles.count }, tiles.data, signal)
      if (answer.tell !== 'faces') throw new InferenceFailed('the inference child answered something else')
      return { faces: answer.faces, ms: answer.ms }
    },
    async load(models, signal) {
      await ask({ ask: 'load', models }, Buffer.alloc(0), signal)
    },
    childPid: () => (socket === undefined ? undefined : childPid),
    close() {
      closed = true
      clearInterval(watch)
      socket?.destroy()
      for (const question of questions.values()) question.reject(new InferenceFailed('image work was closed'))
      questions.clear()
    },
  }
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

/** Starts a child and waits until it listens or until it found that another one does. Its output goes to `inference.log` beside the socket. */
async function startInferenceChild(path: string): Promise<void> {
  const output = openSync(join(dirname(path), 'inference.log'), 'w', 0o600)
  const child = startChild({
    entry: new URL('./inference-child.ts', import.meta.url),
    argv: [path, String(idleMs)],
    heapMb: 512,
    folder: dirname(path),
    detachedTo: output,
  })
  closeSync(output)
  await Promise.race([
    new Promise((resolve) => {
      child.once('message', resolve)
      child.once('exit', resolve)
      child.once('error', resolve)
    }),
    pause(20_000, undefined, { ref: false }),
  ])
  if (child.connected) child.disconnect()
  child.unref()
}

function stop(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
