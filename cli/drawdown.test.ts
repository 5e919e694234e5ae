import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test.each([
  [['usage', 'record', 'smart_crop'], 'Try "drawdown usage record --help".'],
  [['invoice', 'shw'], 'Try "drawdown invoice --help".'],
  [['blance'], 'Try "drawdown --help".'],
])('whoever uses %j wrongly is pointed to its help', async (words, expected) => {
  const { code, err } = await drawdown(words)
  expect(err).toContain(expected)
  expect(code).toBe(2)
})

test.each([
  ['no-such-file.json', /cannot be read: ENOENT/],
  ['package.json', /is no proof of an invoice/],
  ['README.md', /cannot be read: it is no JSON/],
])('an invoice is not verified from %s, which is said in a sentence', async (name, expected) => {
  const { code, err } = await drawdown(['invoice', 'verify', join(import.meta.dirname, name)])
  expect(err).toMatch(expected)
  expect(err.trim().split('\n')).toHaveLength(2)
  expect(code).toBe(1)
})

test('a reader that stops reading, as head does, ends the command without a fault', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'drawdown.mjs'), '--help'])
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(err).toBe('')
  expect(code).toBe(0)
})

function drawdown(words: string[]): Promise<{ code: number | null; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'drawdown.mjs'), ...words],
      (_fault, _out, err) => resolve({ code: child.exitCode, err }),
    )
  })
}
