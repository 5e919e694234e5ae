/**
 * `hot-folder …`: folders whose files are run by themselves.
 */
import type { DrawdownClient, HotFolder, HotFolderRequest } from '@drawdown/client'
import { findAutomation } from './automation-commands.ts'
import type { Globals } from './globals.ts'
import { printJson, printLines, showInstant, showNumberOf, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { CommandRefused } from './refusal.ts'
import { asAccount } from './speak.ts'

export type ConnectFolder = Globals & {
  automation: string
  starts?: NonNullable<HotFolderRequest['starts']>
  at?: string
}

export async function listHotFolders({ account, json }: Globals): Promise<void> {
  const list = await asAccount(account, (api) => api.listHotFolders())
  if (json) return printJson(list)
  if (!list.available) printLines('There is no place for hot folders here. The operator sets HOT_FOLDERS.')
  if (list.data.length === 0) return printLines('No folder is connected.')
  printLines(
    ...tableLines([
      ['folder', 'starts', 'files', 'state', 'where photos are put'],
      ...list.data.map((one) => [one.name, startsOf(one), filesOf(one), stateOf(one), one.place]),
    ]),
  )
}

export async function connectHotFolder(name: string, options: ConnectFolder): Promise<void> {
  const { account, json, automation, starts = 'at_once', at } = options
  const made = await asAccount(account, async (api) => {
    const { id } = await findAutomation(api, automation)
    const when = at === undefined ? { starts } : { starts, at }
    return api.createHotFolder({ body: { name, automation_id: id, ...when } })
  })
  if (json) return printJson(made)
  printLines(`${made.name} is connected: ${startsOf(made)}. Put photos into ${made.place}`)
}

export async function changeHotFolder(
  name: string,
  change: { paused: boolean },
  { account, json }: Globals,
): Promise<void> {
  const changed = await asAccount(account, async (api) => {
    const { id } = await findHotFolder(api, name)
    return api.updateHotFolder({ path: { id }, body: change })
  })
  if (json) return printJson(changed)
  printLines(`${changed.name} is ${changed.paused ? 'paused' : `watched again: ${startsOf(changed)}`}.`)
}

export async function disconnectHotFolder(name: string, { account, json }: Globals): Promise<void> {
  const removed = await asAccount(account, async (api) => {
    const folder = await findHotFolder(api, name)
    await api.removeHotFolder({ path: { id: folder.id } })
    return folder
  })
  if (json) return printJson(removed)
  printLines(`${removed.name} is disconnected. Its files, results and runs stay.`)
}

export async function listHotFiles(name: string, { account, json }: Globals): Promise<void> {
  const files = await asAccount(account, async (api) => {
    const { id } = await findHotFolder(api, name)
    return readAll((query) => api.listHotFiles({ path: { id }, query }))
  })
  if (json) return printJson({ data: files, next_cursor: null })
  if (files.length === 0) return printLines('Nothing has come yet.')
  printLines(
    ...tableLines(
      files.map((file) => [
        file.path,
        file.status,
        file.message ?? (file.result === null ? '' : `out/${file.result}`),
      ]),
    ),
  )
}

async function findHotFolder(api: DrawdownClient, which: string): Promise<HotFolder> {
  const { data } = await api.listHotFolders()
  const found = data.find(({ id, name }) => id === which || name === which)
  if (found) return found
  throw new CommandRefused(
    `There is no hot folder "${which}".`,
    data.length === 0 ? 'There is none yet.' : `There are ${data.map(({ name }) => name).join(', ')}.`,
  )
}

function startsOf({ starts, at, next_start_at: next }: HotFolder): string {
  const words = { at_once: 'as photos come', hourly: 'every hour', daily: 'daily', weekdays: 'on weekdays' }
  const time = at === null ? '' : ` at ${at}`
  return `${words[starts]}${time}${next === null ? '' : `, next ${showInstant(next, 'UTC')} UTC`}`
}

function filesOf({ files: { waiting, refused, started } }: HotFolder): string {
  const parts = [`${showNumberOf(started, 'photo')} run`]
  if (waiting > 0) parts.push(`${waiting} waiting`)
  if (refused > 0) parts.push(`${refused} refused`)
  return parts.join(', ')
}

function stateOf({ paused, trouble }: HotFolder): string {
  return paused ? 'paused' : (trouble ?? 'watched')
}
