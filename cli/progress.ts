/**
 * A progress bar on standard error, or nothing where nobody looks: with --json, or when it is not a terminal.
 */
import cliProgress from 'cli-progress'

export type Progress = {
  advance(): void
  set(done: number): void
  /** A few words behind the bar. */
  say(words: string): void
  close(): void
}

export function openProgress(what: string, total: number, json: boolean | undefined): Progress {
  if (json || !process.stderr.isTTY) return { advance() {}, set() {}, say() {}, close() {} }
  const bar = new cliProgress.SingleBar({
    format: `${what} {bar} {value}/{total}  {words}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: false,
    fps: 10,
  })
  bar.start(total, 0, { words: '' })
  return {
    advance: () => bar.increment(),
    set: (done) => bar.update(done),
    say: (words) => bar.update({ words }),
    close: () => bar.stop(),
  }
}
