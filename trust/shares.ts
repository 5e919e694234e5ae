/**
 * What a process of spread.ts can be asked for, by name. What is given and what is answered is plain data.
 */
import { PATCHES } from '../simulation/planted/patches.ts'
import { type Planted, plant } from '../simulation/planted/plant.ts'
import { type Simulated, simulate } from '../simulation/simulate.ts'
import { type CheckedPeriods, checkPeriods } from './periods.ts'

export type Shares = typeof shares

export const shares = {
  months: (given: { first: number; seeds: number }): Simulated => simulate(given),
  planted: ({ index, accountMonths }: { index: number; accountMonths: number }): Promise<Planted> =>
    plant(PATCHES[index]!, accountMonths),
  periods: (given: { zones: string[]; monthsEach: number }): CheckedPeriods => checkPeriods(given),
}
