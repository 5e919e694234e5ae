/** How a hot folder and a file in one stand, in a few words. */
import type { HotFile, HotFolder } from '@drawdown/client'
import { countOf, countText, momentText } from '../../format.ts'
import { Status, type Tone } from '../../ui/status.tsx'
import { itemWords } from '../run-words.tsx'

export function HotFolderStatus({ folder }: { folder: HotFolder }) {
  if (folder.paused) return <Status tone="quiet">Paused</Status>
  if (folder.trouble) return <Status tone="danger">Does not go on</Status>
  return <Status tone="good">Watched</Status>
}

/** "every day at 02:00 (Europe/Berlin), next on 2 Dec 2026, 02:00". */
export function scheduleText(folder: HotFolder, zone: string | undefined): string {
  const { starts, at, next_start_at: next } = folder
  if (starts === 'at_once') return 'as photos come'
  const when = {
    hourly: 'every hour',
    daily: `every day at ${at}`,
    weekdays: `Monday to Friday at ${at}`,
  }[starts]
  const place = starts === 'hourly' || zone === undefined ? '' : ` (${zone})`
  return folder.paused || next === null
    ? `${when}${place}`
    : `${when}${place}, next on ${momentText(next, zone)}`
}

export function filesText({ files: { waiting, refused, started } }: HotFolder): string {
  if (waiting + refused + started === 0) return 'Nothing has come yet.'
  const parts = [`${countOf(started, 'photo')} run`]
  if (waiting > 0) parts.push(`${countText(waiting)} waiting`)
  if (refused > 0) parts.push(`${countOf(refused, 'file')} refused`)
  return parts.join(' · ')
}

const words: Record<'arriving' | 'waiting' | 'refused', { text: string; tone: Tone }> = {
  arriving: { text: 'Arriving', tone: 'busy' },
  waiting: { text: 'Waits for its start', tone: 'quiet' },
  refused: { text: 'Refused', tone: 'danger' },
}

export function HotFileStatus({ file }: { file: HotFile }) {
  const { status } = file
  const { text, tone } =
    status === 'arriving' || status === 'waiting' || status === 'refused' ? words[status] : itemWords[status]
  return <Status tone={tone}>{text}</Status>
}
