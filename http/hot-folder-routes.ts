/** Hot folders: connecting an automation to one, when it starts, and what became of each file. */
import type { z } from 'zod'
import {
  createHotFolder,
  type HotFile,
  type HotFolder,
  listHotFiles,
  listHotFolders,
  readHotFolder,
  removeHotFolder,
  updateHotFolder,
} from '../automations/hot-folders.ts'
import type { Schedule } from '../automations/next-start.ts'
import type { Handlers } from './handlers.ts'
import type * as shapes from './hot-folder-shapes.ts'
import { cursorKey, pageOf } from './paging.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import { nameOf } from './run-routes.ts'

const isOffset = (key: string) => /^\d{1,9}$/.test(key)

export const handlers = {
  listHotFolders: async ({ services, accountId }) => {
    const all = await services.db.asTenant(accountId, (tx) => listHotFolders(tx, accountId))
    const data = all.map((folder) => shown(services, accountId, folder))
    return { data, next_cursor: null, available: services.hotFolders !== null }
  },

  createHotFolder: async ({ services, accountId, body, principal }) => {
    const { hotFolders: hot } = services
    if (hot === null) return refuse('hot_folders_not_set_up')
    const draft = {
      name: body.name,
      automationId: body.automation_id,
      schedule: scheduleOf(body.starts, body.at),
      createdBy: nameOf(principal),
    }
    // Before the row, so that whoever reads of the folder finds it.
    await hot.make({ accountId, name: body.name })
    const made = await services.db.asTenant(accountId, (tx) => createHotFolder(tx, accountId, draft))
    return made.ok ? shown(services, accountId, made.folder) : made
  },

  getHotFolder: async ({ services, accountId, params }) => {
    const found = await services.db.asTenant(accountId, (tx) => readHotFolder(tx, accountId, params.id))
    return found ? shown(services, accountId, found) : refuse('hot_folder_not_found')
  },

  updateHotFolder: async ({ services, accountId, params, body }) => {
    const change = {
      id: params.id,
      automationId: body.automation_id,
      schedule: body.starts && scheduleOf(body.starts, body.at),
      paused: body.paused,
    }
    const changed = await services.db.asTenant(accountId, (tx) => updateHotFolder(tx, accountId, change))
    return changed.ok ? shown(services, accountId, changed.folder) : changed
  },

  removeHotFolder: async ({ services, accountId, params }) => {
    const removed = await services.db.asTenant(accountId, (tx) => removeHotFolder(tx, accountId, params.id))
    return removed ? undefined : refuse('hot_folder_not_found')
  },

  listHotFiles: async ({ services, accountId, params, query }) => {
    const key = cursorKey(query.cursor, isOffset)
    if (isRefused(key)) return key
    const after = key === null ? 0 : Number(key)
    const folder = { accountId, hotFolderId: params.id }
    const rows = await services.db.asTenant(accountId, async (tx) =>
      (await readHotFolder(tx, accountId, params.id))
        ? listHotFiles(tx, folder, { after, limit: query.limit + 1 })
        : null,
    )
    if (!rows) return refuse('hot_folder_not_found')
    const page = pageOf(rows, query.limit, () => String(after + query.limit))
    return { ...page, data: page.data.map(shownFile) }
  },
} satisfies Partial<Handlers>

function scheduleOf(starts: Schedule['starts'], at: string | undefined): Schedule {
  return { starts, startTime: at ?? null } as Schedule
}

function shown(
  { hotFolders }: Services,
  accountId: string,
  folder: HotFolder,
): z.output<typeof shapes.hotFolder> {
  return {
    id: folder.id,
    name: folder.name,
    automation_id: folder.automationId,
    starts: folder.starts,
    at: folder.startTime,
    next_start_at: folder.nextStartAt,
    place: hotFolders?.shown({ accountId, name: folder.name }) ?? folder.name,
    paused: folder.paused,
    trouble: hotFolders === null ? 'The operator has no place for hot folders any more.' : folder.trouble,
    trouble_since: folder.troubleSince,
    looked_at: folder.lookedAt,
    files: { waiting: folder.waiting, refused: folder.refused, started: folder.started },
    created_at: folder.createdAt,
  }
}

function shownFile(file: HotFile): z.output<typeof shapes.hotFile> {
  return {
    path: file.path,
    bytes: Number(file.bytes),
    seen_at: file.seenAt,
    status: file.status,
    message: file.message,
    run_id: file.runId,
    item_id: file.itemId,
    result: file.resultName,
  }
}
