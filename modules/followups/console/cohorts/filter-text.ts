import { houseWords } from '@renxin/ui'
import type { CohortFilter } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.cohorts

/** A filter as one reads it: nothing is said of what it does not ask. */
export function filterText(filter: CohortFilter, departmentNames: readonly string[]): string {
  const { from, to, classes, diagnoses, diagnosesIn, operations, ageFrom, ageTo, sex, withoutDispositions } = filter
  const said = [
    `${t.period} ${from} – ${to}`,
    classes.map((c) => words.class[c]).join('、'),
    departmentNames.join('、'),
    diagnoses.length > 0 && `${t.diagnosesPlaces[diagnosesIn]} ${diagnoses.join(', ')}`,
    operations.length > 0 && `${t.operation} ${operations.join(', ')}`,
    (ageFrom !== null || ageTo !== null) && `${t.age} ${ageFrom ?? ''}–${ageTo ?? ''}`,
    sex !== null && houseWords.sex[sex],
    withoutDispositions.length > 0 && `${words.withoutDispositions} ${withoutDispositions.map((d) => words.disposition[d]).join('、')}`,
  ]
  return said.filter(Boolean).join('；')
}
