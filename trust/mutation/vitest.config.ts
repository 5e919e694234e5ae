/**
 * How `npm run mutation` runs the tests of billing/: without the one that builds the rules for a world of their own, which has none
 * of what a mutant reports with.
 */
export default {
  test: { include: ['billing/*.test.ts'], exclude: ['billing/purity.test.ts'] },
}
