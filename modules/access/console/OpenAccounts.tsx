import { useList, useMe, useRead, useWrite } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import { Button, CheckField, Column, ErrorNote, Panel, SearchBox, Stack, Table, Tag, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { accountsApi, mostOpenedAtOnce, type Opened, type RoleName, rolesApi, rolesNamed, type WithoutAccount } from '../contract.ts'
import { words } from '../words.ts'
import { roleName } from './names.ts'
import { RolesField } from './RolesField.tsx'

const t = words.opening

/** Whoever has no account yet, to be chosen and given one; then the passwords, once. */
export function OpenAccounts({ onDone }: { onDone: () => void }) {
  const mayAssign = useMe().may('access.assign')
  const [search, setSearch] = useState('')
  const [unitId, setUnitId] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [roleIds, setRoleIds] = useState<string[]>([])
  const [isByList, setByList] = useState(true)
  const roles = useRead(rolesApi.roles, {}).data?.rows.filter((r) => !r.isRetired) ?? []
  const people = useList(accountsApi.withoutAccount, { search, ...(unitId && { unitId }) }, { keep: true })
  const [opened, setOpened] = useState<readonly Opened[]>()
  const open = useWrite(accountsApi.openAccounts, { onSuccess: ({ rows }) => setOpened(rows) })
  if (opened) return <Passwords rows={opened} onDone={onDone} />
  const named = people.rows.filter((p) => chosen.has(p.id) && p.wantedRole !== null)
  const rolesOf = Object.fromEntries(named.map((p) => [p.id, wantedRoles(p, roles)]))
  const isGiving = mayAssign && isByList && named.length > 0
  const tooMany = chosen.size > mostOpenedAtOnce
  return (
    <Stack>
      <p className="rx-note">{t.note}</p>
      {mayAssign && <RolesField value={roleIds} onChange={setRoleIds} />}
      {mayAssign && people.rows.some((p) => p.wantedRole !== null) && (
        <CheckField label={t.byList} hint={t.byListHint} value={isByList} onChange={setByList} />
      )}
      <Toolbar label={t.open}>
        <SearchBox label={t.search} value={search} onChange={setSearch} />
        <UnitSelect label={t.unit} hideLabel value={unitId} onChange={setUnitId} />
      </Toolbar>
      <ErrorNote error={open.error} text={words.of(open.error)} />
      <Panel flush>
        <Table
          of={people}
          label={t.open}
          empty={t.none}
          selection={{
            chosen,
            onChange: setChosen,
            actions: (
              <Button
                kind="primary"
                busy={open.isSending}
                disabled={tooMany}
                title={tooMany ? t.most({ n: mostOpenedAtOnce }) : ''}
                onClick={() => open.send({ personIds: [...chosen], roleIds, ...(isGiving && { rolesOf }) })}
              >
                {tooMany ? t.most({ n: mostOpenedAtOnce }) : t.openMany({ n: chosen.size })}
              </Button>
            ),
          }}
        >
          <Column name={t.person} width={100} show={(p: WithoutAccount) => p.name} />
          <Column name={t.number} width={100} show={(p: WithoutAccount) => p.number} />
          <Column name={t.title} width={110} show={(p: WithoutAccount) => p.title} />
          {people.rows.some((p) => p.wantedRole !== null) && (
            <Column
              name={t.wantedRole}
              width={130}
              show={(p: WithoutAccount) =>
                p.wantedRole === null || roles.length === 0 || wantedRoles(p, roles).length > 0 ? (
                  p.wantedRole
                ) : (
                  <Tag tone="warning">{t.noSuchRole({ role: p.wantedRole })}</Tag>
                )
              }
            />
          )}
          <Column name={t.units} cut show={(p: WithoutAccount) => p.units.join('、')} />
        </Table>
      </Panel>
    </Stack>
  )
}

/** `随访护士、质控`: the roles that the list names, as far as the hospital has roles of these names. */
const wantedRoles = ({ wantedRole }: WithoutAccount, roles: readonly RoleName[]): string[] => {
  const names = rolesNamed(wantedRole ?? '')
  return roles.filter((r) => names.includes(roleName(r)) || names.includes(r.key)).map((r) => r.id)
}

function Passwords({ rows, onDone }: { rows: readonly Opened[]; onDone: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const made = rows.filter((r) => r.password !== null)
  const copy = () =>
    void navigator.clipboard
      ?.writeText(made.map((r) => [r.displayName, r.name, r.password].join('\t')).join('\n'))
      .then(() => setCopied(true))
  return (
    <Stack>
      <p>
        <strong>{t.done({ n: made.length })}</strong> {t.shownOnce}
      </p>
      <Toolbar label={t.result}>
        <Button onClick={copy}>{isCopied ? t.copied : t.copy}</Button>
        <Button kind="primary" onClick={onDone}>
          {t.close}
        </Button>
      </Toolbar>
      <Panel flush>
        <Table of={rows} label={t.result} rowKey={(r: Opened) => r.personId} plain>
          <Column name={t.person} width={110} show={(r: Opened) => r.displayName} />
          <Column name={words.name} width={120} show={(r: Opened) => r.name} />
          <Column
            name={t.password}
            show={(r: Opened) => (r.because ? <Tag tone="warning">{t.because[r.because]}</Tag> : <code>{r.password}</code>)}
          />
        </Table>
      </Panel>
    </Stack>
  )
}
