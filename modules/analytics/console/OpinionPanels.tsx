import { Change, Choice, Column, Columns, Empty, Figure, formatCount, Panel, Stack, Table } from '@renxin/ui'
import { BarChart } from '@renxin/ui/charts'
import { useState } from 'react'
import type { Dashboard } from '../contract.ts'
import { words } from '../words.ts'
import type { Look } from './Behind.tsx'

type Opinions = Dashboard['opinions']
type OfDepartment = Opinions['departments'][number]

/** What patients said: how often, about what, and to whom it belongs. */
export function OpinionPanels({ opinions, look }: { opinions: Opinions; look: Look }) {
  const [kind, setKind] = useState<Opinions['kinds'][number]['kind']>('complaint')
  const categories = opinions.categories.filter((c) => c.kind === kind).slice(0, 8)
  return (
    <Panel title={words.opinions}>
      <Stack gap={12}>
        <Columns sizes="repeat(3, minmax(0, 1fr))" gap={8}>
          {opinions.kinds
            .filter((k) => k.kind !== 'remark' || k.n > 0)
            .map((k) => (
              <Figure
                key={k.kind}
                label={words.opinionKind[k.kind]}
                value={formatCount(k.n)}
                change={
                  <Change by={k.n - k.before} isShare={false} digits={0} {...(k.kind === 'complaint' && { moreIs: 'worse' as const })} />
                }
                onOpen={() => look('opinions', { part: k.kind })}
              />
            ))}
        </Columns>
        <Choice
          label={words.kind}
          hideLabel
          value={kind}
          onChange={setKind}
          options={opinions.kinds
            .filter((k) => k.kind !== 'remark' || k.n > 0)
            .map((k) => ({ value: k.kind, label: words.opinionKind[k.kind] }))}
        />
        {categories.length === 0 ? (
          <Empty>{words.noRows}</Empty>
        ) : (
          <BarChart
            title={words.byCategory}
            horizontal
            height={Math.max(90, 28 * categories.length + 24)}
            labels={categories.map((c) => c.category ?? words.unknownCategory)}
            series={[{ name: words.opinionKind[kind], values: categories.map((c) => c.n) }]}
            onOpen={(at) => look('opinions', { part: kind, category: categories[at]?.categoryId ?? unknown })}
          />
        )}
        <Table
          of={opinions.departments}
          label={words.byDepartment}
          rowKey={(d) => d.departmentId ?? unknown}
          empty={words.noRows}
          maxHeight={240}
        >
          <Column name={words.department} show={(d: OfDepartment) => d.departmentName ?? words.unknownUnit} />
          <Column name={words.opinionKind.complaint} align="end" show={(d: OfDepartment) => d.complaint} width={64} />
          <Column name={words.opinionKind.suggestion} align="end" show={(d: OfDepartment) => d.suggestion} width={64} />
          <Column name={words.opinionKind.praise} align="end" show={(d: OfDepartment) => d.praise} width={64} />
        </Table>
      </Stack>
    </Panel>
  )
}

const unknown = '00000000-0000-0000-0000-000000000000'
