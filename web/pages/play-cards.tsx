/** The cards of a sandbox, which are play money: one for each thing that a real card may do. */

export const sandboxCards = [
  { token: 'sandbox_card_pays', last4: '4242', name: 'pays', text: 'Every payment succeeds.' },
  {
    token: 'sandbox_card_declines',
    last4: '0002',
    name: 'declines',
    text: 'Every payment is declined. Invoices stay open; work goes on.',
  },
  {
    token: 'sandbox_card_requires_action',
    last4: '3155',
    name: 'asks for confirmation',
    text: 'You confirm each payment at a play bank.',
  },
  {
    token: 'sandbox_card_times_out',
    last4: '0119',
    name: 'times out',
    text: 'The provider does not answer at first, and pays later.',
  },
  {
    token: 'sandbox_card_disputes',
    last4: '0259',
    name: 'disputes',
    text: 'Pays, and its bank takes the payment back within a minute.',
  },
  {
    token: 'sandbox_card_refund_fails',
    last4: '5126',
    name: 'takes no refund',
    text: 'Pays, and takes nothing back.',
  },
] as const

export function PlayCards({ value, onChange }: { value: string; onChange: (token: string) => void }) {
  return (
    <fieldset>
      <legend className="mb-3 text-ink-2">
        This is a sandbox: the cards are play money, and nobody is charged.
      </legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {sandboxCards.map((card) => (
          <label
            key={card.token}
            className="relative grid aspect-[1.8] content-between rounded-panel bg-sunken p-4 transition-colors has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent max-sm:aspect-[2.6]"
          >
            <input
              type="radio"
              name="card"
              value={card.token}
              checked={value === card.token}
              onChange={() => onChange(card.token)}
              aria-label={`${card.last4} … ${card.name}`}
              aria-description={card.text}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <span aria-hidden className="figures subheading">
              •••• {card.last4}
            </span>
            <span aria-hidden>
              <span className="block font-medium">{card.name}</span>
              <span className="block text-fine">{card.text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
