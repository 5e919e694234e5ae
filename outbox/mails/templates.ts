/** Every mail that is sent, by name. A name is stored with each mail, so it stays. */
import { actionRequired, invoice, paymentFailed, planChange } from './billing-mails.tsx'
import type { MailTemplate } from './mail-template.ts'
import { invitation, passwordReset, signIn } from './people-mails.tsx'
import { alert, endpointDisabled, hotFolderStopped, pause, receipt, weeklySummary } from './work-mails.tsx'

export const mailTemplates = {
  sign_in: signIn,
  password_reset: passwordReset,
  invitation,
  receipt,
  invoice,
  payment_failed: paymentFailed,
  action_required: actionRequired,
  plan_change: planChange,
  alert,
  pause,
  hot_folder_stopped: hotFolderStopped,
  endpoint_disabled: endpointDisabled,
  weekly_summary: weeklySummary,
}

export type MailName = keyof typeof mailTemplates

export type MailFacts<Name extends MailName> =
  (typeof mailTemplates)[Name] extends MailTemplate<infer Facts> ? Facts : never
