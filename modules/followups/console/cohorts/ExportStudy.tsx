import { ExportAs } from '@renxin/access/console'
import { download, useMe, useReload } from '@renxin/client'
import { Choice } from '@renxin/ui'
import { useState } from 'react'
import { cohortFormats, cohortsApi, exportLayouts } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.cohorts

/** Takes the data of a study away: without identification, unless somebody who may asks for it. */
export function ExportStudy({ id }: { id: string }) {
  const { may } = useMe()
  const reload = useReload()
  const [layout, setLayout] = useState<(typeof exportLayouts)[number]>('wide')
  const [isIdentified, setIdentified] = useState(false)
  return (
    <ExportAs
      label={t.exportNow}
      formats={cohortFormats.map((value) => ({ value, label: t.formats[value], hint: t.formatHints[value] }))}
      onTake={async (how) => {
        const waits = await download(cohortsApi.exportCohort, { id, layout, isIdentified, ...how })
        reload('followups')
        return waits
      }}
      sentence={words.of}
    >
      <Choice
        label={t.layout}
        value={layout}
        onChange={setLayout}
        options={exportLayouts.map((value) => ({ value, label: t.layouts[value] }))}
      />
      {may('access.exportPlain') && (
        <Choice
          label={t.identity}
          hint={t.identityHint}
          value={isIdentified}
          onChange={setIdentified}
          options={[
            { value: false, label: t.identities.without },
            { value: true, label: t.identities.with },
          ]}
        />
      )}
    </ExportAs>
  )
}
