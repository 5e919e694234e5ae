/**
 * Looks into hot folders, one after another, as long as the server runs.
 *
 * Called by server.ts, where the operator has a place for them.
 *
 * 1. When a folder is looked into next stands in its row, and whoever takes it moves that on. So servers share them, and what a dead one held is looked into
 *    two minutes later.
 * 2. A folder that fails stops no other. Files and photos of other accounts are looked into in between.
 */
import { setTimeout } from 'node:timers/promises'
import { type HotRooms, lookIntoNext } from '../automations/look-into-hot-folder.ts'

type WatchRooms = HotRooms & { log: (event: { event: string; [detail: string]: unknown }) => void }

/** Folders that are looked into at a time: one that is full does not keep the others waiting. */
const LANES = 2
const REST_MS = 1_000
const LONGEST_REST_MS = 30_000

/** Starts looking; answers the function that ends it once the looks under way are over. */
export function watchHotFolders(rooms: WatchRooms): () => Promise<void> {
  const stopping = new AbortController()
  const rest = (ms: number) => setTimeout(ms, undefined, { signal: stopping.signal }).catch(() => {})

  async function lane(): Promise<void> {
    let faults = 0
    while (!stopping.signal.aborted) {
      try {
        const looked = await lookIntoNext(rooms)
        if (looked === null) await rest(REST_MS)
        else if (looked.fault !== null) {
          const { accountId, hotFolderId, fault } = looked
          rooms.log({ event: 'hot_folder_failed', account_id: accountId, hot_folder_id: hotFolderId, fault })
        }
        faults = 0
      } catch (fault) {
        faults++
        rooms.log({ event: 'hot_folders_fault', fault, faults })
        await rest(Math.min(LONGEST_REST_MS, 500 * 2 ** faults))
      }
    }
  }

  const lanes = Array.from({ length: LANES }, lane)
  return async () => {
    stopping.abort()
    await Promise.all(lanes)
  }
}
