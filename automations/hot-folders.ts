/**
 * Hot folders: which automation runs over what comes into a folder, and when it starts.
 *
 * Called by http, in a transaction of the account. `look-into-hot-folder.ts` does what they say.
 *
 * 1. A name is used once and never again: the folder of one that was removed still holds its files, which another automation has no
 *    business with.
 * 2. Whoever may run automations may connect one. The customer's own limit of overage holds for what it starts, like for any run.
 * 3. Removing ends the starting. Files, results and runs stay.
 */
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { automationNotFound, readAutomation } from './automations.ts'
import { nextStart, type Schedule } from './next-start.ts'

export type HotFolder = Schedule & {
  id: string
  /** Of the folder itself. */
  name: string
  automationId: string
  /** Wall time; null: as soon as there is something. */
  nextStartAt: Date | null
  paused: boolean
  /** Why it does not go on. */
  trouble: string | null
  troubleSince: Date | null
  /** Of the last look that saw everything. */
  lookedAt: Date | null
  createdAt: Date
  /** Seen, and not yet part of a run. */
  waiting: number
  /** No photo that is taken. */
  refused: number
  /** Part of a run. */
  started: number
}

export type HotFile = {
  path: string
  mark: string
  bytes: bigint
  seenAt: Date
  /** arriving: it may still be written to. waiting: for the start. Else as its item is. */
  status:
    | 'arriving'
    | 'waiting'
    | 'refused'
    | 'queued'
    | 'working'
    | 'succeeded'
    | 'failed'
    | 'held'
    | 'cancelled'
  /** Why there is no result. */
  message: string | null
  runId: string | null
  itemId: string | null
  /** Below the folder of results, once it lies there. */
  resultName: string | null
}

export type HotFolderDraft = {
  name: string
  automationId: string
  schedule: Schedule
  createdBy: string | null
}

export type HotFolderRefused = {
  ok: false
  refusal: 'automation_not_found' | 'hot_folder_not_found' | 'hot_folder_name_taken' | 'too_many_hot_folders'
  detail: string
}

/** Each is looked at every few seconds. */
const MOST_FOLDERS = 20

const SELECT = `
  select h.hot_folder_id as "id", h.name, h.automation_id as "automationId", h.starts, h.start_time as "startTime",
    h.next_start_at as "nextStartAt", h.paused, h.trouble, h.trouble_since as "troubleSince", h.looked_at as "lookedAt",
    h.created_at as "createdAt", files.waiting, files.refused, files.started
  from hot_folders h left join lateral (
    select count(*) filter (where f.run_id is null and f.refusal is null)::int as "waiting",
      count(*) filter (where f.refusal is not null)::int as "refused", count(f.run_id)::int as "started"
    from hot_files f where f.account_id = h.account_id and f.hot_folder_id = h.hot_folder_id) as files on true
  where h.account_id = $1 and h.deleted_at is null`

/** Newest first; an account has few. */
export async function listHotFolders(tx: Transaction, accountId: string): Promise<HotFolder[]> {
  return tx.query<HotFolder>(`${SELECT} order by h.hot_folder_id desc`, [accountId])
}

/** Null when there is none. */
export async function readHotFolder(
  tx: Transaction,
  accountId: string,
  hotFolderId: string,
): Promise<HotFolder | null> {
  const rows = await tx.query<HotFolder>(`${SELECT} and h.hot_folder_id = $2`, [accountId, hotFolderId])
  return rows[0] ?? null
}

