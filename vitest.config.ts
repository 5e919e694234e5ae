/**
 * How the tests are run: one Postgres serves the whole run. What works on photos or in a browser takes turns, since the one
 * inference child and Chromium take every core; the rest, which waits for Postgres half of the time, runs two files at once before.
 * Loading the same modules anew for each file was half of the time of most files, so files share them, but for those that leave
 * timers or processes behind when they fail.
 */
import { defineConfig } from 'vitest/config'

// Named in each project: a project that inherited all of this file would start a Postgres of its own.
const patience = { testTimeout: 30_000, hookTimeout: 120_000 }
const excluded = ['**/node_modules/**', 'web/dist/**', 'data/**']
const photoAfterPhoto = 'fair-share|redo-item|runs|several-machines'
/** Those that show photo after photo to the models, or pages to a browser. */
const heavy = [
  `automations/@(${photoAfterPhoto}).test.ts`,
  'images/**/*.test.ts',
  'scenarios/{browser,main-job}.test.ts',
]
/** Those that start queues, servers, or a Postgres of their own and kill it. */
const apart = [
  `automations/!(${photoAfterPhoto}).test.ts`,
  'database/{embedded,migrate}.test.ts',
  'jobs/**/*.test.ts',
  'outbox/**/*.test.ts',
  'scenarios/!(browser|main-job).test.ts',
]
const twoAtOnce = { maxWorkers: 2, sequence: { groupOrder: 0 } }

export default defineConfig({
  test: {
    globalSetup: ['database/test-cluster.ts'],
    projects: [
      {
        test: {
          ...patience,
          ...twoAtOnce,
          name: 'side by side',
          include: ['**/*.test.ts'],
          exclude: [...excluded, ...heavy, ...apart],
          isolate: false,
        },
      },
      {
        test: { ...patience, ...twoAtOnce, name: 'side by side, apart', include: apart, exclude: excluded },
      },
      {
        test: {
          ...patience,
          name: 'one by one',
          include: heavy,
          exclude: excluded,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
