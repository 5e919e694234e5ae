import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  findOffences,
  isPicturing,
  NARROW,
  openBrowser,
  openPerson,
  type Person,
  takePicture,
  WIDE,
} from './browser.ts'
import { makePhotos } from './photos.ts'
import { startTestServer, type TestServer } from './start-server.ts'

/**
 * The main job as a person does it, in Chromium: from the one-time link to the paid invoice, by what the screen calls things.
 * The tests are the chapters of one story and run in their order.
 */

let server: TestServer
let browser: Browser
let person: Person
let page: Page
/** Addresses that were visited and what stands there, for the second walk through all pages on a small screen. */
const visited = new Map<string, string>()

beforeAll(async () => {
  // Pictures for the README show what customers get; otherwise the small model is as good and three times as quick.
  server = await startTestServer({ modelInputSize: isPicturing() ? 1024 : 320 })
  browser = await openBrowser()
  person = await openPerson(browser)
  page = person.page
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('the first operator comes in by the link that the server printed', async () => {
  await page.goto(new URL(new URL(server.signInLink).pathname, server.url).href)
  await see('heading', 'Become the operator')
  expect(await findOffences(page)).toEqual([])
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill('a long enough passphrase')
  await press('button', 'Create operator')
  await see('heading', 'Accounts')
  await visit('operator-empty')
}, 60_000)

test('makes an account', async () => {
  await press('link', 'Create an account')
  await page.getByLabel('Name of the account').fill('Corner shop')
  await visit('new-account')
  await press('button', 'Create account')
  await see('heading', 'Choose a plan')
  await visit('choose-plan')
}, 60_000)

test('picks Starter, adds the card that pays, and starts for $50.00', async () => {
  await press('link', 'Choose Starter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('link', { name: 'Add payment method' }).click()
  await dialog.getByRole('radio', { name: /4242/ }).check()
  expect(await findOffences(page)).toEqual([])
  await press('button', 'Use this card')
  await press('button', 'Pay $50.00 and start Starter')
  await page.getByText('You are on Starter now.').waitFor()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'What your balance still buys' }).waitFor()
  expect(await balance()).toBe('$50.00 left')
}, 60_000)

test('sees what the balance buys, alone and in a mix', async () => {
  const smartCrop = page.getByLabel('How many: Smart crop')
  const removal = page.getByLabel('How many: Remove background')
  await page.getByText('250', { exact: true }).first().waitFor()
  await page.getByText('100', { exact: true }).first().waitFor()
  await smartCrop.fill('100')
  await page.getByText('This costs $20.00 and leaves $30.00.').waitFor()
  await page.getByText('60', { exact: true }).waitFor()
  await removal.fill('60')
  await page.getByText('This costs $50.00 and leaves $0.00.').waitFor()
  await removal.fill('70')
  await page.getByText(/\$5\.00 of it goes beyond your credits/).waitFor()
  await press('button', 'Start over')
  await visit('billing')
}, 60_000)

test('tells the automation not to hold what it is unsure of', async () => {
  await press('link', 'Automations')
  await visit('automations')
  await press('link', /^Marketplace square/)
  await page.getByRole('listitem').filter({ hasText: 'Remove background' }).locator('summary').click()
  await page.getByRole('checkbox', { name: /hold uncertain/i }).uncheck()
  await visit('automation')
  await press('button', 'Save automation')
  await page.getByText('Marketplace square is saved.').waitFor()
}, 60_000)

test('drops a folder of 40 photos and reads the quote', async () => {
  await press('link', 'Run photos')
  await visit('start-run-empty')
  const folder = join(server.folder, 'first')
  await makePhotos(folder, 1, 40)
  await page.getByLabel('Folder of photos').setInputFiles(folder)
  await page.getByText('40 photos ready').waitFor({ timeout: 120_000 })
  await page.getByRole('radio', { name: 'Marketplace square' }).check({ force: true })
  await page.getByText('40 photos: $28.00 from credits, $0.00 overage, $22.00 left after').waitFor()
  await visit('start-run')
}, 180_000)

test('runs them: photos appear, the balance ticks, the receipt lists every operation', async () => {
  await press('button', 'Run 40 photos for $28.00')
  await page.getByRole('progressbar', { name: 'Progress of the run' }).waitFor()
  await page.getByText(/^1\d of 40 done$/).waitFor({ timeout: 240_000 })
  await visit('run')
  await takePicture(page, 'run')
  await page.getByText('40 of 40 done').waitFor({ timeout: 300_000 })
  await page.getByText('$22.00 left').waitFor()
  await visit('run')
  await press('link', 'Receipt')
  await see('heading', 'Receipt')
  const operations = page.getByRole('table', { name: 'Operations' })
  await operations.getByRole('row', { name: /Remove background 40 \$0\.50 \$20\.00/ }).waitFor()
  await operations.getByRole('row', { name: /Smart crop 40 \$0\.20 \$8\.00/ }).waitFor()
  await visit('receipt')
  await press('link', 'Billing')
  await visit('billing')
  await takePicture(page, 'billing')
  await press('link', 'Runs')
  await press('link', /^Marketplace square/)
}, 600_000)

test('looks at one photo before and after, and takes all as a ZIP', async () => {
  await press('button', 'photo-001.jpg: Done')
  const slider = page.getByRole('slider', { name: 'Before and after' })
  await slider.fill('40')
  await page.getByAltText('photo-001.jpg, after').waitFor()
  await page.waitForLoadState('networkidle')
  // The subject lies on itself: the middle of the frame is the same before and after.
  const seen = async (split: string) => {
    await slider.fill(split)
    const picture = sharp(await slider.screenshot()).removeAlpha()
    return picture
      .resize(60, 60, { fit: 'fill' })
      .extract({ left: 20, top: 32, width: 20, height: 20 })
      .raw()
      .toBuffer()
  }
  const [before, after] = [await seen('100'), await seen('0')]
  const differences = before.map((value, at) => Math.abs(value - after[at]!)).toSorted()
  expect(differences[Math.floor(differences.length / 2)]).toBeLessThan(16)
  await slider.fill('40')
  await visit('photo')
  await takePicture(page, 'before-after')
  await press('button', 'Close')
  const [download] = await Promise.all([page.waitForEvent('download'), press('link', 'Download ZIP')])
  expect(download.suggestedFilename()).toMatch(/\.zip$/)
  expect(await download.failure()).toBeNull()
}, 120_000)

test('sees what another crop of a photo would cost, and keeps it', async () => {
  await press('button', 'photo-001.jpg: Done')
  await press('button', 'Correct the crop')
  const crop = page.getByRole('button', { name: 'Crop of photo-001.jpg' })
  await crop.focus()
  for (const key of ['ArrowRight', 'ArrowDown', '-', 'Shift+-']) await crop.press(key)
  await page.getByRole('button', { name: 'Cut anew for $0.20' }).waitFor()
  await page.getByText('$21.80 left after').waitFor()
  expect(await findOffences(page)).toEqual([])
  await press('button', 'Keep it as it is')
  await press('button', 'Close')
}, 60_000)

test('connects a folder that is run every night', async () => {
  await press('link', 'Hot folders')
  await visit('hot-folders-empty')
  await press('button', 'Connect a folder')
  await page.getByLabel('Name of the folder').fill('new shoes')
  await page.getByLabel('Start').selectOption('Every day')
  expect(await findOffences(page)).toEqual([])
  await press('button', 'Connect folder')
  await page.getByText(/every day at 02:00 .*, next on/).waitFor()
  await visit('hot-folders')
  await press('link', 'new-shoes')
  await page.getByText('Nothing has come yet').waitFor()
  await visit('hot-folder')
  await press('button', 'Pause')
  await page.getByText('Paused', { exact: true }).waitFor()
}, 60_000)

test('runs 60 more: the balance reaches zero, overage accrues, nothing stops', async () => {
  await press('link', 'Run photos')
  const folder = join(server.folder, 'second')
  await makePhotos(folder, 41, 60)
  await page.getByLabel('Folder of photos').setInputFiles(folder)
  await page.getByText('60 photos ready').waitFor({ timeout: 120_000 })
  await page.getByText('60 photos: $22.00 from credits, $20.00 overage, $0.00 left after').waitFor()
  await page.getByText(/Your automations keep running/).waitFor()
  await press('button', 'Run 60 photos for $42.00')
  await page.getByText('60 of 60 done').waitFor({ timeout: 600_000 })
  await page.getByText('$0.00 left').waitFor()
  await press('link', 'Runs')
  await visit('runs')
  await press('link', 'Billing')
  await page.getByText('Your automations keep running.').first().waitFor()
  await visit('billing')
}, 900_000)

test('sees what every plan would cost before changing', async () => {
  await press('link', 'Change plan')
  const dialog = page.getByRole('dialog', { name: 'Change plan' })
  await dialog.getByRole('radio', { name: 'Growth' }).check({ force: true })
  await dialog.getByRole('button', { name: /^Pay \$1\d\d\.\d\d and change to Growth$/ }).waitFor()
  await visit('change-plan')
  await takePicture(page, 'change-plan')
  await press('button', 'Close')
}, 60_000)

test('moves the clock to the anchor day: one invoice, paid, and credits anew', async () => {
  await press('link', 'Accounts and clock')
  await visit('operator')
  await press('link', /^Move the clock of Corner shop/)
  await press('button', /^To the anchor day/)
  await visit('clock')
  await press('button', /^Move to/)
  await page.getByText(/1 boundary passed, 1 invoice made\./).waitFor()
  await press('link', 'See the invoice')
  const lines = page.getByRole('table', { name: 'Lines of the invoice' })
  await lines.getByRole('row', { name: /Starter plan \$50\.00/ }).waitFor()
  await lines.getByRole('row', { name: /Smart crop on Starter.* 100 \$0\.20 \$20\.00/ }).waitFor()
  await lines.getByRole('row', { name: /Remove background on Starter.* 100 \$0\.50 \$50\.00/ }).waitFor()
  await lines.getByRole('row', { name: /Credits applied.* [−-]\$50\.00/ }).waitFor()
  await page.getByText('Paid', { exact: true }).first().waitFor()
  await page.getByText('$70.00', { exact: true }).first().waitFor()
  await visit('invoice')
  await press('link', 'Billing')
  await page.getByText('$50.00 left').waitFor()
}, 120_000)

test('every page stands on a small screen, in light and dark, with no rule broken', async () => {
  await press('link', 'Members')
  await visit('members')
  await press('link', 'API keys')
  await visit('api-keys')
  const walks = [
    { viewport: NARROW, colorScheme: 'light' },
    { viewport: NARROW, colorScheme: 'dark' },
    { viewport: WIDE, colorScheme: 'dark' },
  ] as const
  // At once, since most of it is waiting for a page to come to rest.
  const offences = await Promise.all(walks.map(walkThrough))
  expect(offences.flat()).toEqual([])
}, 600_000)

test('signs out, and in again with the password', async () => {
  await press('button', 'Ada Lovelace')
  await press('menuitem', 'Sign out')
  await see('heading', 'Sign in')
  expect(await findOffences(page)).toEqual([])
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill('a long enough passphrase')
  await press('button', 'Sign in')
  await page.getByText('$50.00 left').waitFor()
  // What the page still asked for while the session ended was refused, as it must be.
  const { faults } = person
  faults.splice(0, faults.length, ...faults.filter((fault) => !/status of 401 .*\/v1\//.test(fault)))
}, 60_000)

test('nothing went wrong behind the screens', () => {
  expect(person.faults).toEqual([])
})

type Role = Parameters<Page['getByRole']>[0]

function press(role: Role, name: string | RegExp) {
  return page
    .getByRole(role, typeof name === 'string' ? { name, exact: true } : { name })
    .first()
    .click()
}

async function see(role: Role, name: string): Promise<void> {
  await page.getByRole(role, { name, exact: true }).waitFor()
}

/** Remembers where the person is, and judges the page. */
async function visit(name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  visited.set(page.url(), name)
  expect(await findOffences(page), `${name} at ${page.url()}`).toEqual([])
}

type Look = { viewport: { width: number; height: number }; colorScheme: 'light' | 'dark' }

/** Everything that is wrong with any page that was visited, looked at in this way. */
async function walkThrough({ viewport, colorScheme }: Look): Promise<string[]> {
  const other = await page.context().newPage()
  await other.setViewportSize(viewport)
  await other.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  const offences: string[] = []
  for (const [address, name] of visited) {
    await other.goto(address)
    await other.getByRole('heading').first().waitFor()
    await other.waitForLoadState('networkidle')
    const found = await findOffences(other)
    offences.push(...found.map((offence) => `${name}, ${colorScheme}, ${viewport.width} px: ${offence}`))
    if (viewport === NARROW && colorScheme === 'light' && name === 'billing') await takePicture(other, name)
  }
  await other.close()
  return offences
}

/** "$50.00 left", as it stands at the top of every page. */
async function balance(): Promise<string> {
  return (await page.getByRole('link', { name: / left/ }).first().textContent())!.replace(/\s+/g, ' ')
}
