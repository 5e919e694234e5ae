/**
 * A process that works on one share after another and answers each to its parent.
 *
 * Started by spread.ts; ends when its parent lets go of it.
 */
import { type Shares, shares } from './shares.ts'

type Asked = { of: keyof Shares; given: never }

process.on('message', ({ of, given }: Asked) => {
  answerTo(of, given).then(
    (answer) => process.send!({ answer }),
    (fault: unknown) => process.send!({ fault: fault instanceof Error ? fault.stack : String(fault) }),
  )
})
process.on('disconnect', () => process.exit())

async function answerTo(of: keyof Shares, given: never): Promise<unknown> {
  return shares[of](given)
}
