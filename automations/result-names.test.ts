import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine, resultName, uniqueNames } from './result-names.ts'

function check(rows: [name: string, format: string, expected: string][]) {
  for (const [name, format, expected] of rows) expect(resultName(name, format)).toBe(expected)
}

test('a result is named as its photo, with its own ending', () =>
  check([
    ['photo.png', 'jpeg', 'photo.jpg'],
    ['IMG_2041.HEIC', 'webp', 'IMG_2041.webp'],
    ['no ending', 'png', 'no ending.png'],
    ['v1.2 final.jpeg', 'avif', 'v1.2 final.avif'],
    ['スニーカー.jpg', 'jpeg', 'スニーカー.jpg'],
  ]))

test('a name is harmless on every file system', () =>
  check([
    ['../../etc/passwd', 'jpeg', '_.._etc_passwd.jpg'],
    ['C:\\temp\\a.jpg', 'jpeg', 'C__temp_a.jpg'],
    ['con.jpg', 'jpeg', 'image_con.jpg'],
    ['.hidden', 'jpeg', 'hidden.jpg'],
    ['.....', 'jpeg', 'image.jpg'],
    ['', 'jpeg', 'image.jpg'],
    ['a\u0000b\nc.jpg', 'jpeg', 'a_b_c.jpg'],
    ['trailing. .jpg', 'jpeg', 'trailing.jpg'],
  ]))

test('names in an archive are unique, also where case or composition is all that differs', () => {
  const unique = uniqueNames()
  expect(['a.jpg', 'a.jpg', 'A.jpg', 'a (2).jpg', 'b.jpg', '\u00e9.jpg', 'e\u0301.jpg'].map(unique)).toEqual([
    'a.jpg',
    'a (2).jpg',
    'A (3).jpg',
    'a (2) (2).jpg',
    'b.jpg',
    '\u00e9.jpg',
    'e\u0301 (2).jpg',
  ])
})

test('whatever photos are called, their results have different, plain names', () => {
  const letters = fc.constantFrom('a', 'A', '/', '\\', '.', ' ', '(', '2', ')', '\u0000', '😀', '\ud800', 'é')
  fc.assert(
    fc.property(
      fc.array(
        fc.array(letters, { maxLength: 6 }).map((l) => l.join('')),
        { maxLength: 30 },
      ),
      (names) => {
        const unique = uniqueNames()
        const results = names.map((name) => unique(resultName(name, 'jpeg')))
        expect(new Set(results.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(names.length)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there.
        for (const name of results) expect(name).not.toMatch(/[/\\\u0000]|^\./)
      },
    ),
  )
})

test('a spreadsheet takes no cell for a formula', () => {
  expect(csvLine(['=1+1', '@x', 'say "hi"', '-2', 'plain'])).toBe(
    `"'=1+1","'@x","say ""hi""","'-2","plain"\r\n`,
  )
})
