import { download, useList } from '@renxin/client'
import type { Route } from '@renxin/kernel'
import { Button, Column, ErrorNote, formatCount, formatFull, notify, Page, Panel, Stack, Table } from '@renxin/ui'
import { useState } from 'react'
import { z } from 'zod'
import { exportsApi, type OwnRequest } from '../contract.ts'
import { words } from '../words.ts'
import { filtersOf, RequestDetails, StateTag } from './RequestDetails.tsx'

const t = words.exporting

/** Asks the same question of the same route again; the server finds that it was released. */
function take({ route, path, asked, format, reason }: OwnRequest) {
  const [module = '', name = ''] = route.split('.')
  const again: Route = { module, name, method: 'POST', path, may: 'signedIn', input: z.unknown(), reply: z.unknown() }
  return download(again, { ...asked, format, reason })
}

/** What somebody asked to take and others had to release. */
export function OwnExportsPage() {
  const list = useList(exportsApi.ownExportRequests, {})
  const [opened, setOpened] = useState<OwnRequest>()
  const [taking, setTaking] = useState<string>()
  const [error, setError] = useState<unknown>()
  const get = (request: OwnRequest) => {
    setTaking(request.id)
    setError(undefined)
    take(request)
      .then((waits) => notify(waits ? t.release.changed : t.done), setError)
      .finally(() => setTaking(undefined))
  }
  return (
    <Page title={t.release.own} note={t.release.ownNote}>
      <Stack>
        <ErrorNote error={error} />
        <Panel flush>
          <Table
            of={list}
            label={t.release.own}
            empty={t.release.ownNone}
            memory="access.ownExports"
            rowKey={(r: OwnRequest) => r.id}
            opened={opened?.id}
            onOpen={setOpened}
          >
            <Column name={words.at} width={160} show={(r: OwnRequest) => formatFull(r.at)} />
            <Column name={t.kind} width={130} show={(r: OwnRequest) => r.title} />
            <Column name={t.rows} width={80} align="end" show={(r: OwnRequest) => formatCount(r.rows)} />
            <Column name={words.reason} cut show={(r: OwnRequest) => r.reason} />
            <Column name={t.filters} cut show={filtersOf} />
            <Column name={words.state} width={110} show={(r: OwnRequest) => <StateTag of={r} />} />
            <Column name={t.release.until} width={160} show={(r: OwnRequest) => r.takeUntil && formatFull(r.takeUntil)} />
            <Column
              width={90}
              show={(r: OwnRequest) =>
                r.state === 'released' && (
                  <Button size="small" kind="primary" busy={taking === r.id} onClick={() => get(r)}>
                    {t.release.get}
                  </Button>
                )
              }
            />
          </Table>
        </Panel>
      </Stack>
      {opened && <RequestDetails of={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}
