/** Where the inference child of a data folder listens. The path is the same for every process that names the same folder. */
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** A unix socket's path has 107 bytes on Linux and 103 on macOS; the child also binds under this path and a suffix of up to 16. */
const longestPath = 86

/** Made private to this user. Throws when somebody else owns the place in the shared temporary folder. */
export function inferenceSocket(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const real = realpathSync(folder)
  const direct = join(real, 'inference.sock')
  if (Buffer.byteLength(direct) <= longestPath) return direct
  const name = createHash('sha256').update(real).digest('hex').slice(0, 16)
  const place = join(tmpdir(), `drawdown-${userInfo().uid}-${name}`)
  mkdirSync(place, { recursive: true, mode: 0o700 })
  const found = lstatSync(place)
  if (!found.isDirectory() || found.uid !== userInfo().uid)
    throw new Error(`${place} belongs to somebody else`)
  chmodSync(place, 0o700)
  return join(place, 'inference.sock')
}
