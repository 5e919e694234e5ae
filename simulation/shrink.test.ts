import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inventStory } from './invent-story.ts'
import { readable, shrink } from './shrink.ts'
import { judge } from './simulate.ts'
import type { Story } from './story.ts'

test('a long story is cut down to the commands that matter', () => {
  // Wrong, for this test, is a story in which somebody starts a plan and later uses a crop.
  const isWrong = ({ commands }: Story) => {
    const starts = commands.findIndex((command) => command.do === 'change')
    const uses = commands.findLastIndex(
      (command) => command.do === 'use' && command.uses.some(({ operation }) => operation === 'crop'),
    )
    return starts >= 0 && uses > starts
  }
  const seed = [1, 2, 3, 4, 5, 6, 7, 8].find((one) => isWrong(inventStory(one)))!
  const shortest = shrink(inventStory(seed), isWrong)
  expect(shortest.commands.map((command) => command.do)).toEqual(['change', 'use'])
  expect(readable(shortest).split('\n').length).toBeLessThan(15)
})

test('a story that shows nothing is refused', () => {
  expect(() => shrink(inventStory(1))).toThrow('shows nothing')
})

const folder = join(import.meta.dirname, 'regressions')

test.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s is right by now', (name) => {
  const story = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Story
  expect(judge(story).violation).toBeNull()
})