export async function createHotFolder(
  tx: Transaction,
  accountId: string,
  draft: HotFolderDraft,
): Promise<{ ok: true; folder: HotFolder } | HotFolderRefused> {
  const { name, automationId, schedule, createdBy } = draft
  if (!(await readAutomation(tx, accountId, automationId))) return automationNotFound()
  // Those that are made at the same time wait for each other here.
  const zone = await lockZone(tx, accountId)
  const [known] = await tx.query<{ count: number; taken: boolean }>(
    `select count(*) filter (where deleted_at is null)::int as "count", coalesce(bool_or(name = $2), false) as "taken"
     from hot_folders where account_id = $1`,
    [accountId, name],
  )
  if (known!.taken) {
    const detail = `There is or was a hot folder “${name}”. A name is used once, so that no earlier file is run again.`
    return { ok: false, refusal: 'hot_folder_name_taken', detail }
  }
  if (known!.count >= MOST_FOLDERS) {
    const detail = `This account has ${known!.count} hot folders already. Remove one that is not needed.`
    return { ok: false, refusal: 'too_many_hot_folders', detail }
  }
  const id = newId()
  const next = nextStart(schedule, await readNow(tx), zone)
  await tx.query(
    `insert into hot_folders (account_id, hot_folder_id, name, automation_id, starts, start_time, next_start_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [accountId, id, name, automationId, schedule.starts, schedule.startTime, next, createdBy],
  )
  return { ok: true, folder: (await readHotFolder(tx, accountId, id))! }
}

/** What is undefined stays. A schedule that changes, or that goes on after a pause, starts at its next time from now. */
export async function updateHotFolder(
  tx: Transaction,
  accountId: string,
  change: {
    id: string
    automationId?: string | undefined
    schedule?: Schedule | undefined
    paused?: boolean | undefined
  },
): Promise<{ ok: true; folder: HotFolder } | HotFolderRefused> {
  const zone = await lockZone(tx, accountId)
  const folder = await readHotFolder(tx, accountId, change.id)
  if (!folder) return hotFolderNotFound()
  const { automationId = folder.automationId, paused = folder.paused } = change
  if (change.automationId && !(await readAutomation(tx, accountId, automationId))) return automationNotFound()
  const schedule = change.schedule ?? scheduleOf(folder)
  const goesOn = change.schedule !== undefined || (folder.paused && !paused)
  const next = goesOn ? nextStart(schedule, await readNow(tx), zone) : folder.nextStartAt
  await tx.query(
    `update hot_folders set automation_id = $3, starts = $4, start_time = $5, next_start_at = $6, paused = $7,
       trouble = null, trouble_since = null, next_look_at = least(next_look_at, clock_timestamp())
     where account_id = $1 and hot_folder_id = $2`,
    [accountId, change.id, automationId, schedule.starts, schedule.startTime, next, paused],
  )
  return { ok: true, folder: (await readHotFolder(tx, accountId, change.id))! }
}

/** False when there is none. */
export async function removeHotFolder(
  tx: Transaction,
  accountId: string,
  hotFolderId: string,
): Promise<boolean> {
  const rows = await tx.query(
    `update hot_folders set deleted_at = now()
     where account_id = $1 and hot_folder_id = $2 and deleted_at is null returning 1`,
    [accountId, hotFolderId],
  )
  return rows.length > 0
}

/** What came, newest first. `after` is the last of the page before. */
export async function listHotFiles(
  tx: Transaction,
  { accountId, hotFolderId }: { accountId: string; hotFolderId: string },
  page: { after: number | null; limit: number },
): Promise<HotFile[]> {
  return tx.query<HotFile>(
    `select f.path, f.mark, f.bytes, f.seen_at as "seenAt", f.run_id as "runId", i.item_id as "itemId",
       case when f.delivered <> 'note' then f.result_name end as "resultName",
       coalesce(f.refusal_message, i.failure_message) as "message",
       case when f.refusal is not null then 'refused' when f.image_id is null then 'arriving'
         when f.run_id is null then 'waiting' else i.status end as "status"
     from hot_files f left join run_items i using (account_id, run_id, position)
     where f.account_id = $1 and f.hot_folder_id = $2
     order by f.seen_at desc, f.path offset $3 limit $4`,
    [accountId, hotFolderId, page.after ?? 0, page.limit],
  )
}

export function hotFolderNotFound(): HotFolderRefused {
  return {
    ok: false,
    refusal: 'hot_folder_not_found',
    detail: 'There is no such hot folder in this account.',
  }
}

export function scheduleOf({ starts, startTime }: Schedule): Schedule {
  return { starts, startTime } as Schedule
}

/** The zone of the account, whose row is locked. */
async function lockZone(tx: Transaction, accountId: string): Promise<string> {
  const [account] = await tx.query<{ zone: string }>(
    'select zone from accounts where account_id = $1 for update',
    [accountId],
  )
  return account!.zone
}

async function readNow(tx: Transaction): Promise<Date> {
  const [row] = await tx.query<{ now: Date }>('select clock_timestamp() as now')
  return row!.now
}
