/**
 * Processes by their parents, to be killed without warning.
 *
 * Called by the checks that kill. Invariant: nothing is ended but what the caller's own processes have started, by its number.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** The children of a process that still live, each with its command line. */
export function childrenOf(parent: number): { pid: number; command: string }[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return numbers.flatMap((name) => {
    try {
      // The name of a program stands in brackets and may hold anything; state and parent follow it.
      const [state, ppid] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      if (Number(ppid) !== parent || state === 'Z') return []
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return [{ pid: Number(name), command }]
    } catch {
      // It has ended in between.
      return []
    }
  })
}

/** SIGKILL, which nobody can catch. A process that is gone is gone. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault
  }
}
