/**
 * Answers that public/first.js asked for before this code had arrived: on a slow line that saves a whole way to the
 * server and back.
 *
 * An answer is taken once. Where there is none (it failed, or was taken), the caller asks as always.
 */

declare global {
  interface Window {
    early?: Record<string, Promise<unknown> | undefined>
  }
}

/** The early answer of this name, or what `ask` gives. */
export async function earlyOr<Answer>(name: string, ask: () => Promise<Answer>): Promise<Answer> {
  const early = window.early?.[name]
  if (window.early) window.early[name] = undefined
  // What the server answers is the same either way: the name stands for one question.
  const answer = (await early) as Answer | undefined
  return answer ?? ask()
}
