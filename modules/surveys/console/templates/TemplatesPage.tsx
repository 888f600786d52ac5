import { GoLink, useRead, useUrlState } from '@renxin/client'
import { Column, Page, Panel, SearchBox, SelectField, Stack, Table, Toolbar, useLanguage } from '@renxin/ui'
import { surveysApi, type TemplateCard } from '../../contract.ts'
import { words } from '../../words.ts'
import { Taken } from './Taken.tsx'
import { TemplateDrawer } from './TemplateDrawer.tsx'

const w = words.templates

/** The disease templates that came with the product: look through one, take it, and go on from there as with any questionnaire. */
export function TemplatesPage() {
  const at = useLanguage() === 'en' ? 1 : 0
  const [filters, setFilters] = useUrlState({ specialty: '', text: '', open: '' })
  const templates = useRead(surveysApi.templates, {}, { keep: true })
  const all = templates.data?.rows ?? []
  const asked = filters.text.trim().toLowerCase()
  const rows = all.filter(
    (t) =>
      (filters.specialty === '' || t.specialty === filters.specialty) &&
      `${t.title.join(' ')} ${t.about} ${t.key}`.toLowerCase().includes(asked),
  )
  const specialties = [...new Set(all.map((t) => t.specialty))].map((s) => ({ value: s, label: s }))
  return (
    <Page title={w.title} back={<GoLink to="surveys.questionnaires">{words.builder.back}</GoLink>}>
      <Stack>
        <Toolbar label={w.title}>
          <SearchBox label={w.search} value={filters.text} onChange={(text) => setFilters({ text })} />
          <SelectField
            label={w.specialty}
            placeholder={w.allSpecialties}
            value={filters.specialty || null}
            options={specialties}
            onChange={(specialty) => setFilters({ specialty: specialty ?? '' })}
          />
        </Toolbar>
        <Panel flush>
          <Table
            of={{ ...templates, data: templates.data && rows }}
            label={w.title}
            empty={w.none}
            rowKey={(t: TemplateCard) => t.key}
            opened={filters.open}
            onOpen={(t) => setFilters({ open: t.key })}
          >
            <Column name={w.name} width={240} show={(t: TemplateCard) => t.title[at]} />
            <Column name={w.specialty} width={130} show={(t: TemplateCard) => t.specialty} />
            <Column name={w.contents} width={190} show={(t: TemplateCard) => w.counts({ questions: t.questions, filled: t.filled })} />
            <Column name={w.basis} show={(t: TemplateCard) => t.bases.map((b) => b.title).join('；')} />
            <Column name={w.state} width={190} show={(t: TemplateCard) => <Taken of={t} />} />
          </Table>
        </Panel>
      </Stack>
      {filters.open && <TemplateDrawer key={filters.open} templateKey={filters.open} onClose={() => setFilters({ open: '' })} />}
    </Page>
  )
}
