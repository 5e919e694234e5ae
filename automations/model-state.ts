/**
 * Whether the models are here, as runs see it: items wait for them, and a run says what it waits for.
 *
 * Written by the server's composition as the models are fetched; read by claimers, quotes and whoever shows a run.
 */
import type { Models } from '../images/models.ts'

export type ModelState = {
  /** Undefined until they are here and checked. */
  current(): Models | undefined
  /** One sentence for a person while they are not here: "The image models are being fetched: 41 of 88 MB." Null once they are. */
  waitingFor(): string | null
}
