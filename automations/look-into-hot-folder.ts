/**
 * Looks into a hot folder: takes in what is new, starts runs over it, and lays results beside it.
 *
 * Called by jobs/watch-hot-folders.ts, on any number of servers at a time.
 *
 *      file ──seen, unchanged for a while──▶ taken in ──start──▶ item of a run ──ends──▶ result, or a note, in `out`
 *       │                                     │ no photo
 *       ╰── changed, gone: seen anew          ╰──▶ refused ──▶ note
 *
 * 1. A version of a file becomes an item of one run, exactly once: the run is started and written into the rows of its files in one transaction,
 *    under the account's lock and that of the folder.
 * 2. Everything else may be done twice and comes to the same: seeing, taking in (by content) and delivering (by name). So a look that dies
 *    leaves nothing to clean up, and that a folder is looked into by one at a time only saves work.
 * 3. When a schedule starts next is in the row. Being late starts it once, over all that has come.
 * 4. Nothing slow happens in a transaction: files are listed, read and written between two.
 * 5. What stands in the way is said in the row, and looked at again.
 *
 * Not here: what a run costs and whether it may go on. The limit of the customer holds for its items like for any other's.
 */
import type { Database, Transaction } from '../database/connect.ts'
import type { ImageWork } from '../images/image-work.ts'
import { recordEvents } from '../outbox/record-event.ts'
import { type FileStore, StoreUnavailable } from '../storage/file-store.ts'
import {
  ChangedMeanwhile,
  type HotFolders,
  type HotFile as ListedFile,
  MOST_FILES,
} from '../storage/hot-folders.ts'
import { deliverResults } from './deliver-results.ts'
import { lockAccount } from './lock-account.ts'
import { nextStart, type Schedule } from './next-start.ts'
import { registerImage } from './register-image.ts'
import { startRun } from './start-run.ts'
import { PIECE } from './unfold-run.ts'

export type HotRooms = { db: Database; files: FileStore; imageWork: ImageWork; hot: HotFolders }

export type LookedInto = Schedule & {
  accountId: string
  id: string
  name: string
  automationId: string
  nextStartAt: Date | null
  zone: string
  createdBy: string | null
}

export type Looked = {
  accountId: string
  hotFolderId: string
  /** Set where it was cut short by an outage, to report. */
  fault: unknown
}

/** Nobody else looks meanwhile, unless whoever looks has died. */
const LOOK_LEASE_MS = 120_000
/** Then others have their turn, and this one its next. */
const TAKE_MS = 20_000
const TAKEN_AT_ONCE = 2
/** A full folder takes a while to list, and is looked at less often. */
const REST_SHARE = 10
/** A start waits for files that came before it and are not taken in yet, but not for ever. */
const START_WAITS_MS = 30 * 60_000
/** What comes file by file is gathered into one run, for so long. */
const GATHERED_MS = 2 * 60_000
const AUTOMATION_GONE = 'The automation of this folder was deleted. Choose another one, or remove the folder.'

/** Looks into the one whose turn it is. Null: it is nobody's. */
export async function lookIntoNext(rooms: HotRooms): Promise<Looked | null> {
  const folder = await claimLook(rooms.db)
  if (!folder) return null
  const { accountId, id: hotFolderId } = folder
  const began = performance.now()
  try {
    const hasMore = await look(rooms, folder)
    const restMs = Math.max(rooms.hot.lookEveryMs, REST_SHARE * (performance.now() - began))
    await endLook(rooms, folder, hasMore ? 0 : restMs)
    return { accountId, hotFolderId, fault: null }
  } catch (fault) {
    const outage = fault instanceof StoreUnavailable
    const trouble = outage
      ? 'The folder cannot be reached. It is tried again.'
      : 'Looking into it failed. It is tried again.'
    await rooms.db.asTenant(accountId, (tx) => setTrouble(tx, folder, trouble))
    await endLook(rooms, folder, Math.max(30_000, rooms.hot.lookEveryMs))
    return { accountId, hotFolderId, fault }
  }
}

async function claimLook(db: Database): Promise<LookedInto | undefined> {
  const rows = await db.asService((tx) =>
    tx.query<LookedInto>(
      `with next as (
         select account_id, hot_folder_id from hot_folders
         where deleted_at is null and not paused and next_look_at <= clock_timestamp()
         order by next_look_at limit 1 for update skip locked)
       update hot_folders h set next_look_at = clock_timestamp() + $1 * interval '1 millisecond'
       from next, accounts a
       where h.account_id = next.account_id and h.hot_folder_id = next.hot_folder_id and a.account_id = h.account_id
       returning h.account_id as "accountId", h.hot_folder_id as "id", h.name, h.automation_id as "automationId", h.starts,
         h.start_time as "startTime", h.next_start_at as "nextStartAt", a.zone, h.created_by as "createdBy"`,
      [LOOK_LEASE_MS],
    ),
  )
  return rows[0]
}

