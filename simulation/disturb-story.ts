/**
 * What happens to commands on their way: they travel together, get lost, and find clocks that were set back.
 *
 * Called by invent-story.ts with the commands in their order.
 */
import type { Chance } from './chance.ts'
import type { Draft, Profile } from './invent-story.ts'
import type { StoryCommand } from './story.ts'

const MINUTE = 60_000

/** Neighbouring uses travel together: of one account, or of several. */
export function joinBatches(drafts: readonly Draft[], { batches }: Profile, chance: Chance): StoryCommand[] {
  const commands: StoryCommand[] = []
  for (const { order: _, ...command } of drafts) {
    const before = commands.at(-1)
    if (batches && command.do === 'use' && before?.do === 'use' && chance.happens(40)) {
      before.uses.push(...command.uses)
      before.at = command.at
      // A key that is repeated within its own batch.
      if (chance.happens(10)) before.uses.push({ ...chance.pick(before.uses) })
    } else commands.push(command)
  }
  return commands
}

/** Whoever gets no answer asks again, at once or after a while. */
export function crash(commands: StoryCommand[], { crashes }: Profile, chance: Chance): StoryCommand[] {
  if (!crashes) return commands
  return commands.flatMap((command) => {
    if (!chance.happens(8)) return [command]
    const lost = chance.pick(['transaction', 'answer'] as const)
    return [
      { ...command, lost },
      { ...command, at: command.at + chance.pick([0, 0, 1, 2000]) },
    ]
  })
}

/** Clocks are set back now and then, by a second or an hour. */
export function stepBack(commands: StoryCommand[], { stepsBack }: Profile, chance: Chance): StoryCommand[] {
  if (!stepsBack) return commands
  return commands.map((command) =>
    chance.happens(5) ? { ...command, at: command.at - chance.pick([1, 1000, 60 * MINUTE]) } : command,
  )
}
