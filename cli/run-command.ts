/**
 * `run`: photos in, results out. Upload, quote, question, progress, results, receipt.
 *
 * 1. Nothing is charged before the quote was shown and agreed to, by a person or by --yes.
 * 2. Results are written as they are done. When the command is interrupted the run goes on; the same command again finds the photos
 *    uploaded and the finished work paid for, and costs only what is left.
 * 3. Exit code 1 when a photo failed; those that succeeded are written, and only they were charged.
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DrawdownClient, Item, Quote, Receipt, Run } from '@drawdown/client'
import { askToGoOn } from './ask.ts'
import { findAutomation } from './automation-commands.ts'
import { collectPhotos, type Photo } from './collect-photos.ts'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, showCount, showNumberOf, tableLines } from './print.ts'
import { openProgress, type Progress } from './progress.ts'
import { readAll } from './read-all.ts'
import { CommandRefused } from './refusal.ts'
import { asAccount } from './speak.ts'
import { type UploadedPhoto, uploadPhotos } from './upload-photos.ts'
import { writeResult } from './write-results.ts'

export type RunAutomation = Globals & { out: string; name?: string; yes?: boolean }

export async function runAutomation(
  automation: string,
  paths: readonly string[],
  options: RunAutomation,
): Promise<void> {
  const photos = await collectPhotos(paths)
  const folder = resolve(options.out)
  await refuseFile(folder)
  await asAccount(options.account, async (api) => {
    const { id } = await findAutomation(api, automation)
    const uploaded = await sendPhotos(api, photos, options)
    const names = namesByImage(uploaded)
    const quote = await api.createQuote({ body: { automation_id: id, image_ids: [...names.keys()] } })
    // Whoever asks for no question reads what it has cost, in the receipt.
    if (!options.json && !options.yes) printLines(...quoteLines(quote))
    if (!(await askToGoOn('Run it?', options))) return printLines('Nothing was run.')
    const run = await api.createRun({
      body: {
        automation_id: id,
        image_ids: [...names.keys()],
        quote_id: quote.id,
        ...(options.name === undefined ? {} : { name: options.name }),
      },
    })
    const written = await followRun(api, run, names, folder, options)
    await report(api, run.id, { ...options, folder, written, failedBefore: photos.length - uploaded.length })
  })
}

/** Results are written after they were paid for, so what stands in their way is found before. */
async function refuseFile(folder: string): Promise<void> {
  const there = await stat(folder).catch(() => undefined)
  if (there !== undefined && !there.isDirectory()) {
    throw new CommandRefused(
      `"${folder}" is a file.`,
      'Name a folder with --out; it is made when it is not there.',
    )
  }
}

async function sendPhotos(api: DrawdownClient, photos: Photo[], { json }: Globals): Promise<UploadedPhoto[]> {
  const progress = openProgress('Uploading', photos.length, json)
  const { uploaded, refused } = await uploadPhotos(api, photos, () => progress.advance()).finally(() =>
    progress.close(),
  )
  for (const { photo, detail } of refused) process.stderr.write(`${photo.name}: ${detail}\n`)
  if (uploaded.length === 0)
    throw new CommandRefused('No photo could be used.', 'The reasons are given above.')
  return uploaded
}

/** The same photo may be there under several names: it is worked on once and written under each. */
function namesByImage(uploaded: UploadedPhoto[]): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const { photo, imageId } of uploaded) {
    names.set(imageId, [...(names.get(imageId) ?? []), photo.name])
  }
  return names
}

/** Follows the run to its end, writing results on the way; answers how many files were written. */
async function followRun(
  api: DrawdownClient,
  run: Run,
  names: Map<string, string[]>,
  folder: string,
  options: Globals,
): Promise<number> {
  const progress = openProgress('Running', run.items.total, options.json)
  const tellOnInterrupt = () => {
    progress.close()
    process.stderr.write(
      '\nThe run goes on. The same command again fetches its results; finished work costs nothing twice.\n',
    )
    process.exit(130)
  }
  process.once('SIGINT', tellOnInterrupt)
  const written = new Map<string, Promise<string[]>>()
  const take = (item: Item) => {
    // What is held has a result to look at, which is neither paid for nor handed out before somebody accepts it.
    if (item.status !== 'succeeded' || item.output === null || written.has(item.id)) return
    const work = writeResult(
      api,
      { ...item, output: item.output },
      names.get(item.image.id) ?? [item.image.name],
      folder,
    )
    // A fault is met below, when all are awaited; until then it must not end the process.
    work.catch(() => {})
    written.set(item.id, work)
  }
  try {
    await watch(api, run, take, progress)
    for (const item of await readAll((query) => api.listItems({ path: { id: run.id }, query }))) take(item)
    return (await Promise.all(written.values())).flat().length
  } finally {
    progress.close()
    process.removeListener('SIGINT', tellOnInterrupt)
  }
}

