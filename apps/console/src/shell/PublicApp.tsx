import { ConsolesContext, makeQueries, matchPath, PatternContext, usePlace } from '@renxin/client'
import { houseWords, Mark, UiProvider, useLanguage } from '@renxin/ui'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { consoles } from '../modules.ts'
import { NotFoundPage } from './fallback-pages.tsx'
import { PageFrame } from './PageFrame.tsx'
import './shell.css'

/** Pages that need no sign-in: the one on which a hospital is founded. */
export function PublicApp() {
  useLanguage()
  const [queries] = useState(makeQueries)
  const { path } = usePlace()
  const page = consoles.flatMap((c) => c.pages).find((p) => p.may === 'anyone' && matchPath(p.path, path))
  return (
    <UiProvider>
      <QueryClientProvider client={queries}>
        <ConsolesContext value={consoles}>
          <main className="public">
            <div className="public-brand">
              <Mark size={36} />
              {houseWords.product}
            </div>
            {page ? (
              <PatternContext value={page.path}>
                <PageFrame page={page} />
              </PatternContext>
            ) : (
              <NotFoundPage />
            )}
          </main>
        </ConsolesContext>
      </QueryClientProvider>
    </UiProvider>
  )
}
