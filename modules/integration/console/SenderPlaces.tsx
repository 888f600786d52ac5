import { Button, Column, Stack, Table, TextField } from '@renxin/ui'
import { type FieldName, type MappingProblem, type Profile, placeGroups, usualPlaces } from '../contract.ts'
import { isOwnName, type OwnName } from '../own-fields-contract.ts'
import { words } from '../words.ts'
import { problemText } from './Explained.tsx'
import { longWord, useOwnFields } from './own-fields.ts'
import { fieldWord } from './phrases.tsx'
import { placeIn, withPlace } from './profile.ts'
import type { Tried } from './SenderTry.tsx'

type Props = {
  profile: Profile
  onChange: (profile: Profile) => void
  tried: Tried | undefined
  problems: readonly MappingProblem[]
}

type Name = FieldName | OwnName
type Group = { title: string; note?: string; names: readonly Name[] }

const standard = Object.entries(placeGroups).map(
  ([group, names]): Group => ({ title: words.placeGroups[group as keyof typeof placeGroups], names }), // the keys of the table
)

/** A line for each thing: where it stands, and what stands there in the message that was tried. */
export function SenderPlaces({ profile, onChange, tried, problems }: Props) {
  const own = useOwnFields()
  const groups =
    own.length > 0 ? [...standard, { title: words.ownFields, note: words.ownFieldsHint, names: own.map((o) => o.name) }] : standard
  const wordOf = (name: Name) => {
    const field = own.find((o) => o.name === name)
    return field ? longWord(field) : fieldWord(name)
  }
  const readOf = new Map(tried?.reads.map((r) => [r.field, r]))
  return (
    <Stack gap={12}>
      <p className="rx-note">{words.mappingHint}</p>
      {groups.map(({ title, note, names }) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          {note && <p className="rx-note">{note}</p>}
          <Table of={names} rowKey={(name) => name} label={title} plain rowTone={(n) => (readOf.has(n) ? 'info' : undefined)}>
            <Column name={words.meaning} show={wordOf} width={96} />
            <Column
              name={words.placeColumn}
              show={(name: Name) => (
                <Place
                  label={wordOf(name)}
                  usual={isOwnName(name) ? words.ownPlace : usualPlaces[name]}
                  said={placeIn(profile, name)}
                  problem={problems.find((p) => p.entry === name)}
                  onChange={(place) => onChange(withPlace(profile, name, place))}
                />
              )}
            />
            <Column name={words.inThisMessage} show={(name: Name) => readOf.get(name)?.value} width={150} cut />
            <Column
              show={(name: Name) => {
                if (isOwnName(name)) return null // left empty it is not read
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
  label: string
  usual: string
  said: string | null | undefined
  problem: MappingProblem | undefined
  onChange: (place: string | undefined) => void
}

function Place({ label, usual, said, problem, onChange }: PlaceProps) {
  if (said === null) return <span className="rx-note">{words.notRead}</span>
  return (
    <TextField
      label={label}
      hideLabel
      value={said ?? ''}
      placeholder={usual}
      maxLength={300}
      onChange={(text) => onChange(text === '' ? undefined : text)}
      error={problem && problemText(problem)}
    />
  )
}
