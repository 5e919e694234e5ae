/** The cards of the local Stripe: Stripe's published test numbers, and what each does. */

export type LocalCard = {
  brand: string
  /** How storing it in the card form ends, where it doesn't succeed. */
  atSetup?: Decline
  /** How charging it ends, where it doesn't succeed. */
  atCharge?: Decline
  /** When the bank wants the cardholder to confirm: at storing it alone, or at each payment. */
  confirms?: 'at_setup' | 'always'
}

export type Decline = { code: string; decline_code?: string; message: string }

const declined = (decline_code: string, message = 'Your card was declined.'): Decline => ({
  code: 'card_declined',
  decline_code,
  message,
})

export const LOCAL_CARDS: Readonly<Record<string, LocalCard>> = {
  '4242424242424242': { brand: 'visa' },
  '5555555555554444': { brand: 'mastercard' },
  // Refused already when it is stored.
  '4000000000000002': { brand: 'visa', atSetup: declined('generic_decline') },
  // Stored, and declined at each charge.
  '4000000000000341': { brand: 'visa', atCharge: declined('generic_decline') },
  '4000000000009995': {
    brand: 'visa',
    atCharge: declined('insufficient_funds', 'Your card has insufficient funds.'),
  },
  '4000000000009987': { brand: 'visa', atCharge: declined('lost_card') },
  '4000000000000069': {
    brand: 'visa',
    atCharge: { code: 'expired_card', message: 'Your card has expired.' },
  },
  '4000000000000119': {
    brand: 'visa',
    atCharge: {
      code: 'processing_error',
      message: 'An error occurred while processing your card. Try again in a little bit.',
    },
  },
  '4000002500003155': { brand: 'visa', confirms: 'at_setup' },
  '4000002760003184': { brand: 'visa', confirms: 'always' },
}
