/**
 * One connection that listens to notifications for the whole process, and comes back by itself.
 *
 * Called by connect.ts.
 *
 * 1. One connection, however many channels and listeners; it opens with the first and stays until close.
 * 2. Every listener that was told "listening" is listening, or is told through onReconnect that it was not for a while.
 *
 *      idle ──listen()──▶ connecting ──▶ listening ──fault, or no heartbeat──▶ connecting
 *                              ╰──────────────┴──────────close()──▶ closed
 *
 * Not here: keeping what was sent while nobody listened. A notification is a hint to look, never the news itself.
 */
import pg from 'pg'
import { sessionConfig } from './pool.ts'

type Listener = { onPayload: (payload: string) => void; onReconnect: () => void }

export type NotificationListener = {
  listen(channel: string, onPayload: (payload: string) => void, onReconnect?: () => void): Promise<() => void>
  close(): Promise<void>
}

const RETRY_MS = 100
/** A network that swallows packets shows no fault: a question every while, answered or the connection counts as dead. */
const HEARTBEAT_MS = 20_000

/** Opens nothing before the first `listen`. */
export function openListener(url: string, onFault: (fault: Error) => void): NotificationListener {
  const channels = new Map<string, Set<Listener>>()
  let connection: Promise<pg.Client> | undefined
  let closed = false
  // The driver takes one statement at a time, so they take turns here.
  let turn: Promise<unknown> = Promise.resolve()

  /** Runs a statement on the connection, opened when there is none, and again on the next when it breaks. */
  function run(statement: string): Promise<void> {
    const answer = turn.then(async () => {
      for (;;) {
        connection ??= open()
        const client = await connection
        try {
          await client.query(statement)
          return
        } catch (fault) {
          if (closed) throw fault
          drop(client)
        }
      }
    })
    turn = answer.catch(() => {})
    return answer
  }

  async function open(): Promise<pg.Client> {
    for (let first = true; ; first = false) {
      if (closed) throw new Error('The database is closed')
      const client = new pg.Client({
        ...sessionConfig(url, { role: 'drawdown_tenant' }),
        keepAlive: true,
        query_timeout: 5_000,
        connectionTimeoutMillis: 5_000,
      })
      client.on('error', () => {})
      client.on('notification', ({ channel, payload = '' }) => {
        for (const { onPayload } of channels.get(channel) ?? []) onPayload(payload)
      })
      try {
        await client.connect()
        for (const channel of channels.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
        watch(client)
        return client
      } catch (fault) {
        await client.end().catch(() => {})
        if (first)
          onFault(new Error('The listening connection cannot be opened; trying on', { cause: fault }))
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  function watch(client: pg.Client): void {
    const heartbeat = setInterval(() => run('select 1').catch(() => {}), HEARTBEAT_MS)
    heartbeat.unref()
    client.once('end', () => {
      clearInterval(heartbeat)
      connection = undefined
      if (closed) return
      onFault(new Error('The listening connection broke; it is being opened again'))
      run('select 1').then(tellReconnected, () => {})
    })
  }

  function drop(client: pg.Client): void {
    connection = undefined
    client.end().catch(() => {})
  }

  function tellReconnected(): void {
    for (const listeners of channels.values()) for (const { onReconnect } of listeners) onReconnect()
  }

  async function leave(channel: string, listener: Listener): Promise<void> {
    const listeners = channels.get(channel)
    if (!listeners?.delete(listener) || listeners.size > 0) return
    channels.delete(channel)
    await run(`unlisten ${pg.escapeIdentifier(channel)}`)
    // Someone may have come back to the channel while the statement ran.
    if (channels.has(channel)) await run(`listen ${pg.escapeIdentifier(channel)}`)
  }

  return {
    async listen(channel, onPayload, onReconnect = () => {}) {
      const listener: Listener = { onPayload, onReconnect }
      channels.set(channel, (channels.get(channel) ?? new Set()).add(listener))
      // Asked again on a channel that is listened to already, Postgres does nothing: no state to keep in step.
      await run(`listen ${pg.escapeIdentifier(channel)}`)
      return () => void leave(channel, listener).catch(() => {})
    },
    async close() {
      closed = true
      channels.clear()
      const client = await connection?.catch(() => undefined)
      await client?.end()
    },
  }
}
