import { type Ward, wards } from './departments.ts'
import { drawName } from './names.ts'
import { makeRandom } from './random.ts'

export type Carer = { number: string; name: string }
export type WardTeam = { doctors: Carer[]; nurses: Carer[] }

/** The doctors and nurses of each ward; always the same ones. */
export function drawTeams(): ReadonlyMap<Ward, WardTeam> {
  const random = makeRandom(20_260_101)
  let doctor = 0
  let nurse = 0
  return new Map(
    wards.map((ward) => [
      ward,
      {
        doctors: Array.from({ length: 4 }, () => ({
          number: `D${String(++doctor).padStart(4, '0')}`,
          name: drawName(random, random.chance(0.6) ? 'male' : 'female'),
        })),
        nurses: Array.from({ length: 6 }, () => ({
          number: `N${String(++nurse).padStart(4, '0')}`,
          name: drawName(random, random.chance(0.04) ? 'male' : 'female'),
        })),
      },
    ]),
  )
}
