import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ROOT } from './house.ts'

test('nothing is exported, installed or lying about for nobody', async () => {
  const report = await promisify(execFile)(
    process.execPath,
    ['node_modules/knip/bin/knip.js', '--no-progress'],
    {
      cwd: ROOT,
    },
  ).then(
    ({ stdout }) => stdout,
    (fault: { stdout: string; stderr: string }) => fault.stdout + fault.stderr,
  )
  expect(report.trim()).toBe('')
}, 120_000)
