import { GoLink, useRead } from '@renxin/client'
import { Column, houseWords, Loaded, Row, Stack, Table } from '@renxin/ui'
import { type ContactPerson, peopleApi, type Relation, type Relative, reachApi } from '../contract.ts'
import { words } from '../words.ts'
import { sexAndAge, Warnings } from './PatientCard.tsx'

type Tied = ContactPerson & { relation: Relation }
const t = words.reach

/** Who else is reached by the telephones of a patient, and who answers for whom. */
export function Household({ patientId = '' }: { patientId?: string }) {
  const household = useRead(reachApi.household, { patientId })
  const people = useRead(peopleApi.peopleOfPatient, { patientId })
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
          {people.data && people.data.rows.length > 0 && (
            <Table of={people.data.rows} label={words.people.title} plain>
              <Column name={words.people.title} show={(p: Tied) => p.name} />
              <Column name={t.tieTitle} show={(p: Tied) => [words.people.kind[p.kind], words.relation[p.relation]].join(' · ')} />
              <Column name={words.people.organisation} show={(p: Tied) => p.organisation ?? houseWords.none} />
              <Column name={words.phone} show={(p: Tied) => p.masked ?? houseWords.none} />
            </Table>
          )}
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
