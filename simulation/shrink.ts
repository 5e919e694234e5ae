/**
 * Cuts a story that shows a violation down to one that a person can read: whatever can be left out without the violation going
 * away is left out.
 *
 * Called when a seed fails: `tsx simulation/shrink.ts <seed>` prints the shortest story and stores it under regressions/, where
 * a test tells it for ever.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inventStory } from './invent-story.ts'
import { judge } from './simulate.ts'
import type { Story, StoryCommand } from './story.ts'

/** The shortest story found that still shows a violation. Throws when the story shows none. */
export function shrink(story: Story, isWrong = (one: Story) => judge(one).violation !== null): Story {
  if (!isWrong(story)) throw new Error(`${story.name} shows nothing that is wrong`)
  let best = story
  for (let before = Infinity; sizeOf(best) < before; ) {
    before = sizeOf(best)
    best = dropAccounts(best, isWrong)
    best = { ...best, commands: dropMany(best.commands, (commands) => isWrong({ ...best, commands })) }
    best = simplify(best, isWrong)
  }
  return best
}

function sizeOf({ commands, plans }: Story): number {
  const uses = commands.reduce((sum, command) => sum + (command.do === 'use' ? command.uses.length : 1), 0)
  return uses + plans.reduce((sum, { prices }) => sum + prices.length, 0)
}

function dropAccounts(story: Story, isWrong: (one: Story) => boolean): Story {
  for (let account = story.zones.length - 1; account >= 0; account--) {
    const commands = story.commands.flatMap((command): StoryCommand[] => {
      if (command.do === 'publish') return [command]
      if (command.do !== 'use') return command.account === account ? [] : [command]
      const uses = command.uses.filter((use) => use.account !== account)
      return uses.length === 0 ? [] : [{ ...command, uses }]
    })
    if (commands.length < story.commands.length && isWrong({ ...story, commands }))
      return { ...story, commands }
  }
  return story
}

/** Leaves out halves, then quarters, and so on down to single ones (delta debugging). */
function dropMany<Value>(all: readonly Value[], isWrong: (rest: Value[]) => boolean): Value[] {
  let rest = [...all]
  for (let size = Math.ceil(rest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < rest.length; ) {
      const without = [...rest.slice(0, from), ...rest.slice(from + size)]
      if (isWrong(without)) rest = without
      else from += size
    }
  }
  return rest
}

/** Smaller batches, quantities of one, amounts that are round, plans without what is not used. */
function simplify(story: Story, isWrong: (one: Story) => boolean): Story {
  let best = story
  const attempt = (changed: Story) => {
    if (isWrong(changed)) best = changed
  }
  for (const [index, command] of story.commands.entries()) {
    const replace = (simpler: StoryCommand) => {
      attempt({ ...best, commands: best.commands.map((one, place) => (place === index ? simpler : one)) })
    }
    if (command.do === 'use' && command.uses.length > 1) {
      for (const use of command.uses) replace({ ...command, uses: [use] })
    }
    const now = best.commands[index]!
    if (now.do !== 'use' || now.uses.length !== 1) continue
    const [use] = now.uses
    if (use!.quantity !== 1) replace({ ...now, uses: [{ ...use!, quantity: 1 }] })
    if (use!.occurredAt !== null) replace({ ...now, uses: [{ ...use!, occurredAt: null }] })
    if (use!.pinned !== null) replace({ ...now, uses: [{ ...use!, pinned: null }] })
  }
  for (const [index, plan] of best.plans.entries()) {
    for (const price of plan.prices) {
      const prices = best.plans[index]!.prices.filter(({ operation }) => operation !== price.operation)
      attempt({
        ...best,
        plans: best.plans.map((one, place) => (place === index ? { ...one, prices } : one)),
      })
    }
  }
  return best
}

/** A story as a list that can be read aloud. */
export function readable(story: Story): string {
  const plans = story.plans.map(
    ({ name, currency, creditUnit, listPrice, discount, credits, prices }, index) => {
      const list = prices.map(
        ({ operation, unitPrice, overageUnitPrice }) =>
          `${operation} ${unitPrice}/${overageUnitPrice ?? '='}`,
      )
      return `  ${index} ${name}: ${listPrice} − ${discount ?? 0} ${currency}, ${credits} ${creditUnit}; ${list.join(', ')}`
    },
  )
  const commands = story.commands.map((command) => {
    const { at, do: act, ...rest } = command
    const facts =
      'uses' in rest ? rest.uses.map((use) => Object.values(use).join(' ')).join('; ') : JSON.stringify(rest)
    return `  ${new Date(at).toISOString()} ${act} ${facts}`
  })
  return [
    `${story.name}; zones ${story.zones.join(', ')}; minimum ${story.minimum}`,
    ...plans,
    ...commands,
  ].join('\n')
}

if (process.argv[1] === import.meta.filename) {
  const seed = Number(process.argv[2])
  const shortest = shrink(inventStory(seed))
  const { violation } = judge(shortest)
  const path = join(import.meta.dirname, 'regressions', `seed-${seed}.json`)
  writeFileSync(path, `${JSON.stringify(shortest, null, 2)}\n`)
  console.log(`${readable(shortest)}\n${violation?.kind}: ${violation?.text}\nstored as ${path}`)
}
