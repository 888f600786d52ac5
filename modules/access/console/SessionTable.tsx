import { Column, formatMoment, type LoadedLike, StatusTag, Table } from '@renxin/ui'
import type { ReactNode } from 'react'
import type { Session } from '../contract.ts'
import { words } from '../words.ts'
import { deviceName } from './device.ts'

type SessionTableProps = { of: LoadedLike<{ rows: Session[] }>; end?: (session: Session) => ReactNode }

/** Where an account is signed in. */
export function SessionTable({ of, end }: SessionTableProps) {
  return (
    <Table of={of} label={words.sessions} empty={words.noSessions}>
      <Column name={words.device} show={(s: Session) => deviceName(s.agent) || words.unknownDevice} />
      <Column name={words.address} width={140} show={(s: Session) => s.address} />
      <Column name={words.signedInBy} width={160} show={wayOf} />
      <Column name={words.signedInAt} width={140} show={(s: Session) => formatMoment(s.createdAt)} />
      <Column name={words.lastUsed} width={140} show={(s: Session) => formatMoment(s.lastUsedAt)} />
      <Column name={words.state} width={110} show={(s: Session) => <SessionState session={s} />} />
      {end && <Column width={90} show={end} />}
    </Table>
  )
}

/** Here, by password or a signed link, or through which provider of single sign-on. */
function wayOf({ isBySso, ssoIssuer }: Session): string {
  if (!isBySso) return words.signedInHere
  return ssoIssuer ? words.bySso({ host: new URL(ssoIssuer).host }) : words.sso.title
}

function SessionState({ session }: { session: Session }) {
  if (session.isCurrent) return <StatusTag tone="success">{words.thisDevice}</StatusTag>
  return session.isLocked ? <StatusTag>{words.sessionLocked}</StatusTag> : <StatusTag tone="info">{words.signedIn}</StatusTag>
}
