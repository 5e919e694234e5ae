import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { setAccountTax } from '../ledger/account-tax.ts'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { openPapers, type PaperFile, type Papers } from './open-papers.ts'
import { type Language, setBillingDetails, setSeller } from './parties.ts'
import {
  ACME,
  accountAt,
  END,
  infoOf,
  inkOf,
  interim,
  LOGO,
  MERIDIAN,
  pixelsOf,
  starter,
  studio,
  textOf,
  upgrade,
} from './test-papers.ts'

let database: TestDatabase
let books: TestBooks
let papers: Papers

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  papers = openPapers(database.db)
  await database.db.asService((tx) => setSeller(tx, MERIDIAN, LOGO))
})
afterAll(async () => {
  await papers?.close()
  await database?.drop()
})

async function lastInvoice(accountId: string): Promise<{ id: string; file: PaperFile }> {
  const { id } = (await books.invoices(accountId)).at(-1)!
  return { id, file: (await papers.invoicePdf(accountId, id))! }
}

function nameBuyer(accountId: string, language: Language = 'en') {
  return database.db.asTenant(accountId, (tx) => setBillingDetails(tx, accountId, { buyer: ACME, language }))
}

/** Golden files are read in review: the text as somebody selects it. */
async function expectText(file: PaperFile, golden: string): Promise<void> {
  await expect(`${await textOf(file.bytes)}\n`).toMatchFileSnapshot(`golden/${golden}.txt`)
}

describe('the golden invoices', () => {
  test('Starter: one page of text, of our fonts alone, and PDF/A', async () => {
    const { file } = await lastInvoice(await starter(books, 'STARTER'))
    expect(file).toMatchObject({ name: 'STARTER-0002.pdf', type: 'application/pdf' })
    await expectText(file, 'starter')
    const { pages, text, metadata, fonts } = await infoOf(file.bytes)
    expect(pages).toBe(1)
    expect(text).toMatch(/^Title: +Invoice STARTER-0002$/m)
    expect(text).toMatch(/^Tagged: +yes$/m)
    expect(metadata).toContain('<pdfaid:part>3</pdfaid:part>')
    expect(metadata).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
    // Embedded, a subset, with a map to Unicode.
    expect(fonts.match(/\+\S+ .* yes yes yes .*$/gm)).toHaveLength(2)
    expect(fonts).toMatch(/Inter-Regular[\s\S]*Inter-SemiBold|Inter-SemiBold[\s\S]*Inter-Regular/)
  })

  test('Studio: abstract credits are told in credits', async () => {
    const { file } = await lastInvoice(await studio(books, 'STUDIO'))
    await expectText(file, 'studio')
  })

  test('Upgrade: two plans and two sources of credits', async () => {
    const { file } = await lastInvoice(await upgrade(books, 'UPGRADE'))
    await expectText(file, 'upgrade')
  })

  test('Interim: what it is, and which usage the invoice of the period leaves out', async () => {
    const id = await interim(books, 'INTERIM')
    const [, { id: first }] = (await books.invoices(id)) as [unknown, { id: string }]
    await expectText((await papers.invoicePdf(id, first))!, 'interim')
    const { file } = await lastInvoice(id)
    await expectText(file, 'after-interim')
  })
})

