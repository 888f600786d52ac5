import { useList, useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { UnitSelect } from '@renxin/staff/console'
import { surveysApi } from '@renxin/surveys/contract'
import {
  Button,
  Column,
  DateField,
  DateRangeField,
  Drawer,
  Form,
  formatDay,
  notify,
  Page,
  Panel,
  SelectField,
  Stack,
  Table,
  Tag,
  TextArea,
  TextField,
  today,
} from '@renxin/ui'
import { useState } from 'react'
import { contentApi, type Extra, type News } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.content

/** What is asked and told in calls beside their questionnaire. */
export function ContentPage() {
  const { scopeOf } = useMe()
  const isWhole = scopeOf('followups.programmes') === 'hospital'
  const extras = useRead(contentApi.extras, {})
  const news = useRead(contentApi.news, {})
  const [extra, setExtra] = useState<Extra>()
  const [item, setItem] = useState<News>()
  return (
    <Page title={w.title}>
      <Stack>
        <Panel title={w.news} note={w.newsHint} actions={<Button onClick={() => setItem(emptyNews())}>{w.addNews}</Button>} flush>
          <Table of={news} label={w.news} empty={w.noNews} onOpen={(n: News) => setItem(n)}>
            <Column name={w.newsTitle} show={(n: News) => <strong>{n.title}</strong>} />
            <Column name={w.department} show={(n: News) => n.departmentName ?? w.wholeHospital} width={160} />
            <Column name={w.days} show={(n: News) => `${formatDay(n.fromOn)} ~ ${formatDay(n.untilOn)}`} width={220} />
            <Column name={w.state} show={(n: News) => <State fromOn={n.fromOn} untilOn={n.untilOn} />} width={100} />
            <Column name={w.told} show={(n: News) => w.toldTimes({ n: n.told })} align="end" width={90} />
            <Column name={w.writtenBy} show={(n: News) => n.writtenByName} width={130} />
          </Table>
        </Panel>
        <Panel
          title={w.extras}
          note={w.extrasHint}
          actions={isWhole && <Button onClick={() => setExtra(emptyExtra())}>{w.addExtra}</Button>}
          flush
        >
          <Table of={extras} label={w.extras} empty={w.noExtras} {...(isWhole && { onOpen: (e: Extra) => setExtra(e) })}>
            <Column name={w.name} show={(e: Extra) => <strong>{e.name}</strong>} />
            <Column name={w.group} show={(e: Extra) => e.groupName} width={160} />
            <Column name={w.questionnaire} show={(e: Extra) => e.questionnaireTitle} width={220} />
            <Column
              name={w.days}
              show={(e: Extra) => `${formatDay(e.fromOn)} ~ ${e.untilOn ? formatDay(e.untilOn) : w.always}`}
              width={220}
            />
            <Column name={w.state} show={(e: Extra) => <State fromOn={e.fromOn} untilOn={e.untilOn} />} width={100} />
          </Table>
        </Panel>
      </Stack>
      {item && <NewsForm key={item.id} item={item} mayBeWhole={isWhole} onDone={() => setItem(undefined)} />}
      {extra && <ExtraForm key={extra.id} extra={extra} groups={extras.data?.groups ?? []} onDone={() => setExtra(undefined)} />}
    </Page>
  )
}

function State({ fromOn, untilOn }: { fromOn: string; untilOn: string | null }) {
  if (fromOn > today()) return <Tag>{w.states.later}</Tag>
  if (untilOn !== null && untilOn < today()) return <Tag>{w.states.over}</Tag>
  return <Tag tone="success">{w.states.now}</Tag>
}

function NewsForm({ item, mayBeWhole, onDone }: { item: News; mayBeWhole: boolean; onDone: () => void }) {
  const [said, setSaid] = useState({ title: item.title, text: item.text, departmentId: item.departmentId })
  const [days, setDays] = useState<readonly [string, string] | null>(item.fromOn ? [item.fromOn, item.untilOn] : null)
  const save = useWrite(contentApi.saveNews, {
    onSuccess: () => {
      notify(w.saved)
      onDone()
    },
  })
  const asked = contentApi.saveNews.input.safeParse({ id: item.id, body: { ...said, fromOn: days?.[0], untilOn: days?.[1] } })
  return (
    <Drawer title={w.editNews} size={480} onClose={onDone}>
      <Form onSubmit={() => asked.success && save.send(asked.data)} write={save} verb={w.save}>
        <Stack gap={12}>
          <TextField label={w.newsTitle} required maxLength={60} value={said.title} onChange={(title) => setSaid({ ...said, title })} />
          <TextArea
            label={w.text}
            hint={w.textHint}
            required
            rows={4}
            maxLength={500}
            value={said.text}
            onChange={(text) => setSaid({ ...said, text })}
          />
          <UnitSelect
            label={w.department}
            kinds={['department']}
            required={!mayBeWhole}
            {...(mayBeWhole && { placeholder: w.wholeHospital })}
            value={said.departmentId}
            onChange={(departmentId) => setSaid({ ...said, departmentId })}
          />
          <DateRangeField label={w.days} required value={days} onChange={setDays} />
        </Stack>
      </Form>
    </Drawer>
  )
}

type Groups = readonly { id: string; kind: 'tag' | 'segment'; name: string }[]

function ExtraForm({ extra, groups, onDone }: { extra: Extra; groups: Groups; onDone: () => void }) {
  const questionnaires = useList(surveysApi.questionnaires, { status: 'active', limit: 200 })
  const [said, setSaid] = useState({ ...extra })
  const save = useWrite(contentApi.saveExtra, {
    onSuccess: () => {
      notify(w.saved)
      onDone()
    },
  })
  const { name, groupId, questionnaireId, fromOn, untilOn } = said
  const asked = contentApi.saveExtra.input.safeParse({ id: extra.id, body: { name, groupId, questionnaireId, fromOn, untilOn } })
  return (
    <Drawer title={w.editExtra} size={480} onClose={onDone}>
      <Form onSubmit={() => asked.success && save.send(asked.data)} write={save} verb={w.save}>
        <Stack gap={12}>
          <TextField label={w.name} required maxLength={60} value={name} onChange={(text) => setSaid({ ...said, name: text })} />
          <SelectField
            label={w.group}
            required
            value={groupId || null}
            onChange={(id) => setSaid({ ...said, groupId: id ?? '' })}
            options={groups.map((g) => ({ value: g.id, label: `${g.name}（${w.kinds[g.kind]}）` }))}
          />
          <SelectField
            label={w.questionnaire}
            required
            value={questionnaireId || null}
            onChange={(id) => setSaid({ ...said, questionnaireId: id ?? '' })}
            options={questionnaires.rows.map((q) => ({ value: q.id, label: q.title }))}
          />
          <DateField label={w.from} required value={fromOn || null} onChange={(day) => setSaid({ ...said, fromOn: day ?? '' })} />
          <DateField label={w.until} hint={w.untilHint} value={untilOn} onChange={(day) => setSaid({ ...said, untilOn: day })} />
        </Stack>
      </Form>
    </Drawer>
  )
}

const emptyNews = (): News => ({
  id: newId(),
  departmentId: null,
  departmentName: null,
  title: '',
  text: '',
  fromOn: '',
  untilOn: '',
  writtenByName: '',
  writtenAt: '',
  told: 0,
})
const emptyExtra = (): Extra => ({
  id: newId(),
  name: '',
  groupId: '',
  questionnaireId: '',
  fromOn: today(),
  untilOn: null,
  groupName: '',
  questionnaireTitle: '',
})
