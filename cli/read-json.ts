/** A JSON document that the user names: by its file, or "-" for what comes in. */
import { readFileSync } from 'node:fs'
import { CommandRefused } from './refusal.ts'

/** Throws in words where there is no such file, or it is no JSON; `expected` says what it should hold. */
export function readJson(file: string, expected: string): unknown {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new CommandRefused(`There is no file "${file}".`, 'Check the path.')
    throw new CommandRefused(`"${file}" cannot be read.`, message)
  }
  try {
    return JSON.parse(text)
  } catch (fault) {
    throw new CommandRefused(`"${file}" is not JSON: ${(fault as Error).message}`, expected)
  }
}