async function endLook({ db }: HotRooms, folder: LookedInto, againMs: number): Promise<void> {
  await db.asTenant(folder.accountId, (tx) =>
    tx.query(
      `update hot_folders set next_look_at = clock_timestamp() + $3 * interval '1 millisecond'
       where account_id = $1 and hot_folder_id = $2`,
      [folder.accountId, folder.id, againMs],
    ),
  )
}

/** True when not everything could be taken in this time. */
async function look(rooms: HotRooms, folder: LookedInto): Promise<boolean> {
  const { db, hot } = rooms
  const listed = await hot.list(folder)
  const settled = await db.asTenant(folder.accountId, (tx) =>
    see(tx, folder, { listed, settleMs: hot.settleMs }),
  )
  const hasMore = await takeIn(rooms, folder, settled)
  let trouble: string | null = null
  let started: StartAttempt
  do {
    started = await db.asTenant(folder.accountId, (tx) => startNext(tx, folder))
    if (!started.ok) trouble = started.detail
  } while (started.ok && started.more)
  await deliverResults(rooms, folder)
  if (listed.length > MOST_FILES) {
    trouble = `There are more than ${MOST_FILES.toLocaleString('en')} files in the folder, and not all are seen. Take away those that are done.`
  }
  await db.asTenant(folder.accountId, (tx) =>
    trouble ? setTrouble(tx, folder, trouble) : clearTrouble(tx, folder),
  )
  return hasMore
}

/** Writes down what is there; answers what has stayed as it is for long enough, oldest first. */
async function see(
  tx: Transaction,
  { accountId, id }: LookedInto,
  { listed, settleMs }: { listed: readonly ListedFile[]; settleMs: number },
): Promise<ListedFile[]> {
  const paths = listed.map(({ path }) => path)
  const marks = listed.map(({ mark }) => mark)
  await tx.query(
    `insert into hot_files (account_id, hot_folder_id, path, mark, bytes)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::bigint[])
     on conflict do nothing`,
    [accountId, id, paths, marks, listed.map(({ bytes }) => bytes)],
  )
  // Versions that were written over or taken away before anything was made of them.
  await tx.query(
    `delete from hot_files f
     where account_id = $1 and hot_folder_id = $2 and image_id is null and refusal is null and not exists (
       select 1 from unnest($3::text[], $4::text[]) as there (path, mark) where there.path = f.path and there.mark = f.mark)`,
    [accountId, id, paths, marks],
  )
  const settled = await tx.query<{ path: string; mark: string; bytes: bigint }>(
    `select path, mark, bytes from hot_files
     where account_id = $1 and hot_folder_id = $2 and run_id is null and image_id is null and refusal is null
       and seen_at <= clock_timestamp() - $3 * interval '1 millisecond'
     order by seen_at, path`,
    [accountId, id, settleMs],
  )
  return settled.map((file) => ({ ...file, bytes: Number(file.bytes) }))
}

/** True when time ran out. */
async function takeIn(rooms: HotRooms, folder: LookedInto, settled: readonly ListedFile[]): Promise<boolean> {
  const waiting = [...settled]
  const until = performance.now() + TAKE_MS
  const lane = async () => {
    while (performance.now() < until) {
      const file = waiting.shift()
      if (!file) return
      await takeOne(rooms, folder, file)
    }
  }
  await Promise.all(Array.from({ length: TAKEN_AT_ONCE }, lane))
  return waiting.length > 0
}

async function takeOne(rooms: HotRooms, folder: LookedInto, file: ListedFile): Promise<void> {
  const { accountId, id } = folder
  const content = await rooms.hot.open(folder, file)
  // Gone or another version by now: the next look sees what there is.
  if (!content) return
  const taken = await registerImage(rooms, accountId, { name: file.path, content }).catch((fault) => {
    if (fault instanceof ChangedMeanwhile) return null
    throw fault
  })
  if (taken === null) return
  const [imageId, refusal, message] = taken.ok
    ? [taken.image.id, null, null]
    : [null, taken.refusal, taken.detail]
  await rooms.db.asTenant(accountId, (tx) =>
    tx.query(
      `update hot_files set image_id = $5, refusal = $6, refusal_message = $7
       where account_id = $1 and hot_folder_id = $2 and path = $3 and mark = $4 and image_id is null and refusal is null`,
      [accountId, id, file.path, file.mark, imageId, refusal, message],
    ),
  )
}

type StartAttempt = { ok: true; more: boolean } | { ok: false; detail: string }

