/** How the tests are run: one Postgres, one inference child and one browser serve the whole run, so files take turns. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'web/dist/**', 'data/**'],
    globalSetup: ['database/test-cluster.ts'],
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
