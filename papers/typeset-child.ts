/**
 * The child that makes papers: takes one sheet or one e-invoice at a time, answers its file. It knows no account, no database and no secret, so a
 * logo that is more than a picture has nothing to tell.
 *
 * Started by typesetter.ts. Typst compiles in native code; it is loaded once and kept warm.
 *
 * Invariants:
 *   1. The same sheet gives the same bytes: no clock, no chance, no font of the machine.
 *   2. The result is PDF/A-3a: archivable, tagged, every letter selectable. PDF/A has no way to show a letter that no font holds, so
 *      such a letter (of a script beyond Latin, Greek, Cyrillic and Japanese, an emoji) is printed as a box.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { Sheet } from './sheet.ts'
import type { FromTypesetter, ToTypesetter, TypesetTask } from './typeset-messages.ts'

const FOLDER = dirname(fileURLToPath(import.meta.url))
const MAIN = join(FOLDER, 'paper.typ')
/** Results older than so many papers are forgotten; without this memory grows with every paper. */
const KEPT_AGE = 5
const BOX = '□'

const fonts = createRequire(import.meta.url)
const compiler = NodeCompiler.create({
  workspace: FOLDER,
  fontArgs: [
    {
      fontPaths: [
        '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
        '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
        '@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf',
        '@expo-google-fonts/biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf',
      ].map((file) => dirname(fonts.resolve(file))),
    },
  ],
})

process.on('message', async ({ job, task }: ToTypesetter) => {
  let answer: FromTypesetter
  try {
    answer = { job, bytes: await work(task) }
  } catch (fault) {
    answer = { job, fault: fault instanceof Error ? fault.message : String(fault) }
  }
  process.send?.(answer)
})

async function work(task: TypesetTask): Promise<Uint8Array> {
  switch (task.make) {
    case 'pdf':
      return typeset(task.sheet, task.logo)
    // Loaded when they are needed: their modules take half a second, for which a plain PDF need not wait.
    case 'ubl': {
      const { writeXml } = await import('./write-xml.ts')
      return Buffer.from(await writeXml(task.invoice, 'UBL'))
    }
    case 'factur_x': {
      const { writeXml } = await import('./write-xml.ts')
      const { embedFacturX } = await import('./embed-factur-x.ts')
      const xml = await writeXml(task.invoice, 'CII')
      return embedFacturX(typeset(task.sheet, task.logo), xml, task.issuedOn)
    }
  }
}

function typeset(sheet: Sheet, logo: Uint8Array | null): Uint8Array {
  const logoPath = join(FOLDER, `logo.${sheet.logo}`)
  if (logo) compiler.mapShadow(logoPath, Buffer.from(logo))
  try {
    let text = JSON.stringify(sheet)
    for (;;) {
      try {
        return compile(text)
      } catch (fault) {
        const missing = lettersWithoutFont(String((fault as Error).message), text)
        if (missing.size === 0) throw fault
        text = [...text].map((letter) => (missing.has(letter) ? BOX : letter)).join('')
      }
    }
  } finally {
    if (logo) compiler.unmapShadow(logoPath)
    compiler.evictCache(KEPT_AGE)
  }
}

function compile(sheet: string): Buffer {
  const result = compiler.compile({ mainFilePath: MAIN, inputs: { sheet } })
  const faults = result.takeError()
  if (faults) throw new Error(JSON.stringify(compiler.fetchDiagnostics(faults)))
  return compiler.pdf(result.result!, { pdfStandard: 'a-3a' })
}

/** What the typesetter says of letters: PDF/A-3a error: the text `"한"` could not be displayed with font `"Inter"`. */
function lettersWithoutFont(message: string, text: string): Set<string> {
  const letters = [...message.matchAll(/the text `\\*"(.+?)\\*"`/gsu)].flatMap(([, found]) => [...found!])
  return new Set(letters.filter((letter) => letter !== BOX && letter > '\u007f' && text.includes(letter)))
}
