import type { PageSpec } from '@renxin/client'
import { CheckField, Dialog, houseWords, namedKeys, setKeySettings, useKeySettings } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { KeyList } from './KeyList.tsx'

/** What the page is for, and its keys. */
export function HelpDialog({ page, onClose }: { page: PageSpec | undefined; onClose: () => void }) {
  const [keys] = useState(namedKeys) // as they were when it opened: the dialog itself silences those beneath
  const { singleKeys } = useKeySettings()
  return (
    <Dialog title={words.helpTitle({ page: page?.title() ?? houseWords.product })} onClose={onClose} size={560}>
      {page?.help && <p className="help-text">{page.help()}</p>}
      {keys.length === 0 ? <p>{words.noKeys}</p> : <KeyList keys={keys} />}
      <CheckField
        label={words.singleKeys}
        hint={words.singleKeysHint}
        value={singleKeys}
        onChange={(on) => setKeySettings({ singleKeys: on })}
      />
      <p className="rx-hint">{words.anywhere}</p>
    </Dialog>
  )
}
