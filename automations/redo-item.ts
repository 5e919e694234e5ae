/**
 * Does one photo of a run again, cut where a person says.
 *
 * Called by http: first for what it would cost, then to do it.
 *
 * 1. It is a run of its own, of one photo, with the steps of the run that it was in: what was paid stays paid and explained, and steps whose work is the same
 *    cost nothing again (rule R16).
 * 2. The correction is remembered for the photo and the shape in the transaction that starts that run.
 * 3. Prices are those in force now, bound by the quote.
 */
import type { Database, Transaction } from '../database/connect.ts'
import type { CheckedStep } from '../images/catalogue.ts'
import { createQuote, type RunQuoted, type RunRefused } from './create-quote.ts'
import type { ModelState } from './model-state.ts'
import { cropRatio, type PhotoBox, rememberCrop, withBox } from './photo-crops.ts'
import { type StartRefused, startRun } from './start-run.ts'

export type Correction = { itemId: string; box: PhotoBox }

type RedoRefused = {
  ok: false
  refusal: 'item_not_found' | 'item_under_way' | 'item_not_cropped'
  detail: string
}

type Redo = {
  ok: true
  automationId: string
  imageId: string
  imageSha256: string
  imageName: string
  /** With the box in the last step that crops. */
  steps: CheckedStep[]
  ratio: string
}

/** What doing it again would cost at most; binds the unit prices. */
export async function quoteRedo(
  rooms: { db: Database; models: ModelState },
  accountId: string,
  correction: Correction,
): Promise<{ ok: true; quote: RunQuoted } | RedoRefused | RunRefused> {
  const redo = await rooms.db.asTenant(accountId, (tx) => readRedo(tx, accountId, correction))
  if (!redo.ok) return redo
  const { automationId, imageId, steps } = redo
  return createQuote(rooms, accountId, { automationId, images: [imageId], steps })
}

/** Answers the run that was started. */
export async function redoItem(
  tx: Transaction,
  accountId: string,
  request: Correction & {
    quoteId?: string | undefined
    idempotencyKey?: string | null
    createdBy?: string | null
  },
): Promise<{ ok: true; runId: string; replayed: boolean } | RedoRefused | StartRefused> {
  const redo = await readRedo(tx, accountId, request)
  if (!redo.ok) return redo
  const { automationId, imageId, imageSha256, imageName, steps, ratio } = redo
  const { quoteId, idempotencyKey = null, createdBy = null } = request
  const name = `${imageName}, crop corrected`.slice(0, 200)
  const run = { automationId, imageIds: [imageId], steps, name, quoteId, idempotencyKey, createdBy }
  const started = await startRun(tx, accountId, run)
  if (started.ok) await rememberCrop(tx, accountId, { imageSha256, ratio, box: request.box })
  return started
}

async function readRedo(
  tx: Transaction,
  accountId: string,
  { itemId, box }: Correction,
): Promise<Redo | RedoRefused> {
  const [item] = await tx.query<Omit<Redo, 'ok' | 'ratio'> & { finished: boolean }>(
    `select r.automation_id as "automationId", r.steps, i.image_id as "imageId", m.sha256 as "imageSha256", m.name as "imageName",
       i.status not in ('queued', 'working') as "finished"
     from run_items i join runs r using (account_id, run_id) join images m using (account_id, image_id)
     where i.account_id = $1 and i.item_id = $2 and m.removed_at is null`,
    [accountId, itemId],
  )
  if (!item) {
    return { ok: false, refusal: 'item_not_found', detail: 'There is no such item in this account.' }
  }
  if (!item.finished) {
    const detail = `${item.imageName} is still being worked on. Correct its crop when it is done.`
    return { ok: false, refusal: 'item_under_way', detail }
  }
  const at = item.steps.findLastIndex((step) => cropRatio(step) !== undefined)
  const crop = item.steps[at]
  if (!crop) {
    return { ok: false, refusal: 'item_not_cropped', detail: 'No step of this run crops around the subject.' }
  }
  const { box: _, ...settings } = crop.settings
  const steps = item.steps.with(at, withBox({ ...crop, settings }, box))
  return { ...item, ok: true, steps, ratio: cropRatio(crop)! }
}