async function watch(
  api: DrawdownClient,
  run: Run,
  take: (item: Item) => void,
  progress: Progress,
): Promise<void> {
  const unit = run.credit_unit
  let left = ''
  let paused = false
  for await (const { event, data } of api.watchRun(run.id)) {
    if (event === 'item') take(data)
    if (event === 'balance') left = `${showAmount(data.balance, unit)} left`
    if (event === 'run') {
      const { succeeded, failed, held, cancelled } = data.items
      progress.set(succeeded + failed + held + cancelled)
      progress.say(data.waiting_for ?? left)
      // Where nobody sees the bar, a command that waits says why.
      if (data.status === 'paused_by_budget' && !paused && !process.stderr.isTTY) {
        process.stderr.write(`${data.waiting_for}\n`)
      }
      paused = data.status === 'paused_by_budget'
    } else if (event === 'balance') progress.say(left)
  }
}

type Reported = Globals & { folder: string; written: number; failedBefore: number }

async function report(api: DrawdownClient, runId: string, options: Reported): Promise<void> {
  const receipt = await api.getReceipt({ path: { id: runId } })
  const failed = receipt.images.filter((image) => image.status !== 'succeeded')
  const held = failed.filter((image) => image.status === 'held')
  if (failed.length + options.failedBefore > 0) process.exitCode = 1
  if (options.json) return printJson(receipt)
  const billing = await api.getBilling()
  printLines(
    ...receiptLines(receipt),
    ...failed.map((image) => `${image.name}: ${image.failure ?? image.status}`),
    ...heldLines(held),
    `${showNumberOf(options.written, 'file')} in ${options.folder}. ${showAmount(billing.balance, billing.credit_unit)} left.`,
  )
}

function heldLines(held: Receipt['images']): string[] {
  if (held.length === 0) return []
  return [
    `${showNumberOf(held.length, 'photo')} held, and not paid for: look at the preview on the run’s page, then`,
    ...held.map(({ item_id, name }) => `  drawdown item accept ${item_id}   (or discard: ${name})`),
    'What you accept is written by the same command again.',
  ]
}

function quoteLines(quote: Quote): string[] {
  const credits = (text: string) => showAmount(text, quote.credit_unit)
  const overage = showAmount(quote.overage, quote.currency)
  return [
    ...tableLines(
      quote.operations.map((one) => [
        `  ${one.name}`,
        ...priceCells(one.quantity, one.unit_price, one.cost, credits),
      ]),
      [1, 2],
    ),
    `${showNumberOf(quote.image_count, 'photo')}: at most ${credits(quote.from_credits)} from credits, ${overage} overage, ` +
      `${credits(quote.balance_after)} left after`,
  ]
}

function receiptLines(receipt: Receipt): string[] {
  const credits = (text: string) => showAmount(text, receipt.credit_unit)
  const overage = showAmount(receipt.overage, receipt.currency)
  return [
    'Receipt',
    ...tableLines(
      receipt.operations.map((one) => [
        `  ${one.name}`,
        ...priceCells(one.charged, one.unit_price, one.cost, credits),
        one.already_paid === 0 ? '' : `${showCount(one.already_paid)} paid for before`,
      ]),
      [1, 2],
    ),
    `${showNumberOf(receipt.images.length, 'photo')}: ${credits(receipt.cost)}, of it ${credits(receipt.from_credits)} from credits, ${overage} overage`,
  ]
}

function priceCells(
  count: number,
  unitPrice: string,
  cost: string,
  credits: (text: string) => string,
): string[] {
  return unitPrice === '0'
    ? [showCount(count), 'free']
    : [`${showCount(count)} × ${credits(unitPrice)}`, credits(cost)]
}
