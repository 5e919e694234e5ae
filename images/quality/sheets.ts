/** Sheets to look at: rows of pictures side by side, transparency on a checkerboard, with a line of words under each row. Called by quality.ts. */
import { join } from 'node:path'
import sharp from 'sharp'
import { onCheckerboard } from '../checkerboard.ts'

export type SheetRow = { words: string; files: (string | undefined)[] }

const cell = 280
const words = 22
const columns = 5
const rowsASheet = 6

/** Writes `sheet-1.png` and so on. */
export async function drawSheets(rows: SheetRow[], folder: string): Promise<void> {
  for (let first = 0, number = 1; first < rows.length; first += rowsASheet, number++) {
    const shown = rows.slice(first, first + rowsASheet)
    const tiles: { input: Buffer; left: number; top: number }[] = []
    for (const [row, { files, words: text }] of shown.entries()) {
      const top = row * (cell + words)
      for (const [column, file] of files.entries())
        if (file !== undefined) tiles.push({ input: await tile(file), left: column * cell, top })
      tiles.push({ input: await line(text), left: 4, top: top + cell })
    }
    const size = { width: cell * columns, height: shown.length * (cell + words) }
    await sharp({ create: { ...size, channels: 3, background: '#333333' } })
      .composite(tiles)
      .png({ palette: true })
      .toFile(join(folder, `sheet-${number}.png`))
  }
}

async function tile(file: string): Promise<Buffer> {
  const side = cell - 4
  const small = await sharp(file)
    .autoOrient()
    .resize(side, side, { fit: 'inside' })
    .ensureAlpha()
    .png()
    .toBuffer()
  return onCheckerboard(small, [90, 150])
}

function line(text: string): Promise<Buffer> {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return sharp({ text: { text: `<span foreground="white">${escaped}</span>`, rgba: true, dpi: 84 } })
    .png()
    .toBuffer()
}
