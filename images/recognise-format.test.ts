import { expect, test } from 'vitest'
import { recogniseFormat } from './recognise-format.ts'

const brand = (major: string, ...compatible: string[]) => {
  const text = `ftyp${major}\0\0\0\0${compatible.join('')}`
  const head = Buffer.alloc(4)
  head.writeUInt32BE(text.length + 4)
  return Buffer.concat([head, Buffer.from(text, 'latin1')])
}

const table: { about: string; bytes: Buffer; expected: string }[] = [
  { about: 'JPEG', bytes: Buffer.from('ffd8ffe000104a464946', 'hex'), expected: 'jpeg' },
  { about: 'PNG', bytes: Buffer.from('89504e470d0a1a0a0000', 'hex'), expected: 'png' },
  { about: 'WebP', bytes: Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), expected: 'webp' },
  {
    about: 'a sound in the same wrapper',
    bytes: Buffer.from('RIFF\0\0\0\0WAVEfmt ', 'latin1'),
    expected: 'no picture',
  },
  { about: 'GIF', bytes: Buffer.from('GIF89a', 'latin1'), expected: 'gif' },
  { about: 'TIFF, either order', bytes: Buffer.from('4d4d002a00000008', 'hex'), expected: 'tiff' },
  {
    about: 'Canon raw, which begins like TIFF',
    bytes: Buffer.from('49492a00100000004352', 'hex'),
    expected: 'raw photo',
  },
  { about: 'AVIF', bytes: brand('avif', 'mif1', 'miaf'), expected: 'avif' },
  { about: 'AVIF that calls itself a still image first', bytes: brand('mif1', 'avif'), expected: 'avif' },
  { about: 'HEIC', bytes: brand('heic', 'mif1'), expected: 'HEIC' },
  { about: 'HEIC behind a general brand', bytes: brand('mif1', 'heic'), expected: 'HEIC' },
  { about: 'a video', bytes: brand('isom', 'mp41'), expected: 'video' },
  { about: 'SVG', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), expected: 'SVG' },
  {
    about: 'SVG behind a byte order mark',
    bytes: Buffer.from('\uFEFF<?xml version="1.0"?><svg/>'),
    expected: 'SVG',
  },
  { about: 'HTML', bytes: Buffer.from('<!DOCTYPE html><html>'), expected: 'web page' },
  { about: 'PDF', bytes: Buffer.from('%PDF-1.7'), expected: 'PDF' },
  { about: 'Photoshop', bytes: Buffer.from('8BPS\0\u0001'), expected: 'Photoshop' },
  { about: 'ZIP', bytes: Buffer.from('504b030414000000', 'hex'), expected: 'ZIP' },
  { about: 'BMP', bytes: Buffer.from('BM6\0'), expected: 'BMP' },
  { about: 'nothing', bytes: Buffer.alloc(0), expected: 'empty' },
  { about: 'one byte', bytes: Buffer.from([0xff]), expected: 'no picture' },
  { about: 'zeros', bytes: Buffer.alloc(64), expected: 'no picture' },
]

test.each(table)('$about → $expected', ({ bytes, expected }) => {
  const result = recogniseFormat(bytes)
  if (result.ok) expect(result.format).toBe(expected)
  else {
    expect(result.message).toContain(expected)
    expect(result.message).toContain('Send it as JPEG')
  }
})
