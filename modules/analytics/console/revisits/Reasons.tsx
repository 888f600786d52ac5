import { useRead } from '@renxin/client'
import { Columns, Empty, Figure, formatCount, Loaded, Panel, Stack } from '@renxin/ui'
import { BarChart } from '@renxin/ui/charts'
import { type RevisitKind, type RevisitReasons, revisitsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.revisits
type Asked = { kind: RevisitKind; from?: string; to?: string; departmentId?: string }
type Props = { asked: Asked; onOpen: (reason: string) => void }

/** Why those who did not come did not: how far they were asked, and what they said. */
export function Reasons({ asked, onOpen }: Props) {
  const reasons = useRead(revisitsApi.revisitReasons, asked, { keep: true })
  return (
    <Panel title={t.reasons.title} note={t.reasons.note}>
      <Loaded of={reasons}>{(found) => <Found of={found} onOpen={onOpen} />}</Loaded>
    </Panel>
  )
}

function Found({ of, onOpen }: { of: RevisitReasons; onOpen: Props['onOpen'] }) {
  return (
    <Stack gap={12}>
      <Columns sizes="repeat(3, minmax(0, 1fr))" gap={8}>
        <Figure label={t.reasons.asked} value={formatCount(of.asked)} note={`${t.vanished} ${formatCount(of.vanished)}`} />
        <Figure label={t.reasons.open} value={formatCount(of.open)} note={`${t.reasons.unreached} ${formatCount(of.unreached)}`} />
        <Figure
          label={t.reasons.withoutTask}
          value={formatCount(of.withoutTask)}
          note={`${t.reasons.stopped} ${formatCount(of.stopped)}`}
        />
      </Columns>
      {of.reasons.length === 0 ? (
        <Empty>{t.reasons.none}</Empty>
      ) : (
        <BarChart
          title={t.reasons.byReason}
          horizontal
          height={Math.max(90, 28 * of.reasons.length + 24)}
          labels={of.reasons.map((r) => r.text ?? r.reason)}
          series={[{ name: words.count, values: of.reasons.map((r) => r.visits) }]}
          onOpen={(at) => onOpen(of.reasons[at]?.reason ?? '')}
        />
      )}
    </Stack>
  )
}
