import { useMe } from '@renxin/client'
import { Page } from '@renxin/ui'
import { words } from '../../words.ts'
import { Clients } from './Clients.tsx'
import { HookHosts } from './HookHosts.tsx'
import { Hooks } from './Hooks.tsx'

/** Who speaks FHIR with the hospital: systems that sign for themselves, what they want to be told, and where that may go. */
export function FhirPage() {
  const { may } = useMe()
  return (
    <Page title={words.fhir.title}>
      {may('access.keys') && <Clients />}
      {may('integration.manage') && (
        <>
          <Hooks />
          <HookHosts />
        </>
      )}
    </Page>
  )
}
