/** The languages in which invoices can be written, by the names that English has for them. */
import type { BillingDetails } from '@drawdown/client'

export const languages: Record<NonNullable<BillingDetails['language']>, string> = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  ja: 'Japanese',
}
