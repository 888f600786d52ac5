import { Button, Column, Stack, Table, TextField } from '@renxin/ui'
import { type FieldName, type MappingProblem, type Profile, placeGroups, usualPlaces } from '../contract.ts'
import { words } from '../words.ts'
import { problemText } from './Explained.tsx'
import { fieldWord } from './phrases.tsx'
import { placeIn, withPlace } from './profile.ts'
import type { Tried } from './SenderTry.tsx'

type Props = {
  profile: Profile
  onChange: (profile: Profile) => void
  tried: Tried | undefined
  problems: readonly MappingProblem[]
}

const groups = Object.entries(placeGroups) as [keyof typeof placeGroups, readonly FieldName[]][] // keys and values of the table above

/** A line for each thing: where it stands, and what stands there in the message that was tried. */
export function SenderPlaces({ profile, onChange, tried, problems }: Props) {
  const readOf = new Map(tried?.reads.map((r) => [r.field, r]))
  return (
    <Stack gap={12}>
      <p className="rx-note">{words.mappingHint}</p>
      {groups.map(([group, names]) => (
        <section key={group} aria-label={words.placeGroups[group]}>
          <h2>{words.placeGroups[group]}</h2>
          <Table
            of={names}
            rowKey={(name) => name}
            label={words.placeGroups[group]}
            plain
            rowTone={(n) => (readOf.has(n) ? 'info' : undefined)}
          >
            <Column name={words.meaning} show={(name: FieldName) => fieldWord(name)} width={96} />
            <Column
              name={words.placeColumn}
              show={(name: FieldName) => (
                <Place
                  name={name}
                  said={placeIn(profile, name)}
                  problem={problems.find((p) => p.entry === name)}
                  onChange={(place) => onChange(withPlace(profile, name, place))}
                />
              )}
            />
            <Column name={words.inThisMessage} show={(name: FieldName) => readOf.get(name)?.value} width={150} cut />
            <Column
              show={(name: FieldName) => {
                const isUnread = placeIn(profile, name) === null
                const verb = isUnread ? words.asUsual : words.doNotRead
                return (
                  <Button
                    size="small"
                    kind="quiet"
                    label={`${verb} ${fieldWord(name)}`}
                    onClick={() => onChange(withPlace(profile, name, isUnread ? undefined : null))}
                  >
                    {verb}
                  </Button>
                )
              }}
              width={84}
            />
          </Table>
        </section>
      ))}
    </Stack>
  )
}

type PlaceProps = {
  name: FieldName
  said: string | null | undefined
  problem: MappingProblem | undefined
  onChange: (place: string | undefined) => void
}

function Place({ name, said, problem, onChange }: PlaceProps) {
  if (said === null) return <span className="rx-note">{words.notRead}</span>
  return (
    <TextField
      label={fieldWord(name)}
      hideLabel
      value={said ?? ''}
      placeholder={usualPlaces[name]}
      maxLength={300}
      onChange={(text) => onChange(text === '' ? undefined : text)}
      error={problem && problemText(problem)}
    />
  )
}
