/** Resident memory of processes, as the kernel counts it. Where there is no /proc nothing can be said. */
import { readdirSync, readFileSync } from 'node:fs'

/** `VmRSS` is what a process holds now, `VmHWM` the most it ever held. Undefined when it is gone. */
export function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM'): number | undefined {
  const status = readQuietly(`/proc/${pid}/status`)
  const kilobytes = new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** Children of a process that run this script. */
export function childrenRunning(pid: number, script: string): number[] {
  const found: number[] = []
  for (const thread of listQuietly(`/proc/${pid}/task`)) {
    for (const child of readQuietly(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean)) {
      if (readQuietly(`/proc/${child}/cmdline`).includes(script)) found.push(Number(child))
    }
  }
  return found
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function listQuietly(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
