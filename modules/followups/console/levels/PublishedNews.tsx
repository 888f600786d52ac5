import { GoLink, useMe, useRead } from '@renxin/client'
import { Banner, Column, formatCount, formatMoment, formatPercent, Panel, Table, Tag } from '@renxin/ui'
import { checksApi, type Figure, type PublishedNews } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.checks

const useNews = () => {
  const { may } = useMe()
  return useRead(checksApi.publishedNews, {}, { enabled: may('followups.checks') }).data?.rows ?? []
}

const ResultLink = ({ of: { month } }: { of: PublishedNews }) => (
  <GoLink to="followups.checks" search={{ tab: 'result', month }}>
    {t.look}
  </GoLink>
)

/** On every page of those whose department was judged, until they have looked at it. */
export function ResultNotices() {
  const unseen = useNews().filter((n) => !n.isSeen)
  if (unseen.length === 0) return null
  return (
    <aside aria-label={t.newsTitle}>
      {unseen.map((n) => (
        <Banner key={n.month} actions={<ResultLink of={n} />}>
          {t.news({ month: n.month, n: n.version, name: n.publishedByName })} {n.figures.map(inShort).join('；')}
        </Banner>
      ))}
    </aside>
  )
}

const inShort = ({ level, drawn, checked, truth }: Figure) =>
  t.newsOf({ level: t.levels[level], drawn, checked, share: formatPercent(truth.n === 0 ? null : truth.count / truth.n) })

/** The last results, where it is said how follow-up stands: one's own departments, or the hospital. */
export function LastResults() {
  const rows = useNews().flatMap((news) => news.figures.map((figure) => ({ news, figure })))
  if (rows.length === 0) return null
  type Shown = (typeof rows)[number]
  return (
    <Panel flush title={t.newsTitle}>
      <Table of={rows} label={t.newsTitle} rowKey={(r: Shown) => `${r.news.month} ${r.figure.departmentId} ${r.figure.level}`} plain>
        <Column
          name={t.month}
          show={({ news }: Shown) => (
            <>
              {news.month} {!news.isSeen && <Tag tone="warning">{t.unread}</Tag>}
            </>
          )}
          width={150}
        />
        <Column name={words.department} show={({ figure }: Shown) => figure.departmentName ?? t.hospital} />
        <Column name={t.level} show={({ figure }: Shown) => t.levels[figure.level]} width={130} />
        <Column name={t.counts.drawn} align="end" show={({ figure }: Shown) => formatCount(figure.drawn)} width={80} />
        <Column name={t.counts.checked} align="end" show={({ figure }: Shown) => formatCount(figure.checked)} width={80} />
        <Column name={t.counts.untrue} align="end" show={({ figure }: Shown) => formatCount(figure.untrue)} width={80} />
        <Column
          name={t.truth}
          align="end"
          show={({ figure: { truth } }: Shown) => formatPercent(truth.n === 0 ? null : truth.count / truth.n)}
          width={90}
        />
        <Column name={t.at} show={({ news }: Shown) => formatMoment(news.publishedAt)} width={130} />
        <Column name="" show={({ news }: Shown) => <ResultLink of={news} />} width={90} />
      </Table>
    </Panel>
  )
}