describe('what a paper says', () => {
  test('both parties, tax by rate, in every language, with the same amounts', async () => {
    const id = await accountAt(books, 'TAXED')
    await database.db.asTenant(id, (tx) =>
      setAccountTax(tx, id, { treatment: 'standard', rates: [{ name: 'VAT', rate: 190_000n }] }),
    )
    await nameBuyer(id, 'de')
    await books.choose(id, 'starter')
    await books.use(id, 'smart_crop', 300)
    const [due, languages] = [[] as string[], ['de', 'fr', 'es', 'ja'] as const]
    for (const [months, language] of languages.entries()) {
      await nameBuyer(id, language)
      await books.moveTo(id, new Date(Date.UTC(2099, 11 + months, 2, 1)))
      const { file } = await lastInvoice(id)
      await expectText(file, `taxed-${language}`)
      const { pages, fonts } = await infoOf(file.bytes)
      expect([language, pages, fonts.includes('BIZUDPGothic')]).toEqual([language, 1, language === 'ja'])
      due.push((await textOf(file.bytes)).match(/DE123456789/g)?.join() ?? '')
    }
    expect(due).toEqual(['DE123456789', 'DE123456789', 'DE123456789', 'DE123456789'])
  })

  test('reverse charge, customer credit, and what is still due', async () => {
    const id = await accountAt(books, 'REVERSE')
    await nameBuyer(id)
    await database.db.asTenant(id, (tx) => setAccountTax(tx, id, { treatment: 'reverse_charge', rates: [] }))
    await books.choose(id, 'starter')
    await books.use(id, 'smart_crop', 255)
    await books.moveTo(id, END)
    await books.putCard(id, 'sandbox_card_declines')
    await books.use(id, 'remove_background', 110)
    const over = await books.use(id, 'remove_background', 4)
    await books.moveTo(id, new Date('2100-01-02T01:00:00Z'))
    const { file } = await lastInvoice(id)
    await expectText(file, 'reverse-charge')
    const note = await database.db.asTenant(id, (tx) =>
      issueCreditNote(tx, {
        accountId: id,
        selection: { usageIds: [over.ok ? over.record.usageRecordId : ''], runId: null, itemIds: [] },
        reason: 'The cut-outs were wrong',
        minimumCharge: books.payments.minimumCharge,
      }),
    )
    expect(note).toMatchObject({ ok: true })
    const paper = await papers.creditNotePdf(id, note.ok ? note.id : '')
    expect(paper!.name).toBe('REVERSE-CN-0001.pdf')
    await expectText(paper!, 'credit-note')
  })

  test('a name is a name, whatever it looks like, and a letter that no font has is a box', async () => {
    const id = await accountAt(books, 'MARKUP')
    const name = '#panic("a") *b* $x$ <c> \\d /* 한 😀 請求'
    await database.db.asTenant(id, (tx) =>
      setBillingDetails(tx, id, { buyer: { ...ACME, name }, language: 'en' }),
    )
    await books.choose(id, 'starter')
    const { file } = await lastInvoice(id)
    expect(await textOf(file.bytes)).toMatch(/Starter plan +\$50\.00\n2 November – 2 December 2099/)
    expect(await textOf(file.bytes)).toContain('#panic("a") *b* $x$ <c> \\d /* □ □ 請求')
  })
})

describe('a final paper', () => {
  test('is the same bytes from any process, and keeps the parties of its day', async () => {
    const id = await starter(books, 'SAME')
    await nameBuyer(id)
    await books.moveTo(id, new Date('2100-01-02T01:00:00Z'))
    const { id: invoiceId, file } = await lastInvoice(id)
    await database.db.asTenant(id, (tx) =>
      setBillingDetails(tx, id, { buyer: { ...ACME, name: 'Another name' }, language: 'fr' }),
    )
    const other = openPapers(database.db)
    const again = (await other.invoicePdf(id, invoiceId))!
    await other.close()
    expect(Buffer.compare(again.bytes, file.bytes)).toBe(0)
    await expect(
      database.db.asTenant(id, (tx) =>
        tx.query('update invoices set buyer_version = 2 where account_id = $1 and invoice_id = $2', [
          id,
          invoiceId,
        ]),
      ),
    ).rejects.toThrow('names its parties for good')
  })

  test('is of nobody else, and a draft has none', async () => {
    const id = await starter(books, 'MINE')
    const { id: invoiceId } = await lastInvoice(id)
    const other = await books.account()
    expect(await papers.invoicePdf(other, invoiceId)).toBeNull()
    expect(await papers.creditNotePdf(other, invoiceId)).toBeNull()
  })

  test('looks as it was looked at', async () => {
    const { file } = await lastInvoice(await starter(books, 'LOOK'))
    const page = await pixelsOf(file.bytes)
    expect([page.width, page.height]).toEqual([497, 702])
    // 18 to 22 mm of margin are white, all around.
    const isInk = (x: number, y: number) => page.data[y * page.width + x]! < 200
    const stray = Array.from({ length: page.width * page.height }, (_, at) => [
      at % page.width,
      Math.floor(at / page.width),
    ]).filter(([x, y]) => isInk(x!, y!) && (x! < 48 || x! > 456 || y! < 40 || y! > 690))
    expect(stray).toEqual([])
    const ink = await inkOf(file.bytes)
    const seen = (await readFile(join(import.meta.dirname, 'golden/starter-ink.txt'), 'utf8')).trimEnd()
    const differing = [...ink].filter((cell, at) => cell !== seen[at]).length
    // Another rasterizer may darken a cell at the edge of a letter; another layout moves hundreds.
    expect(ink.length).toBe(seen.length)
    expect(differing, `The page looks otherwise now:\n${ink}`).toBeLessThan(60)
  })
})
