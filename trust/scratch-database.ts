/**
 * A Postgres of the scoreboard's own: embedded, in a temporary folder, migrated, with the clock of stories; gone afterwards.
 *
 * Opened by run.ts when the first check asks for it. Its address is the superuser's, who alone can tamper.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { connect, type Database } from '../database/connect.ts'
import { openEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { STORY_CLOCK } from '../simulation/tell-in-postgres.ts'

export type Scratch = { db: Database; url: string; close(): Promise<void> }

export async function openScratch(): Promise<Scratch> {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-trust-'))
  // Run by root, Postgres is another user and has to get in.
  chmodSync(folder, 0o755)
  // What has to survive a crash is tried on a cluster that waits for its disk.
  const postgres = await openEmbedded(folder, { settings: { fsync: 'off' } })
  await migrate(postgres.url)
  await asSuperuser(postgres.url, async (client) => {
    for (const statement of STORY_CLOCK) await client.query(statement)
  })
  const db = connect(postgres.url)
  return {
    db,
    url: postgres.url,
    async close() {
      await db.close()
      await postgres.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs `work` on a connection of its own. */
async function asSuperuser<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
