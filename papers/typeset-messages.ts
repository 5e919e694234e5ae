/** What typesetter.ts and its child say to each other. */
import type { Sheet } from './sheet.ts'

export type ToTypesetter = { job: number; sheet: Sheet; logo: Uint8Array | null }

export type FromTypesetter = { job: number; pdf: Uint8Array } | { job: number; fault: string }