/** Starts one run, where it is time and there is something. */
async function startNext(tx: Transaction, looked: LookedInto): Promise<StartAttempt> {
  const { accountId, id } = looked
  await lockAccount(tx, accountId)
  const [folder] = await tx.query<LookedInto & { automation: string; now: Date; isTime: boolean }>(
    `select h.name, h.automation_id as "automationId", h.starts, h.start_time as "startTime", h.created_by as "createdBy",
       h.next_start_at as "nextStartAt", a.name as "automation", clock_timestamp() as "now",
       not h.paused and coalesce(h.next_start_at <= clock_timestamp(), true) as "isTime"
     from hot_folders h join automations a using (account_id, automation_id)
     where h.account_id = $1 and h.hot_folder_id = $2 and h.deleted_at is null for update of h`,
    [accountId, id],
  )
  if (!folder?.isTime) return { ok: true, more: false }
  const ready = await readReady(tx, looked)
  const { now, nextStartAt } = folder
  if (ready.files.length > 0 && mustWait(ready, { now, nextStartAt })) return { ok: true, more: false }

  const files = ready.files.slice(0, PIECE)
  if (files.length > 0) {
    const started = await startRun(tx, accountId, {
      automationId: folder.automationId,
      imageIds: files.map(({ imageId }) => imageId),
      name: `${folder.automation} from ${folder.name}`.slice(0, 200),
      createdBy: folder.createdBy,
    })
    if (!started.ok)
      return {
        ok: false,
        detail: started.refusal === 'automation_not_found' ? AUTOMATION_GONE : started.detail,
      }
    await writeRun(tx, looked, { runId: started.runId, files })
  }
  const more = ready.files.length > PIECE
  if (!more) {
    const next = nextStart(folder, now, looked.zone)
    await tx.query('update hot_folders set next_start_at = $3 where account_id = $1 and hot_folder_id = $2', [
      accountId,
      id,
      next,
    ])
  }
  return { ok: true, more }
}

type ReadyFile = { path: string; mark: string; imageId: string }
type Ready = { files: ReadyFile[]; firstSeenAt: Date | null; firstArrivingAt: Date | null }

/** What is taken in and part of no run, by name, one more than one run takes. */
async function readReady(tx: Transaction, { accountId, id }: LookedInto): Promise<Ready> {
  const files = await tx.query<ReadyFile>(
    `select path, mark, image_id as "imageId" from hot_files
     where account_id = $1 and hot_folder_id = $2 and run_id is null and image_id is not null
     order by path, seen_at limit $3`,
    [accountId, id, PIECE + 1],
  )
  const [times] = await tx.query<Omit<Ready, 'files'>>(
    `select min(seen_at) filter (where image_id is not null) as "firstSeenAt",
       min(seen_at) filter (where image_id is null) as "firstArrivingAt"
     from hot_files where account_id = $1 and hot_folder_id = $2 and run_id is null and refusal is null`,
    [accountId, id],
  )
  return { files, ...times! }
}

/** Files that belong to this start are not taken in yet. */
function mustWait(
  { firstSeenAt, firstArrivingAt }: Ready,
  { now, nextStartAt }: { now: Date; nextStartAt: Date | null },
): boolean {
  if (firstArrivingAt === null) return false
  if (nextStartAt === null) return now.getTime() - firstSeenAt!.getTime() < GATHERED_MS
  return firstArrivingAt <= nextStartAt && now.getTime() - nextStartAt.getTime() < START_WAITS_MS
}

async function writeRun(
  tx: Transaction,
  { accountId, id }: LookedInto,
  { runId, files }: { runId: string; files: readonly ReadyFile[] },
): Promise<void> {
  await tx.query(
    `update hot_files f set run_id = $3, position = given.ordinality - 1
     from unnest($4::text[], $5::text[]) with ordinality as given (path, mark, ordinality)
     where f.account_id = $1 and f.hot_folder_id = $2 and f.path = given.path and f.mark = given.mark`,
    [accountId, id, runId, files.map(({ path }) => path), files.map(({ mark }) => mark)],
  )
}

/** What was said before and still holds is not told again. */
async function setTrouble(tx: Transaction, { accountId, id }: LookedInto, trouble: string): Promise<void> {
  const [begun] = await tx.query<{ name: string; wasFine: boolean }>(
    `update hot_folders h set trouble = $3, trouble_since = coalesce(h.trouble_since, clock_timestamp())
     from hot_folders before
     where h.account_id = $1 and h.hot_folder_id = $2 and before.account_id = $1 and before.hot_folder_id = $2
       and h.trouble is distinct from $3
     returning h.name, before.trouble is null as "wasFine"`,
    [accountId, id, trouble],
  )
  if (!begun?.wasFine) return
  const data = { hot_folder_id: id, name: begun.name, message: trouble }
  await recordEvents(tx, [{ accountId, type: 'hot_folder.stopped', data }])
}

async function clearTrouble(tx: Transaction, { accountId, id }: LookedInto): Promise<void> {
  await tx.query(
    `update hot_folders set trouble = null, trouble_since = null, looked_at = clock_timestamp()
     where account_id = $1 and hot_folder_id = $2`,
    [accountId, id],
  )
}
