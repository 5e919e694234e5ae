/** Reads what we want to know of a picture's EXIF block: who made it, whose it is, what it says of itself, and whether it says where. Tolerates anything: what it cannot read is absent. */

export type ExifFacts = { artist?: string; copyright?: string; description?: string; hasLocation: boolean }

const tags = { description: 0x010e, artist: 0x013b, copyright: 0x8298, location: 0x8825 }

export function readExif(block: Buffer): ExifFacts {
  const facts: ExifFacts = { hasLocation: false }
  const start = block.toString('latin1', 0, 4) === 'Exif' ? 6 : 0
  const little = block.toString('latin1', start, start + 2) === 'II'
  const within = (at: number, length: number) => at >= 0 && at + length <= block.length
  const short = (at: number) =>
    within(at, 2) ? (little ? block.readUInt16LE(at) : block.readUInt16BE(at)) : 0
  const long = (at: number) =>
    within(at, 4) ? (little ? block.readUInt32LE(at) : block.readUInt32BE(at)) : 0
  const directory = start + long(start + 4)
  const entries = Math.min(200, short(directory))
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12
    const tag = short(entry)
    if (tag === tags.location) facts.hasLocation = true
    if (tag !== tags.artist && tag !== tags.copyright && tag !== tags.description) continue
    const length = Math.min(500, long(entry + 4))
    const at = length <= 4 ? entry + 8 : start + long(entry + 8)
    if (!within(at, length)) continue
    const text = block
      .toString('utf8', at, at + length)
      .replace(/\0[\s\S]*$/, '')
      .trim()
    if (text === '') continue
    if (tag === tags.artist) facts.artist = text
    else if (tag === tags.copyright) facts.copyright = text
    else facts.description = text
  }
  return facts
}
