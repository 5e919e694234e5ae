/**
 * Names for results that are saved side by side: that of the photo with the ending of the result, unique whatever the file
 * system, and harmless on every one.
 *
 * Called for ZIP archives and single downloads. Pure.
 */

/** Windows takes these for devices, whatever follows the first point. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/i
const ENDINGS: Readonly<Record<string, string>> = { jpeg: 'jpg' }
const LONGEST_BASE = 120

/** "photo.HEIC" as a JPEG is "photo.jpg". */
export function resultName(imageName: string, format: string): string {
  const base = imageName
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: file systems refuse them.
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, '_')
    .slice(0, LONGEST_BASE)
    .replace(/\p{Surrogate}/gu, '')
    .replace(/^[. ]+|[. ]+$/g, '')
  const safe = base === '' || DEVICES.test(base.split('.')[0]!) ? `image_${base}`.replace(/_$/, '') : base
  return `${safe}.${ENDINGS[format] ?? format}`
}

/** A function that gives each name once: the second "a.jpg" is "a (2).jpg". Names that differ by case alone are the same. */
export function uniqueNames(): (name: string) => string {
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  return (name) => {
    const point = name.lastIndexOf('.')
    const folded = name.normalize('NFC').toLowerCase()
    let unique = name
    for (let n = (counts.get(folded) ?? 0) + 1; ; n++) {
      if (n > 1) unique = `${name.slice(0, point)} (${n})${name.slice(point)}`
      const key = unique.normalize('NFC').toLowerCase()
      if (taken.has(key)) continue
      taken.add(key)
      counts.set(folded, n)
      return unique
    }
  }
}

/** One line of a CSV. A cell that a spreadsheet would run as a formula is made text. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map(
    (cell) => `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`,
  )
  return `${quoted.join(',')}\r\n`
}
