/** Accounts with the golden invoices, at fixed days, and what a reader sees of a PDF: its text, its pixels, what it says of itself. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { setInterimAmount } from '../ledger/interim-amount.ts'
import type { TestBooks } from '../ledger/test-account.ts'
import type { Buyer, Logo, Seller } from './parties.ts'

const run = promisify(execFile)

export const MERIDIAN: Seller = {
  name: 'Meridian Imaging GmbH',
  address: {
    line1: 'Lindenstraße 5',
    line2: null,
    postalCode: '10969',
    city: 'Berlin',
    region: null,
    country: 'DE',
  },
  taxId: 'DE123456789',
  email: 'billing@meridian.example',
  registration: 'HRB 12345 B, Berlin-Charlottenburg',
  phone: '+49 30 1234567',
  website: 'meridian.example',
  bank: { name: 'Musterbank', iban: 'DE02120300000000202051', bic: 'BYLADEM1001' },
  footer: null,
}

export const LOGO: Logo = {
  type: 'svg',
  bytes: Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><circle cx="20" cy="20" r="16" fill="#16181d"/>
     <rect x="46" y="12" width="70" height="16" fill="#2f6fed"/></svg>`,
  ),
}

export const ACME: Buyer = {
  name: 'Acme Studios Ltd',
  address: {
    line1: '12 Camera Row',
    line2: 'Unit 4',
    postalCode: 'E2 8AA',
    city: 'London',
    region: null,
    country: 'GB',
  },
  taxId: 'GB987654321',
  email: 'accounts@acme.example',
  reference: 'PO-4711',
}

/** A November that lies ahead of every clock that runs this. */
export const START = new Date('2099-11-02T00:00:00Z')
/** An hour after the boundary: the clock goes on while a story is told, and on a busy machine for many seconds. */
export const END = new Date('2099-12-02T01:00:00Z')

/** An account at the given day, with a name and a prefix that stay the same. */
export async function accountAt(books: TestBooks, prefix: string, at = START): Promise<string> {
  const id = await books.account()
  await books.db.asTenant(id, (tx) =>
    tx.query(`update accounts set name = 'Acme Studios Ltd', invoice_prefix = $2 where account_id = $1`, [
      id,
      prefix,
    ]),
  )
  await books.moveTo(id, at)
  return id
}

export async function starter(books: TestBooks, prefix: string): Promise<string> {
  const id = await accountAt(books, prefix)
  await books.choose(id, 'starter')
  await books.use(id, 'smart_crop', 300)
  await books.use(id, 'remove_background', 10)
  await books.moveTo(id, END)
  return id
}

export async function studio(books: TestBooks, prefix: string): Promise<string> {
  const id = await accountAt(books, prefix)
  await books.choose(id, 'studio')
  await books.use(id, 'smart_crop', 4000)
  await books.moveTo(id, END)
  return id
}

/** Billed at the 360th crop, on the tenth day. */
export async function interim(books: TestBooks, prefix: string): Promise<string> {
  const id = await accountAt(books, prefix)
  await books.choose(id, 'starter')
  const request = { accountId: id, amount: 20_000_000n, minimumCharge: books.payments.minimumCharge }
  await books.db.asTenant(id, (tx) => setInterimAmount(tx, request))
  await books.moveTo(id, new Date('2099-11-12T00:00:00Z'))
  await books.use(id, 'smart_crop', 360)
  await books.moveTo(id, new Date('2099-11-20T00:00:00Z'))
  await books.use(id, 'remove_background', 10)
  await books.moveTo(id, END)
  return id
}

export async function upgrade(books: TestBooks, prefix: string): Promise<string> {
  const id = await accountAt(books, prefix)
  await books.choose(id, 'starter')
  await books.use(id, 'smart_crop', 300)
  await books.moveTo(id, new Date('2099-11-12T00:00:00Z'))
  await books.choose(id, 'growth')
  await books.use(id, 'smart_crop', 100)
  await books.moveTo(id, END)
  return id
}

/** As somebody copies it, laid out in columns; without empty lines at the end. */
export async function textOf(pdf: Uint8Array): Promise<string> {
  return (await poppler('pdftotext', ['-layout', '-', '-'], pdf)).toString().trimEnd()
}

/** The first page as a picture of a screen. */
export function pictureOf(pdf: Uint8Array): Promise<Buffer> {
  return poppler('pdftoppm', ['-r', '60', '-png', '-f', '1', '-l', '1', '-'], pdf)
}

/** The same, as grey pixels. */
export async function pixelsOf(pdf: Uint8Array): Promise<{ data: Buffer; width: number; height: number }> {
  const png = await pictureOf(pdf)
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

export async function infoOf(
  pdf: Uint8Array,
): Promise<{ pages: number; text: string; metadata: string; fonts: string }> {
  const text = (await poppler('pdfinfo', ['-'], pdf)).toString()
  const metadata = (await poppler('pdfinfo', ['-meta', '-'], pdf)).toString()
  const fonts = (await poppler('pdffonts', ['-'], pdf)).toString()
  return { pages: Number(/^Pages:\s+(\d+)/m.exec(text)?.[1]), text, metadata, fonts }
}

async function poppler(program: string, args: string[], pdf: Uint8Array): Promise<Buffer> {
  const child = run(program, args, { encoding: 'buffer', maxBuffer: 100_000_000 })
  child.child.stdin!.end(pdf)
  return (await child).stdout
}

/** Where there is ink on the first page, as a picture of letters that is read in review. */
export async function inkOf(pdf: Uint8Array): Promise<string> {
  const [width, height] = [64, 90]
  const data = await sharp(await pictureOf(pdf))
    .greyscale()
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer()
  const rows = Array.from({ length: height }, (_, y) => data.subarray(y * width, (y + 1) * width))
  return rows.map((row) => [...row].map((grey) => (grey < 248 ? '#' : '.')).join('')).join('\n')
}

/** The one file that is attached to a PDF, as text. */
export async function attachmentOf(pdf: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drawdown-papers-'))
  try {
    const path = join(folder, 'paper.pdf')
    await writeFile(path, pdf)
    await run('pdfdetach', ['-save', '1', '-o', join(folder, 'attached'), path])
    return await readFile(join(folder, 'attached'), 'utf8')
  } finally {
    await rm(folder, { recursive: true })
  }
}
