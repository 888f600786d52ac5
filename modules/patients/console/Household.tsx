import { GoLink, useRead } from '@renxin/client'
import { Column, Loaded, Row, Stack, Table } from '@renxin/ui'
import { type Relative, reachApi } from '../contract.ts'
import { words } from '../words.ts'
import { sexAndAge, Warnings } from './PatientCard.tsx'

const t = words.reach

/** Who else is reached by the telephones of a patient, and who answers for whom. */
export function Household({ patientId = '' }: { patientId?: string }) {
  const household = useRead(reachApi.household, { patientId })
  return (
    <Loaded of={household}>
      {({ rows, more }) => (
        <Stack>
          <Table of={rows} label={t.household} empty={t.householdEmpty} plain>
            <Column
              name={t.person}
              show={({ person }: Relative) => (
                <Row gap={8}>
                  <GoLink to="patients.file" params={{ id: person.id }}>
                    {person.name || words.unnamed}
                  </GoLink>
                  <span>{sexAndAge(person)}</span>
                  <Warnings card={person} />
                </Row>
              )}
            />
            <Column name={t.tieTitle} show={tieText} />
            <Column name={words.phone} show={(r: Relative) => r.masked} />
          </Table>
          {more && <span className="rx-note">{t.householdMore}</span>}
        </Stack>
      )}
    </Loaded>
  )
}

function tieText({ tie, relation }: Relative): string {
  const word = relation ? words.relation[relation] : t.relativeWord
  return tie === 'answersForThis' || tie === 'thisAnswersFor' ? t.tie[tie]({ relation: word }) : t.tie[tie]
}
