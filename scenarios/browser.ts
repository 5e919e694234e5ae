/**
 * A real Chromium for scenarios: pages are used by role and label, judged by axe-core, and pictured for the README when asked.
 *
 * 1. A page is judged as it stands: no rule of axe-core is switched off.
 * 2. Nothing may be wider than the screen.
 * 3. What the page writes to its console as an error, or throws, fails the scenario.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

export const WIDE = { width: 1440, height: 900 }
export const NARROW = { width: 360, height: 740 }

export type Person = {
  page: Page
  /** Everything that went wrong on its pages. */
  faults: string[]
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Chromium's own sandbox needs an ordinary user.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

export async function openPerson(browser: Browser): Promise<Person> {
  const context = await browser.newContext({ viewport: WIDE, locale: 'en-GB', reducedMotion: 'reduce' })
  context.setDefaultTimeout(15_000)
  const faults: string[] = []
  context.on('weberror', (fault) => faults.push(String(fault.error())))
  context.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`)
  })
  return { page: await context.newPage(), faults }
}

/** What is wrong with the page as it stands: broken rules of axe-core, and anything wider than the screen. */
export async function findOffences(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const broken = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document)
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    )
  })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  const screen = page.viewportSize()!.width
  return width > screen ? [...broken, `${page.url()} is ${width} px wide on a screen of ${screen}`] : broken
}

/** Whether pictures for the README are wanted: DRAWDOWN_PICTURES=1. */
export function isPicturing(): boolean {
  return Boolean(process.env.DRAWDOWN_PICTURES)
}

/** Writes docs/pictures/<name>-<width>.png, only when DRAWDOWN_PICTURES is set. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!isPicturing()) return
  const folder = join(import.meta.dirname, '../docs/pictures')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}-${page.viewportSize()!.width}.png`) })
}
