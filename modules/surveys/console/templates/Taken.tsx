import { Row, StatusTag, Tag } from '@renxin/ui'
import type { TemplateCard } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.templates

/** What the hospital made of a template. */
export function Taken({ of: { taken, edition } }: { of: TemplateCard }) {
  if (!taken) return <span className="rx-note">{w.notTaken}</span>
  const isOld = taken.edition !== null && taken.edition < edition
  return (
    <Row gap={4}>
      {taken.status === 'disabled' ? (
        <StatusTag tone="plain">{w.disabled}</StatusTag>
      ) : (
        <StatusTag tone="success">{w.inUse({ n: taken.currentNumber ?? 1 })}</StatusTag>
      )}
      {taken.hasDraft && <Tag tone="info">{w.drafting}</Tag>}
      {isOld && <Tag tone="info">{w.newEdition}</Tag>}
    </Row>
  )
}
