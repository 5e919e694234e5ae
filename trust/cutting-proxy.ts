/**
 * A wire to Postgres that can be cut at the worst moment: Postgres has committed and said so, and the server never hears of it.
 *
 * Called by lost-answers.ts, between a server and its database. It reads what Postgres says message by message, and changes nothing
 * of it.
 *
 *   server ◀──── passes on ──── proxy ◀──── Postgres
 *                                 │ "COMMIT" of a transaction that wrote, while armed
 *                                 ├─ cut:  both sides are closed, the word is not passed on
 *                                 ╰─ tell: it is passed on, and the caller is told that now is the moment
 */
import { connect, createServer, type Socket } from 'node:net'

/** What happens at the next commit that wrote something. It is done once. */
export type Armed = 'cut' | (() => void)

export type CuttingProxy = {
  /** For the server, instead of the database's own address. */
  url: string
  arm(what: Armed | null): void
  /** How often it was done. */
  done(): number
  close(): Promise<void>
}

export async function openCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl)
  let armed: Armed | null = null
  let done = 0
  const open = new Set<Socket>()
  const proxy = createServer({ noDelay: true }, (client) => {
    const postgres = connect({ port: Number(target.port), host: target.hostname, noDelay: true })
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    client.pipe(postgres)
    const reader = new MessageReader()
    postgres.on('data', (bytes: Buffer) => {
      const isMoment = reader.read(bytes)
      if (!isMoment || armed === null) return void client.write(bytes)
      const what = armed
      armed = null
      done += 1
      if (what === 'cut') client.destroy()
      else {
        what()
        client.write(bytes)
      }
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.port = String((proxy.address() as { port: number }).port)
  return {
    url: url.toString(),
    arm: (what) => {
      armed = what
    },
    done: () => done,
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => proxy.close(() => resolve()))
    },
  }
}

/** The messages of one connection: a letter, four bytes of length, and what it says (protocol 3). */
class MessageReader {
  private rest: Buffer = Buffer.alloc(0)
  private wrote = false

  /** Whether these bytes end a transaction that has written, by its commit. */
  read(bytes: Buffer): boolean {
    let isMoment = false
    let all = Buffer.concat([this.rest, bytes])
    while (all.length >= 5 && all.length > all.readUInt32BE(1)) {
      const end = 1 + all.readUInt32BE(1)
      // "C": a command is complete; its tag says which it was and how many rows it touched.
      if (all[0] === 0x43) isMoment = this.complete(all.toString('latin1', 5, end - 1)) || isMoment
      all = all.subarray(end)
    }
    this.rest = all
    return isMoment
  }

  private complete(tag: string): boolean {
    if (/^(INSERT|UPDATE|DELETE) .*[1-9]/.test(tag)) this.wrote = true
    if (tag === 'BEGIN' || tag === 'ROLLBACK') this.wrote = false
    if (tag !== 'COMMIT') return false
    const { wrote } = this
    this.wrote = false
    return wrote
  }
}
