/** What typesetter.ts and its child say to each other. */
import type { EInvoice } from './e-invoice.ts'
import type { Sheet } from './sheet.ts'

export type TypesetTask =
  | { make: 'pdf'; sheet: Sheet; logo: Uint8Array | null }
  | { make: 'ubl'; invoice: EInvoice }
  /** The same paper, with the e-invoice in it. */
  | { make: 'factur_x'; sheet: Sheet; logo: Uint8Array | null; invoice: EInvoice; issuedOn: string }

export type ToTypesetter = { job: number; task: TypesetTask }

export type FromTypesetter = { job: number; bytes: Uint8Array } | { job: number; fault: string }
