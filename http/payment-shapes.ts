/** Payments on the wire: what the provider tells, and what waits for its payer. */
import { z } from 'zod'

/** What Stripe wants to hear; it tells an event again until it does. */
export const eventReceived = z.object({ received: z.literal(true) }).meta({ id: 'EventReceived' })
