/** Every handler of the API, room by room. The type says that none is missing. */
import { handlers as account } from './account-routes.ts'
import { handlers as alert } from './alert-routes.ts'
import { handlers as archive } from './archive-routes.ts'
import { handlers as automation } from './automation-routes.ts'
import { handlers as billing } from './billing-routes.ts'
import { handlers as creditNote } from './credit-note-routes.ts'
import { handlers as dunning } from './dunning-routes.ts'
import { handlers as exports } from './export-routes.ts'
import { handlers as grant } from './grant-routes.ts'
import type { Handlers } from './handlers.ts'
import { handlers as health } from './health-routes.ts'
import { handlers as hotFolder } from './hot-folder-routes.ts'
import { handlers as image } from './image-routes.ts'
import { handlers as invoice } from './invoice-routes.ts'
import { handlers as journal } from './journal-routes.ts'
import { handlers as mail } from './mail-routes.ts'
import { handlers as operatorAccount } from './operator-account-routes.ts'
import { handlers as operator } from './operator-routes.ts'
import { handlers as paper } from './paper-routes.ts'
import { handlers as payment } from './payment-routes.ts'
import { handlers as plan } from './plan-routes.ts'
import { handlers as preset } from './preset-routes.ts'
import { handlers as preview } from './preview-routes.ts'
import { handlers as rehearsal } from './rehearsal-routes.ts'
import { handlers as run } from './run-routes.ts'
import { handlers as signIn } from './sign-in-routes.ts'
import { handlers as usage } from './usage-routes.ts'
import { handlers as verify } from './verify-routes.ts'
import { handlers as webhook } from './webhook-routes.ts'

export const handlers: Handlers = {
  ...account,
  ...alert,
  ...archive,
  ...automation,
  ...billing,
  ...creditNote,
  ...exports,
  ...dunning,
  ...grant,
  ...health,
  ...hotFolder,
  ...image,
  ...invoice,
  ...journal,
  ...mail,
  ...operator,
  ...operatorAccount,
  ...paper,
  ...payment,
  ...plan,
  ...preset,
  ...rehearsal,
  ...preview,
  ...run,
  ...signIn,
  ...usage,
  ...verify,
  ...webhook,
}
